"""A table that is switched off, has fewer seats or is pulled from its neighbour: whoever is
expected there is named first, and nobody is lost.
"""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest

from basis.kit.testing import HandClock
from kitchenasty import availability, locations, reservations
from kitchenasty.availability.tests.builders import FRIDAY, WAITER, open_restaurant, wish
from kitchenasty.dashboard.tests.builders import OWN, add_staff, sign_in
from kitchenasty.kit.books import Books
from kitchenasty.kit.principals import Kind, Principal, Role
from kitchenasty.reservations import Guest, Reservation
from kitchenasty.reservations.tests.builders import book
from kitchenasty.staff.tests.builders import sign_in as bearer_of

NAMES = ("Anna Berg", "Ben Stein")


@pytest.fixture
async def house(books: Books, clock: HandClock) -> locations.House:
    clock.now -= timedelta(days=1)
    return await open_restaurant(books)


@pytest.fixture
async def manager(
    client: httpx.AsyncClient, books: Books, house: locations.House
) -> httpx.AsyncClient:
    await add_staff(books, "m@bistro.example", role=Role.MANAGER, houses=(house.id,))
    await sign_in(client, "m@bistro.example")
    return client


async def table_named(books: Books, house: locations.House, name: str) -> locations.Table:
    async with books.reading() as look:
        return next(one for one in await locations.list_tables(look, house.id) if one.name == name)


async def come(books: Books, house: locations.House, *tables: str, party: int) -> list[Reservation]:
    """A party of each name, one after the other on the same evening, at exactly these tables."""
    ids = tuple([(await table_named(books, house, name)).id for name in tables])
    return [
        (
            await book(
                books,
                wish(house, shown, party, table_ids=ids),
                Guest(name=name, phone="030 5550100"),
                actor=WAITER,
            )
        ).reservation
        for name, shown in zip(NAMES, ("18:00", "21:00"), strict=True)
    ]


def typed(table: locations.Table, **changes: str) -> dict[str, str]:
    return {
        "name": table.name,
        "seats": str(table.seats),
        "seatsMin": str(table.seats_min),
        "position": str(table.position),
        "isActive": "on",
        **changes,
    }


async def kept_by(books: Books, party: Reservation) -> tuple[str, ...]:
    async with books.reading(WAITER) as look:
        return (await reservations.load_reservation(look, party.id)).table_ids


async def test_a_table_is_switched_off_when_those_expected_there_were_named(
    manager: httpx.AsyncClient, books: Books, house: locations.House
) -> None:
    table = await table_named(books, house, "12")
    parties = await come(books, house, "12", party=8)
    path = f"/admin/houses/{house.id}/tables/{table.id}"
    asked = await manager.post(path, data=typed(table, isActive=""), headers=OWN)
    assert asked.status_code == 409
    assert "18:00 Anna Berg (8)" in asked.text
    assert "21:00 Ben Stein (8)" in asked.text
    assert (await table_named(books, house, "12")).is_active, "nothing happened yet"
    answer = typed(table, isActive="", theyKeepIt="on")
    assert (await manager.post(path, data=answer, headers=OWN)).status_code == 303
    assert not (await table_named(books, house, "12")).is_active
    assert [await kept_by(books, one) for one in parties] == [(table.id,)] * 2
    day = (await manager.get(f"/admin/tables/{house.id}?day={FRIDAY}")).text
    assert "8 · Anna Berg, 18:00 to 20:30" in day, "they stay on their day"
    assert "Switched off" in day
    other_day = FRIDAY + timedelta(days=1)
    assert (
        "Switched off" not in (await manager.get(f"/admin/tables/{house.id}?day={other_day}")).text
    )
    async with books.reading() as look:
        floor = await availability.load_floor(look, house.id)
    assert table.id not in floor.table_ids, "nobody else gets it"


async def test_what_names_nobody_is_done_at_once(
    manager: httpx.AsyncClient, books: Books, house: locations.House
) -> None:
    """A party that cancelled is not expected, nor is one at another table."""
    table = await table_named(books, house, "12")
    for one in await come(books, house, "12", party=8):
        async with books.writing(WAITER) as uow:
            await reservations.cancel(uow, one)
    await come(books, house, "11", party=6)
    path = f"/admin/houses/{house.id}/tables/{table.id}"
    off = await manager.post(path, data=typed(table, isActive=""), headers=OWN)
    assert off.status_code == 303, off.text


async def test_only_who_is_too_many_for_fewer_seats_is_named(
    manager: httpx.AsyncClient, books: Books, house: locations.House
) -> None:
    table = await table_named(books, house, "5")
    await book(books, wish(house, "18:00", 2, table_ids=(table.id,)), actor=WAITER)
    many = Guest(name="Carla Wolf", phone="030 5550101")
    await book(books, wish(house, "21:00", 4, table_ids=(table.id,)), many, actor=WAITER)
    path = f"/admin/houses/{house.id}/tables/{table.id}"
    asked = await manager.post(path, data=typed(table, seats="3"), headers=OWN)
    assert asked.status_code == 409
    assert "21:00 Carla Wolf (4)" in asked.text
    assert "Anna Berg" not in asked.text
    more = await manager.post(path, data=typed(table, seats="6"), headers=OWN)
    assert more.status_code == 303, more.text


async def test_tables_are_taken_apart_when_those_expected_there_were_named(
    manager: httpx.AsyncClient, books: Books, house: locations.House
) -> None:
    parties = await come(books, house, "5", "6", party=8)
    async with books.reading() as look:
        pair = next(
            one
            for one in await availability.list_combinations(look, house.id)
            if one.table_ids == parties[0].table_ids
        )
    path = f"/admin/houses/{house.id}/reservations/combinations/{pair.id}/remove"
    asked = await manager.post(path, headers=OWN)
    assert asked.status_code == 409
    assert "18:00 Anna Berg (8)" in asked.text
    assert "they keep these tables" in asked.text
    assert (await manager.post(path, data={"theyKeepIt": "on"}, headers=OWN)).status_code == 303
    async with books.reading() as look:
        left = await availability.list_combinations(look, house.id)
    assert pair.id not in [one.id for one in left]
    assert [await kept_by(books, one) for one in parties] == [pair.table_ids] * 2


async def test_the_api_names_them_with_a_stable_code(
    client: httpx.AsyncClient, books: Books, house: locations.House
) -> None:
    owner = await bearer_of(books, Role.SUPER_ADMIN)
    table = await table_named(books, house, "12")
    parties = await come(books, house, "12", party=8)
    path = f"/api/locations/{house.id}/tables/{table.id}"
    asked = await client.patch(path, json={"isActive": False}, headers=owner)
    assert (asked.status_code, asked.json()["code"]) == (409, "TableExpected")
    assert "18:00 Anna Berg (8)" in asked.json()["error"]
    told = asked.json()["details"]["parties"]
    assert [one["reservationId"] for one in told] == [one.id for one in parties]
    program = Principal(kind=Kind.KEY, id="0" * 36, role=Role.MANAGER, name="Till")
    async with books.reading(program) as look:
        found = await locations.list_expected(look, [table.id])
    assert [one.name for one in found] == ["", ""], "a key that may not read guests reads none"
    off = {"isActive": False, "partiesKeepIt": True}
    assert (await client.patch(path, json=off, headers=owner)).status_code == 200
