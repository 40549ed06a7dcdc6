"""The calendar of a house: by a secret link that a manager makes and ends."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import pytest
from icalendar import Calendar

from basis.kit.testing import HandClock
from kitchenasty import locations, reservation_calendars
from kitchenasty.availability.tests.builders import open_restaurant, wish
from kitchenasty.kit.books import Books
from kitchenasty.reservations import Guest
from kitchenasty.reservations.tests.builders import book

Client = httpx.AsyncClient
TOM = Guest(name="Tom Rye", phone="030 77", email="tom@guest.example", note="A birthday")


@pytest.fixture
async def house(books: Books, clock: HandClock) -> locations.House:
    clock.now = clock.now.replace(year=2030, month=5, day=13, hour=10)
    return await open_restaurant(books)


async def make(books: Books, house: locations.House, *, shows_details: bool = False) -> str:
    async with books.writing() as uow:
        link = await reservation_calendars.make_link(uow, house.id, shows_details=shows_details)
    return f"/calendar/{link.capability}/reservations.ics"


async def entries(client: Client, path: str) -> list[Any]:
    answer = await client.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/calendar")
    calendar: Any = Calendar.from_ical(answer.content)
    return list(calendar.events)


async def test_it_shows_names_and_no_more_unless_it_was_chosen(
    client: Client, books: Books, house: locations.House
) -> None:
    bare, full = await make(books, house), await make(books, house, shows_details=True)
    assert await entries(client, bare) == []
    booked = await book(books, wish(house, "19:30"), TOM)
    [event] = await entries(client, bare)
    assert event["SUMMARY"] == "Tom Rye (2)"
    assert event["UID"] == booked.reservation.id
    assert f"{event.start:%H:%M}" == "19:30"
    told = (await client.get(bare)).text
    assert not [one for one in ("030 77", "tom@", "birthday", booked.capability) if one in told]
    [event] = await entries(client, full)
    assert {"030 77", "A birthday"} <= set(str(event["DESCRIPTION"]).splitlines())


async def test_what_is_known_is_not_sent_again_until_something_changes(
    client: Client, books: Books, house: locations.House
) -> None:
    path = await make(books, house)
    await book(books, wish(house, "19:30"), TOM)
    etag = (await client.get(path)).headers["etag"]
    known = {"if-none-match": etag}
    assert (await client.get(path, headers=known)).status_code == 304
    await book(books, wish(house, "20:30"))
    assert (await client.get(path, headers=known)).status_code == 200


async def test_it_ends_with_its_link_and_reaches_a_month_back(
    client: Client, books: Books, clock: HandClock, house: locations.House
) -> None:
    path = await make(books, house)
    await book(books, wish(house, "19:30"), TOM)
    clock.now += timedelta(days=33)
    assert len(await entries(client, path)) == 1
    clock.now += timedelta(days=3)
    assert await entries(client, path) == []
    async with books.writing() as uow:
        [link] = await reservation_calendars.list_links(uow, house.id)
        await reservation_calendars.end_link(uow, house.id, link.id)
    assert (await client.get(path)).status_code == 404
    for guess in ("x", "0" * 36, "x" * 500):
        assert (await client.get(f"/calendar/{guess}/reservations.ics")).status_code == 404


async def test_a_house_has_ten_links_and_no_more(books: Books, house: locations.House) -> None:
    for _ in range(10):
        await make(books, house)
    with pytest.raises(reservation_calendars.TooManyLinks):
        await make(books, house)
