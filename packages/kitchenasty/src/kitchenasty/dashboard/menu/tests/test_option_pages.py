"""The pages of option groups: typed once, given to several dishes, parted again."""

from __future__ import annotations

import html
import re
from typing import Any

import httpx
import pytest

from kitchenasty import menu
from kitchenasty.dashboard.tests.builders import OWN
from kitchenasty.kit.books import Books
from kitchenasty.menu.tests.builders import SIZE, TOPPINGS, add_dish

Client = httpx.AsyncClient
SAUCES: dict[str, Any] = {
    "name": "Sauce", "display": "CHECKBOX", "least": "0", "most": "2",
    "valueId": ["", "", ""], "valueName": ["Mayo", "Chili", ""], "valuePrice": ["0.5", "", ""],
    "valueAllergens": ["eggs, mustard", "none", ""], "valuePlace": ["2", "1", ""],
    "defaults": ["1"],
}  # fmt: skip


async def options_of(books: Books, dish_id: str) -> tuple[menu.GroupDraft, ...]:
    async with books.reading() as look:
        return (await menu.load_entry(look, dish_id)).options


async def save(client: Client, group_id: str, **form: Any) -> httpx.Response:
    return await client.post(f"/admin/menu/options/{group_id}", data=form, headers=OWN)


async def test_a_group_is_typed_once_and_changed_for_all_its_dishes(
    manager: Client, books: Books
) -> None:
    async with books.writing() as uow:
        one, two = await add_dish(uow), await add_dish(uow, name="Fries")
    made = await save(manager, "new", **SAUCES, dishes=[one, two])
    assert made.status_code == 303, made.text
    [group] = await options_of(books, one)
    assert (group,) == await options_of(books, two)
    # By their places: chili first, and chosen before anybody has looked.
    assert [(v.name, v.modifier_minor, v.is_default, v.allergens) for v in group.values] == [
        ("Chili", 0, True, ()),
        ("Mayo", 50, False, ("eggs", "mustard")),
    ]
    assert "2 dishes" in (await manager.get("/admin/menu/options")).text
    page = (await manager.get(f"/admin/menu/options/{group.id}")).text
    assert "2 dishes have this group" in page
    [seen] = re.findall(r'name="seen" value="([^"]*)"', page)
    ids = [value.id for value in group.values]
    form = {**SAUCES, "seen": html.unescape(seen), "valueId": [ids[1], ids[0], ""]}
    changed = await save(manager, str(group.id), **{**form, "name": "Dip", "dishes": [one]})
    assert changed.status_code == 303, changed.text
    [dip] = await options_of(books, one)
    assert (dip.name, dip.id, {value.id for value in dip.values}) == ("Dip", group.id, set(ids))
    assert await options_of(books, two) == ()
    late = await save(manager, str(group.id), **{**form, "name": "Sauces", "dishes": [one]})
    assert late.status_code == 409
    assert "Somebody has changed this group meanwhile." in late.text
    assert 'value="Sauces"' in late.text


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("valuePrice", ["much", "", ""], "a price like"),
        ("valueAllergens", ["beans", "", ""], "no allergen that we know"),
        ("valuePlace", ["x", "", ""], "a whole number"),
        ("valueName", ["", "", ""], "at least one value"),
        ("valueName", ["Mayo"], "has a name, a price"),
        ("display", "DIAL", "how the options are shown"),
        ("least", "3", "the least is above"),
        ("most", "101", "At most 100"),
    ],
)
async def test_a_group_that_does_not_fit_is_refused_as_it_was_typed(
    manager: Client, books: Books, field: str, typed: Any, sentence: str
) -> None:
    async with books.writing() as uow:
        dish_id = await add_dish(uow)
    refused = await save(manager, "new", **{**SAUCES, "dishes": [dish_id], field: typed})
    assert refused.status_code == 400
    assert sentence in refused.text
    assert 'value="Sauce"' in refused.text
    assert await options_of(books, dish_id) == ()


async def test_a_dish_takes_shares_orders_parts_and_gives_up_groups(
    manager: Client, books: Books
) -> None:
    async with books.writing() as uow:
        one, two = await add_dish(uow, options=(SIZE, TOPPINGS)), await add_dish(uow)
    size, toppings = [str(group.id) for group in await options_of(books, one)]

    async def step(dish_id: str, group_id: str, name: str) -> int:
        path = f"/admin/menu/dishes/{dish_id}/options"
        form = {"group": group_id, "step": name}
        return (await manager.post(path, data=form, headers=OWN)).status_code

    assert await step(two, size, "give") == 303
    assert await step(one, size, "down") == 303
    assert [group.id for group in await options_of(books, one)] == [toppings, size]
    assert "used by 2 dishes" in (await manager.get(f"/admin/menu/dishes/{two}")).text
    assert await step(two, size, "own") == 303
    [own] = await options_of(books, two)
    assert (own.name, own.id != size) == ("Size", True)
    assert await step(two, str(own.id), "take") == 303
    assert await options_of(books, two) == ()
    away = f"/admin/menu/options/{own.id}/put-away"
    assert (await manager.post(away, headers=OWN)).status_code == 303
    assert (await manager.post(away, headers=OWN)).status_code == 404
    used = await manager.post(f"/admin/menu/options/{size}/put-away", headers=OWN)
    assert used.status_code == 409
    assert await step(two, "nonsense", "give") == 404
