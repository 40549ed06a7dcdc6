"""What Today says before the first order, and how busy the kitchens are."""

from __future__ import annotations

import httpx

from kitchenasty import locations, menu, payments, settings
from kitchenasty.dashboard.tests.builders import OWN
from kitchenasty.kit.books import Books
from kitchenasty.locations import IntervalDraft
from kitchenasty.locations.tests.builders import add_house
from kitchenasty.menu.tests.builders import add_dish

TITLE = "Before the first order"


def open_steps(text: str) -> list[str]:
    """Where the steps lead that are still to be done."""
    listed = text.partition(TITLE)[2].partition("</ol>")[0]
    return [part.partition('"')[0] for part in listed.split('<a href="')[1:]]


async def test_the_list_follows_what_is_there_and_goes_away(
    owner: httpx.AsyncClient, books: Books
) -> None:
    assert open_steps((await owner.get("/admin")).text) == [
        "/admin/houses/new", "/admin/houses", "/admin/first-dish",
    ]  # fmt: skip
    async with books.writing() as uow:
        house = await add_house(uow, hours=())
    hours = f"/admin/houses/{house.id}/hours"
    assert open_steps((await owner.get("/admin")).text) == [hours, "/admin/first-dish"]
    async with books.writing() as uow:
        await locations.set_week(uow, house.id, [IntervalDraft(1, "11:00", "14:00")])
        await add_dish(uow)
    assert TITLE not in (await owner.get("/admin")).text
    async with books.writing() as uow:
        await settings.change(uow, payments.PAYMENT, {"cashEnabled": False})
    assert open_steps((await owner.get("/admin")).text) == ["/admin/payments"]


async def test_who_cannot_do_the_steps_is_not_told_of_them(
    manager: httpx.AsyncClient, house: locations.House
) -> None:
    shown = (await manager.get("/admin")).text
    assert TITLE not in shown
    assert house.name in shown, "and how busy it is"


async def test_today_has_the_switch_of_each_kitchen_and_the_way_back(
    manager: httpx.AsyncClient, house: locations.House, elsewhere: locations.House
) -> None:
    form = {"mode": "PAUSED", "lasts": "30", "next": "/admin"}
    tapped = await manager.post(f"/admin/houses/{house.id}/busy", data=form, headers=OWN)
    shown = (await manager.get(tapped.headers["location"])).text
    assert "No orders right now" in shown
    assert "Undo" in shown
    assert "As usual again" in shown
    assert elsewhere.name not in shown


async def test_the_first_dish_brings_its_part_of_the_menu_along(
    owner: httpx.AsyncClient, books: Books
) -> None:
    form = {"category": "Soups", "name": "寿司", "price": "4,50", "description": "Hot"}
    early = await owner.post("/admin/first-dish", data=form, headers=OWN)
    assert early.status_code == 409, "a price needs the currency of a house"
    async with books.writing() as uow:
        house = await add_house(uow)
    assert (await owner.get("/admin/first-dish")).status_code == 200
    for wrong in ({"price": "much"}, {"name": ""}, {"category": ""}):
        answer = await owner.post("/admin/first-dish", data={**form, **wrong}, headers=OWN)
        assert answer.status_code == 400, wrong
        assert "Hot" in answer.text
    assert (await owner.post("/admin/first-dish", data=form, headers=OWN)).status_code == 303
    guests = (await owner.get(f"/at/{house.slug}")).text
    assert "寿司" in guests
    assert "Soups" in guests
    async with books.reading() as look:
        [dish] = (await menu.load_menu(look, house.id)).dishes.values()
    assert (dish.price_minor, dish.description) == (450, "Hot")
