"""One order, one number each, nothing left out."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import ClassVar

import pytest

from basis.events import Event
from basis.kit.background.dispatcher import Dispatcher
from basis.kit.data.outbox import Subscription
from basis.kit.testing import HandClock
from swarmhaul import stream
from swarmhaul.kit.books import Books


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened(Event):
    topic: ClassVar[str] = "job.happened"
    number: int


STREAM = Subscription("stream", ("job.*",), stream.keep)


async def happen(books: Books, *numbers: int) -> None:
    async with books.writing() as uow:
        for number in numbers:
            uow.emit(Happened(number=number))


async def read(books: Books, since: int = 0, limit: int = 200) -> list[tuple[int, int]]:
    async with books.reading() as look:
        told = await stream.list_messages(look, since=since, limit=limit)
    return [(one.seq, one.payload["number"]) for one in told]


async def test_events_are_numbered_in_the_order_in_which_they_happened(books: Books) -> None:
    await happen(books, 7, 8)
    await happen(books, 9)
    while await Dispatcher(books, [STREAM]).run_once():
        pass
    assert await read(books) == [(1, 7), (2, 8), (3, 9)]
    assert await read(books, since=1, limit=1) == [(2, 8)]
    assert await read(books, since=3) == []


async def test_several_dispatchers_number_without_gaps_or_doubles(books: Books) -> None:
    for number in range(20):
        await happen(books, number)

    async def dispatch() -> None:
        while await Dispatcher(books, [STREAM]).run_once():
            pass

    await asyncio.gather(*(dispatch() for _ in range(6)))
    while await Dispatcher(books, [STREAM]).run_once():
        pass
    assert await read(books) == [(n + 1, n) for n in range(20)]


async def test_what_is_forgotten_is_said_and_numbers_go_on(books: Books, clock: HandClock) -> None:
    dispatcher = Dispatcher(books, [STREAM])
    await happen(books, 1, 2, 3)
    await dispatcher.run_once()
    clock.advance(days=31)
    async with books.writing() as uow:
        await stream.forget_old_messages(uow, {})
    with pytest.raises(stream.EventsForgotten):
        await read(books)
    await happen(books, 4)
    await dispatcher.run_once()
    assert await read(books, since=2) == [(3, 3), (4, 4)]
