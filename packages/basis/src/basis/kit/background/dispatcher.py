"""Hands stored events to those who listen, in order, each batch in one transaction."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Any

import structlog

from basis.kit.data.books import Books
from basis.kit.data.database import DatabaseAway
from basis.kit.data.outbox import (
    BY_ID,
    DELETE_FAILURE,
    DUE_FAILURES,
    HANDLED,
    INSERT_FAILURE,
    POSTPONE_FAILURE,
    TAKE_TURN,
    WAITING,
    StoredEvent,
    Subscription,
)
from basis.kit.data.work import UnitOfWork

logger = structlog.get_logger(__name__)

BATCH = 200
IDLE_SECONDS = 1.0
TRIES_MAX = 10
BACKOFF_SECONDS_MAX = 600


class Dispatcher:
    """Hands stored events to the subscriptions; one at a time, also across processes."""

    def __init__(
        self,
        books: Books[Any],
        subscriptions: Sequence[Subscription],
        after_commit: Callable[[UnitOfWork[Any]], Awaitable[None]] | None = None,
    ) -> None:
        self._books = books
        self._subscriptions = tuple(subscriptions)
        self._after_commit = after_commit

    async def run_forever(self) -> None:
        """Work whenever the bell rings, and look every second for what other processes stored."""
        while True:
            self._books.bell.clear()
            try:
                while await self.run_once():
                    pass
                await self.retry_failed()
            except DatabaseAway as away:
                logger.warning("dispatcher.waits", cause=away.cause)
                await asyncio.sleep(IDLE_SECONDS)
            except Exception:
                logger.exception("dispatcher.failed")
                await asyncio.sleep(IDLE_SECONDS)
            try:
                await asyncio.wait_for(self._books.bell.wait(), IDLE_SECONDS)
            except TimeoutError:
                continue

    async def run_once(self) -> int:
        """Deliver one batch. Answers how many events it took."""
        try:
            return await self._deliver_batch(together=True)
        except DatabaseAway:
            raise  # nobody choked on an event; all of them are delivered later
        except Exception:
            logger.exception("dispatcher.batch_failed")
            return await self._deliver_batch(together=False)

    async def _deliver_batch(self, *, together: bool) -> int:
        async with self._books.writing() as uow:
            if not await self._take_turn(uow):
                return 0
            events = [StoredEvent(*row) for row in await uow.rows(WAITING, most=BATCH)]
            if not events:
                return 0
            if together:
                await self._deliver(uow, events)
            else:
                await self._deliver_one_by_one(uow, events)
            await uow.run(HANDLED, ids=[event.id for event in events], now=uow.now)
        if self._after_commit is not None:
            await self._after_commit(uow)
        return len(events)

    async def _take_turn(self, uow: UnitOfWork[Any]) -> bool:
        """Only one process dispatches at a time, so that subscribers see events in order."""
        if self._books.database.dialect.name == "sqlite":
            return True
        return bool(await uow.value(TAKE_TURN))

    async def _deliver(self, uow: UnitOfWork[Any], events: Sequence[StoredEvent]) -> None:
        topics = {event.topic for event in events}
        for subscription in self._subscriptions:
            wanted = {topic for topic in topics if subscription.wants(topic)}
            if wanted:
                await subscription.handle(uow, [one for one in events if one.topic in wanted])

    async def _deliver_one_by_one(
        self, uow: UnitOfWork[Any], events: Sequence[StoredEvent]
    ) -> None:
        """Find the one event that one subscription chokes on, and let all others through."""
        for subscription in self._subscriptions:
            for event in events:
                if not subscription.wants(event.topic):
                    continue
                try:
                    async with uow.attempt():
                        await subscription.handle(uow, [event])
                except DatabaseAway:
                    raise
                except Exception as error:
                    logger.exception("dispatcher.delivery_failed", subscription=subscription.name)
                    await uow.run(
                        INSERT_FAILURE,
                        event_id=event.id,
                        subscription=subscription.name,
                        tries=1,
                        error=repr(error)[:1000],
                        try_at=uow.now + backoff(1),
                    )

    async def retry_failed(self) -> None:
        """Try failed deliveries whose time has come; after ten tries they rest, visible."""
        async with self._books.reading() as look:
            due = await look.rows(DUE_FAILURES, now=look.now)
        for event_id, name, tries in due:
            await self._retry(event_id, name, tries)

    async def _retry(self, event_id: str, name: str, tries: int) -> None:
        subscription = next((s for s in self._subscriptions if s.name == name), None)
        key = {"of_event": event_id, "of_subscription": name}
        try:
            async with self._books.writing() as uow:
                # Who takes the row away delivers; another process that saw it waits here and
                # finds it gone. If this fails, it is back.
                if not await uow.run(DELETE_FAILURE, **key):
                    return
                row = await uow.row(BY_ID, event_id=event_id)
                if row is not None and subscription is not None:
                    await subscription.handle(uow, [StoredEvent(*row)])
        except DatabaseAway:
            raise
        except Exception as error:
            logger.exception("dispatcher.retry_failed", subscription=name)
            async with self._books.writing() as uow:
                again_at = uow.now + backoff(tries + 1) if tries + 1 < TRIES_MAX else None
                await uow.run(POSTPONE_FAILURE, why=repr(error)[:1000], again_at=again_at, **key)
        else:
            if self._after_commit is not None:
                await self._after_commit(uow)


def backoff(tries: int) -> timedelta:
    return timedelta(seconds=min(2**tries, BACKOFF_SECONDS_MAX))
