"""The office's happy hours: made, seen, switched off, removed; what is refused stays typed."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from kitchenasty import promotions
from kitchenasty.dashboard.tests.builders import OWN, add_staff, sign_in
from kitchenasty.kit.books import Books
from kitchenasty.kit.principals import Role
from kitchenasty.menu.tests.builders import add_dish

PATH = "/admin/promotions"
FORM: dict[str, Any] = {
    "name": "Late drinks",
    "kind": "portion",
    "value": "1,50",
    "days": ["5", "6"],
    "starts": "22:00",
    "ends": "02:00",
    "priority": "10",
}
pytestmark = pytest.mark.usefixtures("house")


@pytest.fixture
async def manager(client: httpx.AsyncClient, books: Books) -> httpx.AsyncClient:
    await add_staff(books, "boss@bistro.example", role=Role.MANAGER)
    await sign_in(client, "boss@bistro.example")
    return client


async def test_a_manager_makes_a_happy_hour_switches_it_off_and_removes_it(
    manager: httpx.AsyncClient, books: Books
) -> None:
    async with books.writing() as uow:
        dish_id = await add_dish(uow, name="Cider")
    made = await manager.post(PATH, data=FORM | {"dishIds": [dish_id]}, headers=OWN)
    assert made.status_code == 303, made.text
    page = (await manager.get(made.headers["location"])).text
    for words in ("Late drinks holds from its next hour on.", "€1.50", "Fri, Sat", "22:00–02:00"):
        assert words in page
    async with books.reading() as look:
        [one] = await promotions.list_promotions(look)
    assert (one.dish_ids, one.days, one.starts, one.ends) == ((dish_id,), (5, 6), 1_320, 1_560)
    await manager.post(f"{PATH}/{one.id}/switch", data={"is_active": "false"}, headers=OWN)
    assert "Switched off" in (await manager.get(PATH)).text
    await manager.post(f"{PATH}/{one.id}/remove", headers=OWN)
    assert "No happy hours yet." in (await manager.get(PATH)).text


@pytest.mark.parametrize(
    "wrong",
    [
        {"value": "much"},
        {"kind": "percent", "value": "120"},
        {"kind": "percent", "value": "nan"},
        {"starts": "late"},
        {"days": []},
    ],
)
async def test_a_happy_hour_that_makes_no_sense_is_told_and_stays_typed(
    manager: httpx.AsyncClient, wrong: dict[str, Any]
) -> None:
    refused = await manager.post(PATH, data=FORM | wrong, headers=OWN)
    assert refused.status_code == 400
    assert 'value="Late drinks"' in refused.text
    assert refused.text.count('role="alert"') == 1
