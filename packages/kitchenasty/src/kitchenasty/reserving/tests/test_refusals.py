"""What cannot be is refused in words with a code that stays: making and changing a reservation, by
the API and on the pages.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from datetime import timedelta
from html import unescape
from typing import Any

import httpx
import pytest

from basis.kit.testing import HandClock
from kitchenasty import locations
from kitchenasty.availability.tests.builders import EVENING, FRIDAY, add_tables
from kitchenasty.kit.books import Books
from kitchenasty.locations.tests.builders import add_house
from kitchenasty.reservations.tests.builders import DOOR, asked

Client = httpx.AsyncClient
Way = Callable[[Client, locations.House, dict[str, Any]], Coroutine[Any, Any, httpx.Response]]
OWN = {"origin": "http://house.example"}
CLOSED = FRIDAY + timedelta(days=1)
CASES: dict[str, tuple[dict[str, Any], str]] = {
    "yesterday": ({"date": "2030-05-15"}, "That time is over."),
    "an hour ago": ({"date": "2030-05-16", "time": "17:00"}, "That time is over."),
    "too soon": ({"date": "2030-05-16", "time": "18:30"}, "at least 60 minutes ahead"),
    "too far": ({"date": "2030-12-24"}, "at most 60 days ahead"),
    "31 February": ({"date": "2030-02-31"}, "There is no such day."),
    "no day": ({"date": "soon"}, "There is no such day."),
    "a closed day": ({"date": CLOSED.isoformat()}, "closed on that day"),
    "25:99": ({"time": "25:99"}, "25:99"),
    "before it opens": ({"time": "12:00"}, "from 17:00 to"),
    "between two times": ({"time": "19:07"}, "19:07"),
    "nobody": ({"partySize": 0}, "1 to 100"),
    "five hundred": ({"partySize": 500}, "1 to 100"),
    "more than book here": ({"partySize": 11}, "up to 10"),
}
NAMES = {"partySize": "party"}


@pytest.fixture
async def restaurant(books: Books, clock: HandClock) -> locations.House:
    """On Thursday, an hour after it opened; on Saturday it is closed."""
    clock.now = clock.now.replace(year=2030, month=5, day=16, hour=16)
    async with books.writing() as uow:
        house = await add_house(uow, hours=EVENING, phone="030 55", slug="rye")
        await add_tables(uow, house, (2, 4))
        await locations.set_exception(uow, house.id, CLOSED, ())
    return house


async def book(client: Client, house: locations.House, **more: Any) -> dict[str, Any]:
    answer = await client.post(DOOR, json=asked(house, **more))
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()["data"]
    return made


def by_link(made: dict[str, Any]) -> dict[str, str]:
    return {"x-reservation-capability": made["capability"]}


def typed(wish: dict[str, Any]) -> dict[str, str]:
    """The same on a page, where everything is text."""
    usual = {"party": "2", "date": FRIDAY.isoformat(), "time": "19:00", "name": "Ben",
             "phone": "030 2"}  # fmt: skip
    return usual | {NAMES.get(name, name): str(value) for name, value in wish.items()}


async def make(client: Client, house: locations.House, wish: dict[str, Any]) -> httpx.Response:
    return await client.post(DOOR, json=asked(house, **wish))


async def change(client: Client, house: locations.House, wish: dict[str, Any]) -> httpx.Response:
    made = await book(client, house)
    return await client.patch(f"{DOOR}/{made['id']}", json=wish, headers=by_link(made))


async def make_on_page(client: Client, _: locations.House, wish: dict[str, Any]) -> httpx.Response:
    return await client.post("/at/rye/reserve", data=typed(wish), headers=OWN)


async def change_on_page(
    client: Client, house: locations.House, wish: dict[str, Any]
) -> httpx.Response:
    made = await book(client, house)
    path = f"/r/{made['capability']}/change"
    return await client.post(path, data=typed(wish), headers=OWN)


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("way", [make, change])
async def test_the_api_refuses_in_words_with_a_code(
    client: Client, restaurant: locations.House, way: Way, case: str
) -> None:
    wish, words = CASES[case]
    answer = await way(client, restaurant, wish)
    told = answer.json()
    assert (answer.status_code, told["success"], told["code"]) == (400, False, "WishRefused")
    assert words in told["error"]


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("way", [make_on_page, change_on_page])
async def test_pages_refuse_in_the_same_words(
    client: Client, restaurant: locations.House, way: Way, case: str
) -> None:
    wish, words = CASES[case]
    answer = await way(client, restaurant, wish)
    assert answer.status_code == 400
    alert = unescape(answer.text).partition('role="alert"')[2]
    assert words in alert[:400]


@pytest.mark.parametrize("case", CASES)
async def test_what_is_refused_leaves_the_table(
    client: Client, restaurant: locations.House, case: str
) -> None:
    made = await book(client, restaurant)
    path, mine = f"{DOOR}/{made['id']}", by_link(made)
    await client.patch(path, json=CASES[case][0], headers=mine)
    seen = (await client.get(path, headers=mine)).json()["data"]
    assert {name: seen[name] for name in ("date", "time", "partySize", "version", "table")} == {
        name: made[name] for name in ("date", "time", "partySize", "version", "table")
    }


async def test_nobody_opens_the_reservation_of_somebody_else(
    client: Client, restaurant: locations.House
) -> None:
    """With no link, a made-up one, and that of another reservation; those with an account are in
    kitchenasty/tests/test_reserving.py.
    """
    theirs, mine = await book(client, restaurant), await book(client, restaurant, time="22:00")
    path, cancel = f"{DOOR}/{theirs['id']}", {"status": "CANCELLED"}
    for given in ({}, {"capability": "x" * 43}, mine):
        headers = by_link(given) if given else {}
        for answer in (
            await client.get(path, headers=headers),
            await client.patch(path, json=cancel, headers=headers),
        ):
            told = answer.json()
            assert (answer.status_code, told["code"]) == (401, "SignInNeeded")
            assert told["error"]
    for link in (theirs["id"], "x" * 43):
        for act in ("change", "cancel"):
            answer = await client.post(f"/r/{link}/{act}", data=typed({}), headers=OWN)
            assert answer.status_code == 404
            assert "There is no such reservation." in answer.text
    seen = (await client.get(path, headers=by_link(theirs))).json()["data"]
    assert (seen["status"], seen["version"]) == ("CONFIRMED", 1)
