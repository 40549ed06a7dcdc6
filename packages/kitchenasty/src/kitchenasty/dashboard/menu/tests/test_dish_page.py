"""The page of a dish: everything about it is typed, kept, refused or pictured there."""

from __future__ import annotations

import html
import io
import re
from dataclasses import replace
from typing import Any

import httpx
import pytest
from PIL import Image

from kitchenasty import checkout, locations, menu
from kitchenasty.checkout.tests.builders import draft_of
from kitchenasty.dashboard.tests.builders import OWN, add_staff, sign_in
from kitchenasty.kit.books import Books
from kitchenasty.kit.principals import Role
from kitchenasty.locations.tests.builders import add_house
from kitchenasty.menu.tests.builders import SIZE, add_category, add_dish

Client = httpx.AsyncClient


async def entry_of(books: Books, dish_id: str) -> menu.DishDraft:
    async with books.reading() as look:
        return await menu.load_entry(look, dish_id)


async def form_on(client: Client, dish_id: str) -> dict[str, Any]:
    """The fields of the dish's form as the page gives them out, none of them ticked."""
    page = (await client.get(f"/admin/menu/dishes/{dish_id}")).text
    [seen] = re.findall(r'name="seen" value="([^"]*)"', page)
    texts = re.findall(
        r'<input class="input" id="field-\w+" name="(\w+)"[^>]* value="([^"]*)"', page
    )
    form: dict[str, Any] = {name: html.unescape(value) for name, value in texts if name != "image"}
    picked = re.findall(r'name="(\w+)"[^>]*>\s*(?:<option[^>]*>[^<]*</option>\s*)*', page)
    assert "category" in picked
    return form | {"seen": html.unescape(seen)}


async def save(client: Client, dish_id: str, **form: Any) -> httpx.Response:
    return await client.post(f"/admin/menu/dishes/{dish_id}", data=form, headers=OWN)


async def test_a_dish_is_written_down_with_all_that_belongs_to_it(
    manager: Client, books: Books, house: locations.House
) -> None:
    async with books.writing() as uow:
        await menu.add_allergens(uow)
        category_id = await add_category(uow)
        noon = await menu.add_mealtime(
            uow, menu.MealtimeDraft(name="Noon", starts=660, ends=840, days=(1,))
        )
    empty = await manager.get(f"/admin/menu/dishes/new?category={category_id}")
    assert f'<option value="{category_id}" selected>' in empty.text
    made = await save(
        manager, "new", name="Crème brûlée", price="7,50", category=category_id, active="on",
        description="Under\nglass.", declared="on", allergens=["milk", "eggs"], stock="6",
        marks=["vegetarian"], moreMarks="house special,", workMinutes="4", taxCategory="standard",
        deposit="0.25", orderType="PICKUP", house=house.id, mealtimes=[noon],
        partName=["Cream", "", "Sugar"], partTax=["standard", "", "sweets"],
        partPrice=["6", "", "2.5"],
    )  # fmt: skip
    assert made.status_code == 303, made.text
    dish_id = made.headers["location"].split("/")[-1].split("?")[0]
    assert await entry_of(books, dish_id) == menu.DishDraft(
        name="Crème brûlée", slug="creme-brulee", price_minor=750, category_id=category_id,
        description="Under\nglass.", allergens=("eggs", "milk"), stock=6, house_id=house.id,
        marks=("vegetarian", "house special"), work_minutes=4, deposit_minor=25,
        order_type="PICKUP", mealtime_ids=(noon,),
        components=(
            menu.Component("Cream", "standard", 600), menu.Component("Sugar", "sweets", 250),
        ),
    )  # fmt: skip
    shown = (await manager.get(made.headers["location"])).text
    assert "The dish is saved." in shown
    assert 'value="7.50"' in shown


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("price", "free", "a price like 10"),
        ("name", "", "fill this in"),
        ("category", "", "choose a category"),
        ("taxCategory", "../etc", "small letters"),
        ("stock", "-1", "a whole number"),
        ("workMinutes", "601", "a whole number"),
        ("deposit", "-1", "between 0 and"),
        ("allergens", "beans", "Unknown allergen"),
        ("orderType", "CATAPULT", "DELIVERY, PICKUP"),
        ("partName", "Air", "has a name, a tax category"),
        ("name", "x" * 121, "too long"),
    ],
)
async def test_what_does_not_fit_is_refused_and_what_was_typed_stays(
    manager: Client, books: Books, field: str, typed: str, sentence: str
) -> None:
    async with books.writing() as uow:
        category_id = await add_category(uow)
        await menu.add_allergens(uow)
    fits = {"name": "Soup", "price": "3", "category": category_id, "declared": "on"}
    refused = await save(manager, "new", **{**fits, "moreMarks": "typed before", field: typed})
    assert refused.status_code in (400, 404), refused.text
    assert sentence in refused.text
    if len(typed) <= 120:
        assert 'value="typed before"' in refused.text
    async with books.reading() as look:
        assert not (await menu.list_branches(look))[0].dishes


