"""An event is told exactly if its change happened, and exactly once in our own books."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import pytest
from sqlalchemy import func, select

from basis.events import Event
from basis.kit.background.dispatcher import TRIES_MAX, Dispatcher
from basis.kit.data.idempotency import IdempotencyRow
from basis.kit.data.jobs import JobRow
from basis.kit.data.outbox import (
    FailedDelivery,
    StoredEvent,
    Subscription,
    count_failed,
    count_waiting,
)
from basis.kit.data.statements import Statement
from basis.kit.testing import HandClock
from kitchenasty.kit.books import Books, UnitOfWork
from kitchenasty.kit.live import append, head_of


@dataclass(frozen=True, slots=True, kw_only=True)
class BellRung(Event):
    topic: ClassVar[str] = "bell.rung"
    times: int


COUNT_JOBS = Statement(select(func.count()).select_from(JobRow))


async def note(uow: UnitOfWork, events: Sequence[StoredEvent]) -> None:
    """Leaves one row for each event, in the dispatcher's transaction."""
    for event in events:
        uow.enqueue("noted", {"times": event.payload["times"]})


async def emit(books: Books, *times: int) -> None:
    async with books.writing() as uow:
        for count in times:
            uow.emit(BellRung(times=count))


async def test_events_arrive_in_order_and_once(books: Books) -> None:
    heard: list[int] = []

    async def listen(_: UnitOfWork, events: Sequence[StoredEvent]) -> None:
        heard.extend(event.payload["times"] for event in events)

    dispatcher = Dispatcher(books, [Subscription("ear", ("bell.*",), listen)])
    await emit(books, 1, 2, 3)
    assert await dispatcher.run_once() == 3
    assert await dispatcher.run_once() == 0
    assert heard == [1, 2, 3]


async def test_an_event_of_a_change_that_failed_is_not_told(books: Books) -> None:
    async def fail() -> None:
        async with books.writing() as uow:
            uow.emit(BellRung(times=1))
            raise KeyError

    with pytest.raises(KeyError):
        await fail()
    async with books.reading() as look:
        assert await count_waiting(look) == (0, None)


async def test_one_deaf_subscriber_does_not_keep_others_from_hearing(
    books: Books, clock: HandClock
) -> None:
    broken = True

    async def choke(uow: UnitOfWork, events: Sequence[StoredEvent]) -> None:
        if broken and any(event.payload["times"] == 2 for event in events):
            raise RuntimeError("cannot hear two")
        await note(uow, events)

    deaf = Subscription("deaf", ("bell.rung",), choke)
    dispatcher = Dispatcher(books, [deaf, Subscription("ear", ("bell.rung",), note)])
    await emit(books, 1, 2, 3)
    await dispatcher.run_once()
    async with books.reading() as look:
        assert await look.value(COUNT_JOBS) == 5  # three for the ear, two for the deaf one
        [failed] = (await look.session.scalars(select(FailedDelivery))).all()
        assert "cannot hear two" in failed.error

    broken = False
    clock.advance(minutes=1)
    await dispatcher.retry_failed()
    async with books.reading() as look:
        assert await look.value(COUNT_JOBS) == 6
        assert (await look.session.scalars(select(FailedDelivery))).all() == []


async def test_what_was_undone_is_told_to_nobody(books: Books) -> None:
    """A subscription that fails halfway takes back its rows, and what it was going to tell."""
    published: list[str] = []
    books.tell = lambda messages: published.extend(message.topic for message in messages)

    async def half(uow: UnitOfWork, _: Sequence[StoredEvent]) -> None:
        await append(uow, "kitchen:one", "bell.rung", {})
        uow.emit(BellRung(times=9))
        uow.enqueue("half", {})
        uow.session.add(
            IdempotencyRow(
                scope="half", key="k", body_hash="", status=0, content="", created_at=uow.now
            )
        )
        raise RuntimeError("only half of it")

    await emit(books, 1)
    await Dispatcher(books, [Subscription("half", ("bell.rung",), half)]).run_once()
    async with books.reading() as look:
        assert await head_of(look, "kitchen:one") == 0
        assert await count_waiting(look) == (0, None)
        assert await look.value(COUNT_JOBS) == 0
        assert (await look.session.scalars(select(IdempotencyRow))).all() == []
    assert published == []


async def test_two_processes_deliver_what_failed_once(books: Books, clock: HandClock) -> None:
    broken = True

    async def choke(uow: UnitOfWork, events: Sequence[StoredEvent]) -> None:
        if broken:
            raise RuntimeError("not now")
        await note(uow, events)

    subscriptions = [Subscription("deaf", ("bell.rung",), choke)]
    first, second = Dispatcher(books, subscriptions), Dispatcher(books, subscriptions)
    await emit(books, *range(20))
    await first.run_once()
    broken = False
    clock.advance(minutes=1)
    await asyncio.gather(first.retry_failed(), second.retry_failed())
    async with books.reading() as look:
        assert await look.value(COUNT_JOBS) == 20
        assert await count_failed(look) == 0


async def test_a_delivery_that_never_works_rests_where_it_is_seen(
    books: Books, clock: HandClock
) -> None:
    tried = 0

    async def choke(_uow: UnitOfWork, _events: Sequence[StoredEvent]) -> None:
        nonlocal tried
        tried += 1
        raise RuntimeError("never")

    dispatcher = Dispatcher(books, [Subscription("deaf", ("bell.rung",), choke)])
    await emit(books, 1)
    await dispatcher.run_once()
    for _ in range(20):
        clock.advance(hours=1)
        await dispatcher.retry_failed()
    # Once in the batch, once alone, and nine more times.
    assert tried == 1 + TRIES_MAX
    async with books.reading() as look:
        assert await count_failed(look) == 1
