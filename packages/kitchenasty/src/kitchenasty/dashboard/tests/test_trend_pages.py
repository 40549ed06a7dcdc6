"""What the house learns from its reservations, on a page."""

from __future__ import annotations

import re
from datetime import timedelta

import httpx
import pytest

from basis.kit.testing import HandClock
from kitchenasty import locations, reservations
from kitchenasty.availability.tests.builders import FRIDAY, WAITER, open_restaurant, wish
from kitchenasty.dashboard.tests.builders import add_staff, sign_in
from kitchenasty.kit.books import Books
from kitchenasty.kit.principals import Role
from kitchenasty.reservations.tests.builders import book


@pytest.fixture
async def house(books: Books, clock: HandClock) -> locations.House:
    """On Thursday afternoon: three parties are expected on Friday, one of which called off."""
    clock.now = clock.now.replace(year=2030, month=5, day=16, hour=10)
    house = await open_restaurant(books)
    for party in (2, 4):
        await book(books, wish(house, "19:00", party))
    gone = await book(books, wish(house, "21:00", 3))
    async with books.writing(WAITER) as uow:
        await reservations.cancel(uow, gone.reservation)
    return house


@pytest.fixture
async def manager(
    client: httpx.AsyncClient, books: Books, house: locations.House
) -> httpx.AsyncClient:
    await add_staff(books, "m@bistro.example", role=Role.MANAGER, houses=(house.id,))
    await sign_in(client, "m@bistro.example")
    return client


def counts(page: str) -> dict[str, str]:
    """The figures at the top, by what is written below each."""
    found = re.findall(r"<strong>([^<]+)</strong><span>([^<]+)</span>", page)
    return {words: number for number, words in found}


async def test_the_figures_of_a_house_are_seen_and_counted_once(
    manager: httpx.AsyncClient, house: locations.House
) -> None:
    page = (await manager.get(f"/admin/tables/{house.id}/trends")).text
    seen = counts(page)
    assert (seen["Reservations"], seen["People who came"], seen["Did not come"]) == ("3", "0", "0")
    assert seen["People at a time"] == "3.0"
    for title in ("Each day", "Days of the week", "Hours", "Sizes of parties"):
        assert title in page
    statuses = dict(re.findall(r'<dt>([^<]+)</dt><dd class="number">(\d+)</dd>', page))
    assert (statuses["Confirmed"], statuses["Cancelled"]) == ("2", "1")
    assert sum(map(int, statuses.values())) == 3


@pytest.mark.parametrize(("days", "pressed"), [("7", "7"), ("90", "90"), ("x", "30"), ("8", "30")])
async def test_other_days_are_chosen_and_odd_ones_are_a_month(
    manager: httpx.AsyncClient, house: locations.House, days: str, pressed: str
) -> None:
    page = (await manager.get(f"/admin/tables/{house.id}/trends?days={days}")).text
    [chosen] = re.findall(r'value="(\d+)" type="submit" aria-pressed="true"', page)
    assert chosen == pressed


async def test_a_house_without_reservations_says_so(
    manager: httpx.AsyncClient, house: locations.House, clock: HandClock
) -> None:
    clock.now += timedelta(hours=1)
    clock.now = clock.now.replace(day=FRIDAY.day, month=9)
    await sign_in(manager, "m@bistro.example")
    page = (await manager.get(f"/admin/tables/{house.id}/trends?days=7")).text
    assert "No reservations in these days." in page


async def test_waiters_and_other_houses_see_no_figures(
    manager: httpx.AsyncClient, books: Books, house: locations.House
) -> None:
    away = await open_restaurant(books)
    assert (await manager.get(f"/admin/tables/{away.id}/trends")).status_code == 403
    await add_staff(books, "w@bistro.example", houses=(house.id,))
    await sign_in(manager, "w@bistro.example")
    assert (await manager.get(f"/admin/tables/{house.id}/trends")).status_code == 403
