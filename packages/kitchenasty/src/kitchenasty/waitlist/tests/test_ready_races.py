"""One table is ready for one party, whoever says so at the same moment. 4 s."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, text

from basis.errors import Conflict
from basis.kit.data.statements import Statement
from basis.kit.testing import HandClock
from kitchenasty import availability, locations, waitlist
from kitchenasty.availability.tests.builders import WAITER, count_overlaps
from kitchenasty.kit.books import Books
from kitchenasty.waitlist import Waiting
from kitchenasty.waitlist.tests.builders import UNBOLT, leave_the_table, open_evening, wait

WAIT_SECONDS = 60
STANDING = Statement(
    select(func.count())
    .select_from(text("pg_stat_activity"))
    .where(text("datname = current_database() AND wait_event_type = 'Lock'"))
)


@pytest.fixture
async def house(books: Books, clock: HandClock) -> locations.House:
    return await open_evening(books, clock)


async def tell(books: Books, one: Waiting) -> str:
    try:
        async with books.writing(WAITER) as uow:
            await waitlist.tell_ready(uow, await waitlist.load_waiting(uow, one.house_id, one.id))
    except Conflict as refusal:
        return type(refusal).__name__
    return "told"


@asynccontextmanager
async def meanwhile(books: Books, work: asyncio.Task[Any], engine: str) -> AsyncIterator[None]:
    """Until the other one is done, or stands before a lock that we hold."""
    async with asyncio.timeout(WAIT_SECONDS):
        while not work.done() and engine == "postgresql":
            async with books.reading() as look:
                if await look.value(STANDING):
                    break
    yield


async def stays_now(books: Books, house: locations.House, clock: HandClock) -> int:
    async with books.reading() as look:
        now = clock.now, clock.now + timedelta(minutes=1)
        return len(await availability.list_stays(look, house.id, now))


@pytest.mark.parametrize("is_kept_apart", [True, False])
async def test_two_say_it_to_two_parties_and_one_has_the_table(
    books: Books, clock: HandClock, house: locations.House, engine_name: str, *, is_kept_apart: bool
) -> None:
    """Both saw it free. The control goes without the constraint; on SQLite one writes after the
    other, so there it changes nothing.
    """
    ada, ben = [await wait(books, house, name) for name in ("Ada", "Ben")]
    await leave_the_table(books, house)
    if not is_kept_apart:
        async with books.writing() as uow:
            for statement in UNBOLT[engine_name]:
                await uow.session.execute(text(statement))
    async with books.writing(WAITER) as uow:
        await waitlist.tell_ready(uow, await waitlist.load_waiting(uow, house.id, ada.id))
        other = asyncio.create_task(tell(books, ben))
        async with meanwhile(books, other, engine_name):
            assert not other.done()
    answer = await other
    async with books.reading() as look:
        overlaps = await count_overlaps(look)
    words = "" if is_kept_apart else ", without the constraint"
    print(f"C2: two are told on {engine_name} that one table is ready: {overlaps} overlaps{words}")
    is_sold_twice = engine_name == "postgresql" and not is_kept_apart
    assert (answer, overlaps) == (("told", 1) if is_sold_twice else ("FullyBooked", 0))
    assert await stays_now(books, house, clock) == 1 + is_sold_twice


async def test_two_say_it_to_the_same_party_and_one_table_is_held(
    books: Books, clock: HandClock, house: locations.House
) -> None:
    """Both saw that she waits, and there are two tables. Without the condition on where she stands
    the second takes the other table as well, and the first stays held for nobody.
    """
    ada = await wait(books, house, "Ada")
    await leave_the_table(books, house)
    async with books.writing() as uow:
        await locations.add_tables(uow, house.id, [locations.TableDraft(name="2", seats=4)])
    async with books.reading() as look:
        seen = await waitlist.load_waiting(look, house.id, ada.id)
    async with books.writing(WAITER) as uow:
        await waitlist.tell_ready(uow, seen)
    answer = "told"
    try:
        async with books.writing(WAITER) as uow:
            await waitlist.tell_ready(uow, seen)
    except Conflict as refusal:
        answer = type(refusal).__name__
    held = await stays_now(books, house, clock)
    assert (answer, held) == ("NotInLine", 1)
    async with books.reading() as look:
        line = await waitlist.list_waiting(look, house.id, ada.day)
        assert [one.is_ready for one in line] == [True]
        assert await availability.list_held(look, line[0].held)
