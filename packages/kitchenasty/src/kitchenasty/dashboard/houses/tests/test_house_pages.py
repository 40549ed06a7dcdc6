"""Houses in the office: opened, changed, switched off, deleted, or refused with what was typed."""

from __future__ import annotations

import io
import re

import httpx
import pytest
from PIL import Image

from kitchenasty import locations, settings
from kitchenasty.dashboard.houses.house_form import slug_of
from kitchenasty.dashboard.tests.builders import OWN
from kitchenasty.kit.books import Books
from kitchenasty.locations.tests.builders import add_house
from kitchenasty.menu.tests.builders import add_dish
from kitchenasty.orders.tests.builders import record

QUAY = {
    "name": "Café am Kai", "slug": "", "email": "", "address": "Kai 1", "postalCode": "10115",
    "city": "Berlin", "country": "DE", "place": "52.5310, 13.3847", "zone": "Europe/Berlin",
    "currency": "", "pickup": "on", "delivery": "on", "pickupMinutes": "20",
    "deliveryMinutes": "45", "leastDelivery": "12,50", "cancelUntil": "PENDING",
}  # fmt: skip


async def house_at(books: Books, slug: str) -> locations.House | None:
    async with books.reading() as look:
        return await locations.find_house_by_slug(look, slug)


async def test_an_owner_opens_a_house_without_an_email_and_is_led_to_its_hours(
    owner: httpx.AsyncClient, books: Books
) -> None:
    assert "There is no house yet" in (await owner.get("/admin/houses")).text
    assert (await owner.get("/admin/houses/new")).status_code == 200
    made = await owner.post("/admin/houses/new", data=QUAY, headers=OWN)
    assert made.status_code == 303, made.text
    house = await house_at(books, "cafe-am-kai")
    assert house is not None
    assert made.headers["location"].startswith(f"/admin/houses/{house.id}/hours")
    assert (house.email, house.currency, house.zone) == (None, "EUR", "Europe/Berlin")
    assert (house.latitude, house.longitude) == (52.531, 13.3847)
    assert (house.min_delivery_minor, house.pickup_lead_minutes) == (1_250, 20)
    assert house.guest_may_cancel_until == "PENDING"
    listed = (await owner.get("/admin/houses")).text
    assert "no opening hours yet" in listed
    form = (await owner.get(f"/admin/houses/{house.id}")).text
    assert 'value="52.531, 13.3847"' in form
    assert 'value="12.50"' in form


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("name", "", "Please fill in the name"),
        ("slug", "Mill Lane", "small letters, digits and single hyphens"),
        ("email", "nobody", "not an e-mail address"),
        ("country", "", "two capital letters"),
        ("zone", "Mars/Base", "no time zone"),
        ("zone", "", "no time zone"),
        ("currency", "EURO", "currency"),
        ("place", "52.5", "two numbers"),
        ("place", "95, 13", "two numbers"),
        ("pickupMinutes", "soon", "a whole number"),
        ("pickupMinutes", "1441", "at most a day"),
        ("leastDelivery", "much", "a number like 10"),
        ("kitchenMinutes", "0", "minutes of work"),
        ("cancelUntil", "NEVER", "how long guests may cancel"),
    ],
)
async def test_what_does_not_fit_is_refused_and_what_was_typed_stays(
    owner: httpx.AsyncClient, books: Books, field: str, typed: str, sentence: str
) -> None:
    answer = await owner.post(
        "/admin/houses/new", data={**QUAY, "phone": "030 77", field: typed}, headers=OWN
    )
    assert answer.status_code == 400, answer.text
    assert sentence in answer.text
    if field != "currency":  # too long to be read at all, so there is no form to show again
        assert 'value="030 77"' in answer.text
    async with books.reading() as look:
        assert await locations.list_houses(look, only_active=False) == []


async def test_a_name_that_links_have_already_is_refused_with_the_form(
    owner: httpx.AsyncClient, house: locations.House
) -> None:
    form = {**QUAY, "slug": house.slug, "phone": "030 77"}
    answer = await owner.post("/admin/houses/new", data=form, headers=OWN)
    assert answer.status_code == 409
    assert house.slug in answer.text
    assert 'value="030 77"' in answer.text


async def test_a_manager_changes_the_own_house_and_no_other(
    manager: httpx.AsyncClient, books: Books, house: locations.House, elsewhere: locations.House
) -> None:
    listed = (await manager.get("/admin/houses")).text
    assert house.name in listed
    assert elsewhere.name not in listed
    assert "/admin/houses/new" not in listed
    saved = await manager.post(f"/admin/houses/{house.id}", data=QUAY, headers=OWN)
    assert saved.status_code == 303, saved.text
    changed = await house_at(books, house.slug)
    assert changed is not None
    assert (changed.name, changed.slug) == ("Café am Kai", house.slug)
    for path in ("", "/hours", "/busy"):
        there = f"/admin/houses/{elsewhere.id}{path}"
        assert (await manager.get(there)).status_code in (403, 404)
        assert (await manager.post(there, data=QUAY, headers=OWN)).status_code in (400, 403, 404)
    for path in ("picture", "switch", "dates", "dates/remove"):
        there = f"/admin/houses/{elsewhere.id}/{path}"
        form = {"remove": "yes", "first": "2030-12-24"}
        assert (await manager.post(there, data=form, headers=OWN)).status_code in (403, 404), path
    assert (await manager.get("/admin/houses/new")).status_code == 403
    assert (await manager.post("/admin/houses/new", data=QUAY, headers=OWN)).status_code == 403
    remove = f"/admin/houses/{house.id}/remove"
    assert (await manager.post(remove, headers=OWN)).status_code == 403
    assert await house_at(books, elsewhere.slug) == elsewhere


