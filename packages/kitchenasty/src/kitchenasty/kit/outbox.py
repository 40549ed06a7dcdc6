"""Events on their way to those who listen.

An event is stored in the transaction that made it true, so neither can be without the other. The
dispatcher takes stored events in order and hands each batch to the subscriptions inside one
transaction of its own: what a subscription writes happens exactly once, whatever is killed when.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import Index, String, bindparam, delete, func, select, text, update
from sqlalchemy.orm import Mapped, mapped_column

from basis.ids import new_id
from kitchenasty.kit.columns import Id, Model, Record
from kitchenasty.kit.statements import Statement, insert_into, one_of
from kitchenasty.kit.work import Books, Look, UnitOfWork

logger = structlog.get_logger(__name__)

BATCH = 200
IDLE_SECONDS = 1.0
TRIES_MAX = 10
BACKOFF_SECONDS_MAX = 600
KEPT_DAYS = 90


class OutboxRow(Record):
    """An event that has happened. `handled_at` is empty until every subscription has it."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index(
            "ix_outbox_waiting",
            "id",
            sqlite_where=text("handled_at IS NULL"),
            postgresql_where=text("handled_at IS NULL"),
        ),
        Index("ix_outbox_emitted_at", "emitted_at"),
    )

    topic: Mapped[str] = mapped_column(String(80))
    payload: Mapped[dict[str, Any]]
    emitted_at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(80))
    handled_at: Mapped[datetime | None]


class FailedDelivery(Model):
    """An event that one subscription could not take: tried again later, visible until it works."""

    __tablename__ = "outbox_failures"

    event_id: Mapped[Id] = mapped_column(primary_key=True)
    subscription: Mapped[str] = mapped_column(String(80), primary_key=True)
    tries: Mapped[int]
    error: Mapped[str] = mapped_column(String(1000))
    try_at: Mapped[datetime | None] = mapped_column(index=True)


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """An event as subscriptions get it."""

    id: str
    topic: str
    payload: dict[str, Any]
    emitted_at: datetime
    actor: str


@dataclass(frozen=True, slots=True)
class Subscription:
    """Somebody who listens. `topics` are names or prefixes ending in `.*`; `handle` runs inside the
    dispatcher's transaction and may be called again for an event after a crash before its commit."""

    name: str
    topics: tuple[str, ...]
    handle: Callable[[UnitOfWork, Sequence[StoredEvent]], Awaitable[None]]

    def wants(self, topic: str) -> bool:
        return any(
            topic == wanted or (wanted.endswith(".*") and topic.startswith(wanted[:-1]))
            for wanted in self.topics
        )


INSERT = insert_into(OutboxRow)
WAITING = Statement(
    select(
        OutboxRow.id, OutboxRow.topic, OutboxRow.payload, OutboxRow.emitted_at, OutboxRow.actor
    )
    .where(OutboxRow.handled_at.is_(None))
    .order_by(OutboxRow.id)
    .limit(bindparam("most", required=True))
)
BY_ID = Statement(
    select(
        OutboxRow.id, OutboxRow.topic, OutboxRow.payload, OutboxRow.emitted_at, OutboxRow.actor
    ).where(OutboxRow.id == bindparam("event_id", required=True))
)
HANDLED = Statement(
    update(OutboxRow)
    .where(one_of(OutboxRow.id, "ids"))
    .values(handled_at=bindparam("now", required=True))
)
OLDEST_WAITING = Statement(
    select(func.count(), func.min(OutboxRow.emitted_at).label("oldest"))
    .where(OutboxRow.handled_at.is_(None))
)
FORGET = Statement(
    delete(OutboxRow).where(
        OutboxRow.emitted_at < bindparam("before", required=True), OutboxRow.handled_at.is_not(None)
    )
)
TURN_LOCK = 7_406_001  # an arbitrary number that names the dispatcher's turn on PostgreSQL
TAKE_TURN = Statement(select(func.pg_try_advisory_xact_lock(TURN_LOCK)))
INSERT_FAILURE = insert_into(FailedDelivery)
DUE_FAILURES = Statement(
    select(FailedDelivery.event_id, FailedDelivery.subscription, FailedDelivery.tries)
    .where(FailedDelivery.try_at <= bindparam("now", required=True))
    .order_by(FailedDelivery.try_at)
    .limit(BATCH)
)
POSTPONE_FAILURE = Statement(
    update(FailedDelivery)
    .where(
        FailedDelivery.event_id == bindparam("of_event", required=True),
        FailedDelivery.subscription == bindparam("of_subscription", required=True),
    )
    .values(
        tries=FailedDelivery.tries + 1,
        error=bindparam("why", required=True),
        try_at=bindparam("again_at", required=True),
    )
)
DELETE_FAILURE = Statement(
    delete(FailedDelivery).where(
        FailedDelivery.event_id == bindparam("of_event", required=True),
        FailedDelivery.subscription == bindparam("of_subscription", required=True),
    )
)


async def store_events(uow: UnitOfWork) -> None:
    """Write the emitted events; called by the edge just before it commits."""
    await uow.many(
        INSERT,
        [
            {
                "id": new_id(),
                "topic": event.topic,
                "payload": event.to_payload(),
                "emitted_at": uow.now,
                "actor": uow.actor.label,
                "handled_at": None,
            }
            for event in uow.events
        ],
    )


async def count_waiting(look: Look) -> tuple[int, datetime | None]:
    """How many events wait, and since when the oldest does."""
    row = await look.row(OLDEST_WAITING)
    assert row is not None
    oldest = row[1]
    return row[0], datetime.fromisoformat(oldest) if isinstance(oldest, str) else oldest


class Dispatcher:
    """Hands stored events to the subscriptions; one at a time, also across processes."""

    def __init__(
        self,
        books: Books,
        subscriptions: Sequence[Subscription],
        after_commit: Callable[[UnitOfWork], Awaitable[None]] | None = None,
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

    async def _take_turn(self, uow: UnitOfWork) -> bool:
        """Only one process dispatches at a time, so that subscribers see events in order."""
        if self._books.database.dialect.name == "sqlite":
            return True
        return bool(await uow.value(TAKE_TURN))

    async def _deliver(self, uow: UnitOfWork, events: Sequence[StoredEvent]) -> None:
        for subscription in self._subscriptions:
            wanted = [event for event in events if subscription.wants(event.topic)]
            if wanted:
                await subscription.handle(uow, wanted)

    async def _deliver_one_by_one(self, uow: UnitOfWork, events: Sequence[StoredEvent]) -> None:
        """Find the one event that one subscription chokes on, and let all others through."""
        for subscription in self._subscriptions:
            for event in events:
                if not subscription.wants(event.topic):
                    continue
                try:
                    async with uow.connection.savepoint():
                        await subscription.handle(uow, [event])
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
                row = await uow.row(BY_ID, event_id=event_id)
                if row is not None and subscription is not None:
                    await subscription.handle(uow, [StoredEvent(*row)])
                await uow.run(DELETE_FAILURE, **key)
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


async def forget_old_events(uow: UnitOfWork, _payload: dict[str, Any]) -> None:
    """Handled events are kept for rehearsals and questions, and then forgotten."""
    await uow.run(FORGET, before=uow.now - timedelta(days=KEPT_DAYS))



