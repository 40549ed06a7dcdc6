"""Books that cannot be reached are nobody's failure: what waits is done when they are back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import select

from basis.kit.background.dispatcher import Dispatcher
from basis.kit.background.worker import LEASE_SECONDS, Worker
from basis.kit.data.database import DatabaseAway
from basis.kit.data.jobs import Job, JobRow
from basis.kit.data.outbox import StoredEvent, Subscription, count_failed, count_waiting
from basis.kit.data.statements import Statement
from basis.kit.testing import HandClock
from kitchenasty.kit.books import Books, UnitOfWork
from kitchenasty.kit.tests.test_outbox import emit

STATE_OF_JOB = Statement(select(JobRow.done_at, JobRow.dead_at, JobRow.error))


class Line:
    """To books that are away until `is_back`."""

    def __init__(self) -> None:
        self.is_back = False
        self.heard = 0

    def reach(self) -> None:
        if not self.is_back:
            raise DatabaseAway("the cable is out")
        self.heard += 1

    async def listen(self, _uow: UnitOfWork, events: Sequence[StoredEvent]) -> None:
        for _ in events:
            self.reach()

    async def run(self, _uow: UnitOfWork, _payload: dict[str, Any]) -> None:
        self.reach()


async def test_events_wait_and_no_subscription_is_blamed(books: Books) -> None:
    line = Line()
    dispatcher = Dispatcher(books, [Subscription("ear", ("bell.*",), line.listen)])
    await emit(books, 1, 2)
    with pytest.raises(DatabaseAway):
        await dispatcher.run_once()
    async with books.reading() as look:
        assert (await count_waiting(look))[0] == 2
        assert await count_failed(look) == 0
    line.is_back = True
    await dispatcher.run_once()
    assert line.heard == 2


async def test_a_job_is_tried_again_without_a_mark(books: Books, clock: HandClock) -> None:
    line = Line()
    worker = Worker(books, [Job("chore", line.run)])
    async with books.writing() as uow:
        uow.enqueue("chore", {})
    with pytest.raises(DatabaseAway):
        await worker.run_due()
    async with books.reading() as look:
        assert await look.rows(STATE_OF_JOB) == [(None, None, None)]
    line.is_back = True
    clock.advance(seconds=LEASE_SECONDS + 1)
    assert await worker.run_due() == 1
    assert line.heard == 1
