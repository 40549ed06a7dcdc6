"""What is kept of a time is found, however long it is kept."""

from __future__ import annotations

from datetime import datetime, timedelta

from basis.kit.testing import HandClock
from kitchenasty import floor, locations
from kitchenasty.availability import list_blocked, list_named_stays, list_stays
from kitchenasty.availability.tests.builders import WAITER, open_restaurant, wish
from kitchenasty.kit.books import Books
from kitchenasty.reservations.tests.builders import book

FIVE = datetime.fromisoformat("2030-05-17T15:00:00+00:00")
EVENING = FIVE, FIVE + timedelta(hours=9)


async def block(books: Books, house: locations.House, table: str, hours: tuple[int, int]) -> str:
    period = FIVE + timedelta(hours=hours[0]), FIVE + timedelta(hours=hours[1])
    async with books.writing(WAITER) as uow:
        return await floor.block(uow, house.id, [table], period, "Mended")


async def test_parties_and_blocks_of_any_length_are_found_and_nothing_else(
    books: Books, clock: HandClock
) -> None:
    clock.now = FIVE - timedelta(days=10)
    house = await open_restaurant(books)
    tables = [table.id for table in await list_tables(books, house)]
    party = (await book(books, wish(house, "19:00", 2), actor=WAITER)).reservation
    await book(books, wish(house, "19:00", 2, day=FIVE.date() + timedelta(days=1)), actor=WAITER)
    found = {
        await block(books, house, tables[8], (-72, 24 * 300)),
        await block(books, house, tables[9], (8, 10)),
        await block(books, house, tables[10], (-2, 1)),
        await block(books, house, tables[11], (0, 33)),
    }
    await block(books, house, tables[9], (-3, 0))
    await block(books, house, tables[9], (30, 40))
    await block(books, house, tables[10], (24, 24 * 200))
    async with books.reading(WAITER) as look:
        stays = await list_stays(look, house.id, EVENING)
        named = await list_named_stays(look, house.id, EVENING)
        blocked = await list_blocked(look, house.id, EVENING)
    assert {stay.block_id for stay in stays} == {*found, None}
    assert [stay.reservation_id for stay in stays if stay.block_id is None] == [party.id]
    assert sorted(stay.id for stay in stays) == sorted(stay.id for stay in named)
    assert named == sorted(named, key=lambda stay: (stay.starts_at, stay.table_id))
    assert {stay.words for stay in named} == {"Anna Berg", "Mended"}
    assert {stay.block_id for stay in blocked} == found


async def list_tables(books: Books, house: locations.House) -> list[locations.Table]:
    async with books.reading() as look:
        return await locations.list_tables(look, house.id)