async def test_a_house_that_is_switched_off_is_gone_from_the_storefront_and_comes_back(
    manager: httpx.AsyncClient, house: locations.House
) -> None:
    switch = f"/admin/houses/{house.id}/switch"
    off = await manager.post(switch, data={}, headers=OWN)
    assert "Undo" in (await manager.get(off.headers["location"])).text
    assert (await manager.get(f"/at/{house.slug}")).status_code == 404
    await manager.post(switch, data={"isActive": "on"}, headers=OWN)
    assert (await manager.get(f"/at/{house.slug}")).status_code == 200


async def test_a_house_with_orders_is_not_deleted_and_one_without_is(
    owner: httpx.AsyncClient, books: Books, house: locations.House
) -> None:
    async with books.writing() as uow:
        await record(uow, house, await add_dish(uow))
        empty = await add_house(uow, name="Never opened")
    refused = await owner.post(f"/admin/houses/{house.id}/remove", headers=OWN)
    assert refused.status_code == 409
    assert "Switch it off instead" in refused.text
    gone = await owner.post(f"/admin/houses/{empty.id}/remove", headers=OWN)
    assert gone.status_code == 303
    assert await house_at(books, empty.slug) is None
    assert await house_at(books, house.slug) is not None


async def test_a_house_with_orders_keeps_its_currency(
    owner: httpx.AsyncClient, books: Books, house: locations.House
) -> None:
    async with books.writing() as uow:
        await record(uow, house, await add_dish(uow))
    form = {**QUAY, "currency": "JPY", "leastDelivery": ""}
    refused = await owner.post(f"/admin/houses/{house.id}", data=form, headers=OWN)
    assert refused.status_code == 409
    assert "keeps its currency" in refused.text


async def test_a_picture_is_kept_and_taken_away(
    manager: httpx.AsyncClient, books: Books, house: locations.House
) -> None:
    path = f"/admin/houses/{house.id}/picture"
    drawn = io.BytesIO()
    Image.new("RGB", (320, 180), "teal").save(drawn, "PNG")
    files = {"image": ("house.png", drawn.getvalue(), "image/png")}
    assert (await manager.post(path, files=files, headers=OWN)).status_code == 303
    shown = await house_at(books, house.slug)
    assert shown is not None
    assert shown.image is not None
    assert (await manager.get(shown.image)).headers["content-type"] == "image/webp"
    for content in (b"", b"<svg onload=alert(1)>"):
        files = {"image": ("house.png", content, "image/png")}
        assert (await manager.post(path, files=files, headers=OWN)).status_code == 400
    await manager.post(path, data={"remove": "yes"}, headers=OWN)
    bare = await house_at(books, house.slug)
    assert bare is not None
    assert bare.image is None


@pytest.mark.parametrize(
    ("name", "slug"),
    [("Mill Lane", "mill-lane"), ("Café Müller & Söhne", "cafe-muller-sohne"), ("寿司", "")],
)
def test_a_name_becomes_what_a_link_can_say(name: str, slug: str) -> None:
    assert slug_of(name) == slug


async def test_a_new_house_begins_as_the_owner_set_it(
    owner: httpx.AsyncClient, books: Books
) -> None:
    begins: dict[str, settings.Value] = {
        "minOrderDelivery": "17.5", "deliveryLeadTime": 55, "pickupLeadTime": 25, "taxRate": "7",
    }  # fmt: skip
    async with books.writing() as uow:
        await settings.change(uow, locations.ORDER, begins)
    form = (await owner.get("/admin/houses/new")).text
    for text in ("17.50", "55", "25"):
        assert f'value="{text}"' in form
    assert (await owner.post("/admin/houses/new", data=QUAY, headers=OWN)).status_code == 303
    house = await house_at(books, "cafe-am-kai")
    assert house is not None
    assert (house.tax_basis_points, house.pickup_lead_minutes) == (700, 20)


async def test_a_new_house_shares_its_clock_with_the_first_unless_the_owner_said_another(
    owner: httpx.AsyncClient, books: Books
) -> None:
    def chosen(page: str) -> list[str]:
        return re.findall(r'<option value="([A-Za-z/]+)" selected', page)

    assert "UTC" not in chosen((await owner.get("/admin/houses/new")).text)
    await owner.post("/admin/houses/new", data=QUAY, headers=OWN)
    assert "Europe/Berlin" in chosen((await owner.get("/admin/houses/new")).text)
    async with books.writing() as uow:
        said: dict[str, settings.Value] = {"timezone": "Asia/Tokyo", "defaultCurrency": "JPY"}
        await settings.change(uow, settings.GENERAL, said)
    page = (await owner.get("/admin/houses/new")).text
    assert "Asia/Tokyo" in chosen(page)
    assert 'value="JPY"' in page
