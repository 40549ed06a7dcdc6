"""No table is sold twice, whoever books at the same moment; and hardly any seat is lost by it."""

import asyncio
import random
from datetime import date, timedelta

import pytest
from sqlalchemy import text

from basis.errors import Conflict, Unavailable
from basis.kit.testing import HandClock
from kitchenasty import locations
from kitchenasty.availability import Wish
from kitchenasty.availability.tests.builders import (
    FRIDAY,
    WAITER,
    count_overlaps,
    count_stays,
    open_restaurant,
    wish,
)
from kitchenasty.kit.books import Books
from kitchenasty.reservations.tests.builders import book

GUESTS = 500
RANDOM = 5_000
AT_ONCE = 8
ENOUGH = 0.95
NIGHTS = (FRIDAY, date(2031, 3, 29), date(2030, 10, 26))
"""The latter two are those of the clock change."""
UNBOLT = {
    "postgresql": ["ALTER TABLE table_stays DROP CONSTRAINT table_stays_apart"],
    "sqlite": ["DROP TRIGGER table_stays_apart", "DROP TRIGGER table_stays_apart_when_moved"],
}


def wishes(house: locations.House, day: date, seed: int) -> list[Wish]:
    """Times to the minute, stays of 90 to 150 minutes, parties that need one table or two."""
    chance = random.Random(seed)
    return [
        wish(
            house,
            f"{minutes // 60 % 24:02d}:{minutes % 60:02d}",
            chance.choice((1, 2, 2, 2, 3, 4, 4, 5, 6, 8)),
            day=day,
            minutes=chance.randint(90, 150),
        )
        for minutes in (chance.randint(17 * 60, 25 * 60) for _ in range(GUESTS))
    ]


async def book_all(books: Books, wanted: list[Wish], *, at_once: int) -> int:
    """So many guests at a time; how many of them have a table in the end."""
    doors = asyncio.Semaphore(at_once)

    async def come(one: Wish) -> bool:
        async with doors:
            while True:
                try:
                    await book(books, one, actor=WAITER)
                except Unavailable:
                    continue
                except Conflict:
                    return False
                return True

    return sum(await asyncio.gather(*(come(one) for one in wanted)))


async def test_500_book_at_once_and_no_table_is_sold_twice(books: Books, clock: HandClock) -> None:
    clock.now -= timedelta(days=300)
    at_once = in_turn = 0
    for number, night in enumerate(NIGHTS):
        crowded, quiet = await open_restaurant(books), await open_restaurant(books)
        at_once += await book_all(books, wishes(crowded, night, number), at_once=GUESTS)
        in_turn += await book_all(books, wishes(quiet, night, number), at_once=1)
    async with books.reading() as look:
        overlaps = await count_overlaps(look)
        stays, pushed = await count_stays(look)
    print(
        f"C2: {GUESTS} book 12 tables on each of {len(NIGHTS)} nights: {at_once} seated at once, "
        f"{in_turn} in turn, {pushed} of them at two tables, {overlaps} overlaps"
    )
    assert overlaps == 0
    assert pushed, "a night on which nobody needs two tables shows less"
    assert stays == at_once + in_turn + pushed, "whoever was told so has a table"
    assert at_once >= ENOUGH * in_turn


async def test_without_the_constraint_tables_are_sold_twice(books: Books, clock: HandClock) -> None:
    """The control: looking first is not enough."""
    clock.now -= timedelta(days=300)
    house = await open_restaurant(books)
    async with books.writing() as uow:
        for statement in UNBOLT[books.database.dialect.name]:
            await uow.session.execute(text(statement))
    await book_all(books, wishes(house, FRIDAY, 5), at_once=AT_ONCE)
    async with books.reading() as look:
        overlaps = await count_overlaps(look)
    print(f"C2: control without the constraint: {overlaps} overlaps")
    assert overlaps > 0


@pytest.mark.long
async def test_5000_random_bookings_overlap_nowhere(books: Books, clock: HandClock) -> None:
    """Ten nights of 500 guests at once in one house."""
    clock.now -= timedelta(days=1)
    house = await open_restaurant(books)
    seated = 0
    for night in range(RANDOM // GUESTS):
        day = FRIDAY + timedelta(days=night)
        seated += await book_all(books, wishes(house, day, night), at_once=AT_ONCE)
    async with books.reading() as look:
        overlaps = await count_overlaps(look)
    print(f"C2: {RANDOM} random bookings: {seated} seated, {overlaps} overlaps")
    assert seated > RANDOM // GUESTS
    assert overlaps == 0


async def test_a_hundred_want_the_last_table_and_one_gets_it(
    books: Books, clock: HandClock
) -> None:
    clock.now -= timedelta(days=1)
    house = await open_restaurant(books)
    last = wish(house, "19:00", 8)
    for _ in range(2):
        await book(books, last)
    seated = await book_all(books, [last] * 100, at_once=AT_ONCE)
    print(f"C2: 100 want the last table for eight: {seated} seated")
    assert seated == 1