async def test_two_who_change_one_dish_lose_nothing_unseen(manager: Client, books: Books) -> None:
    async with books.writing() as uow:
        dish_id = await add_dish(uow)
    known = await entry_of(books, dish_id)
    form = await form_on(manager, dish_id) | {"category": known.category_id, "active": "on"}
    form |= {"declared": "on"}
    assert (await save(manager, dish_id, **form, description="Hot.")).status_code == 303
    # The other page was opened before that: its price is its own, the description stays.
    assert (await save(manager, dish_id, **{**form, "price": "14"})).status_code == 303
    assert await entry_of(books, dish_id) == replace(known, description="Hot.", price_minor=1_400)
    late = await save(manager, dish_id, **{**form, "price": "15", "name": "Broth"})
    assert late.status_code == 409
    assert "Somebody has changed this dish meanwhile." in late.text
    assert 'value="15"' in late.text
    assert (await entry_of(books, dish_id)).price_minor == 1_400
    # Who saves again has seen their price, and turns nothing else back.
    [seen] = re.findall(r'name="seen" value="([^"]*)"', late.text)
    again = {**form, "seen": html.unescape(seen), "price": "15", "name": "Broth"}
    assert (await save(manager, dish_id, **again)).status_code == 303
    wanted = replace(known, name="Broth", description="Hot.", price_minor=1_500)
    assert await entry_of(books, dish_id) == wanted


async def test_a_copy_has_everything_and_waits_off_the_menu(manager: Client, books: Books) -> None:
    async with books.writing() as uow:
        dish_id = await add_dish(uow, options=(SIZE,), allergens=("milk",), marks=("vegan",))
    made = await manager.post(f"/admin/menu/dishes/{dish_id}/duplicate", headers=OWN)
    copy_id = made.headers["location"].split("/")[-1]
    entry, copy = await entry_of(books, dish_id), await entry_of(books, copy_id)
    assert (copy.name, copy.slug, copy.is_active) == ("Soup (copy)", "soup-copy", False)
    assert [group.name for group in copy.options] == ["Size"]
    same = replace(entry, name=copy.name, slug=copy.slug, is_active=False, options=copy.options)
    assert copy == same


async def test_an_ordered_dish_is_switched_off_and_not_deleted(
    client: Client, books: Books, house: locations.House
) -> None:
    await add_staff(books, "o@bistro.example", role=Role.SUPER_ADMIN)
    await sign_in(client, "o@bistro.example")
    async with books.writing() as uow:
        ordered, idle = await add_dish(uow), await add_dish(uow)
        line = checkout.CartLine(dish_id=ordered, quantity=1)
        await checkout.place_order(uow, draft_of(house.id, line))
    refused = await client.post(f"/admin/menu/dishes/{ordered}/delete", headers=OWN)
    assert refused.status_code == 409
    assert "it stays in the books" in refused.text
    gone = await client.post(f"/admin/menu/dishes/{idle}/delete", headers=OWN)
    assert gone.status_code == 303
    assert (await client.get(f"/admin/menu/dishes/{idle}")).status_code == 404


async def test_a_picture_is_kept_or_refused_with_its_reason(manager: Client, books: Books) -> None:
    async with books.writing() as uow:
        dish_id = await add_dish(uow)
    drawn = io.BytesIO()
    Image.new("RGB", (30, 20), "olive").save(drawn, "PNG")
    path = f"/admin/menu/dishes/{dish_id}/picture"

    async def upload(content: bytes, **headers: str) -> httpx.Response:
        files = {"image": ("soup.png", content, "image/png")}
        return await manager.post(path, files=files, headers=OWN | headers)

    kept = await upload(drawn.getvalue(), accept="application/json")
    image = (await entry_of(books, dish_id)).image
    assert kept.json() == {"image": image}
    assert (await upload(drawn.getvalue())).status_code == 303
    told = await upload(b"<svg onload=alert(1)>", accept="application/json")
    assert (told.status_code, "no JPEG, PNG or WebP" in told.json()["error"]) == (400, True)
    page = await upload(b"<svg onload=alert(1)>")
    assert "no JPEG, PNG or WebP" in page.text
    assert "choose a picture" in (await manager.post(path, headers=OWN)).text
    assert (await entry_of(books, dish_id)).image == image
    assert (await manager.post(f"{path}/remove", headers=OWN)).status_code == 303
    assert (await entry_of(books, dish_id)).image is None


async def test_the_house_sees_a_dish_before_its_guests_do(
    manager: Client, books: Books, house: locations.House
) -> None:
    async with books.writing() as uow:
        dish_id = await add_dish(uow, name="Secret stew", options=(SIZE,), is_active=False)
    shown = await manager.get(f"/preview/{dish_id}")
    assert "guests do not see this dish yet" in shown.text
    assert "Secret stew" in shown.text
    assert "Large" in shown.text
    slug = (await entry_of(books, dish_id)).slug
    assert (await manager.get(f"/at/{house.slug}/dish/{slug}")).status_code == 404


async def test_the_dish_of_another_house_is_not_there(
    client: Client, books: Books, house: locations.House
) -> None:
    async with books.writing() as uow:
        elsewhere = await add_house(uow)
        theirs = await add_dish(uow, house_id=elsewhere.id)
        shared = await add_dish(uow)
    await add_staff(books, "one@bistro.example", role=Role.MANAGER, houses=(house.id,))
    await sign_in(client, "one@bistro.example")
    path = f"/admin/menu/dishes/{theirs}"
    for method, where in (
        ("GET", path), ("POST", path), ("POST", f"{path}/duplicate"), ("POST", f"{path}/picture"),
        ("POST", f"{path}/picture/remove"), ("GET", f"/preview/{theirs}"),
    ):  # fmt: skip
        assert (await client.request(method, where, headers=OWN)).status_code == 404, where
    known = await entry_of(books, shared)
    form = await form_on(client, shared) | {"category": known.category_id, "active": "on"}
    refused = await save(client, shared, **{**form, "declared": "on", "price": "99"})
    assert refused.status_code == 403
    assert await entry_of(books, shared) == known
