"""Events on their way to those who listen.

An event is stored in the transaction that made it true, so neither can be without the other. The
dispatcher takes stored events in order and hands each batch to the subscriptions inside one
transaction of its own: what a subscription writes happens exactly once, whatever is killed when.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Index, String, bindparam, delete, func, select, text, update
from sqlalchemy.orm import Mapped, mapped_column

from basis.events import Event
from basis.ids import new_id
from basis.kit.data.columns import Id, Model, Record
from basis.kit.data.database import Write
from basis.kit.data.statements import Statement, insert_into, one_of
from basis.kit.data.work import Look, UnitOfWork

FAILURES_AT_ONCE = 100
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
    dispatcher's transaction and may be called again for an event after a crash before its commit.
    """

    name: str
    topics: tuple[str, ...]
    handle: Callable[[UnitOfWork[Any], Sequence[StoredEvent]], Awaitable[None]]

    def wants(self, topic: str) -> bool:
        return any(
            topic == wanted or (wanted.endswith(".*") and topic.startswith(wanted[:-1]))
            for wanted in self.topics
        )


INSERT = insert_into(OutboxRow)
WAITING = Statement(
    select(OutboxRow.id, OutboxRow.topic, OutboxRow.payload, OutboxRow.emitted_at, OutboxRow.actor)
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
    select(func.count(), func.min(OutboxRow.emitted_at).label("oldest")).where(
        OutboxRow.handled_at.is_(None)
    )
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
    .limit(FAILURES_AT_ONCE)
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
COUNT_FAILED = Statement(select(func.count()).select_from(FailedDelivery))
DELETE_FAILURE = Statement(
    delete(FailedDelivery).where(
        FailedDelivery.event_id == bindparam("of_event", required=True),
        FailedDelivery.subscription == bindparam("of_subscription", required=True),
    )
)


def rows_of_events(uow: UnitOfWork[Any]) -> list[Write]:
    """The emitted events; written by the edge just before it commits."""
    return [(INSERT, row_of(uow, event)) for event in uow.events]


def row_of(uow: UnitOfWork[Any], event: Event) -> dict[str, Any]:
    return {
        "id": new_id(),
        "topic": event.topic,
        "payload": event.to_payload(),
        "emitted_at": uow.now,
        "actor": uow.actor.label,
        "handled_at": None,
    }


async def count_waiting(look: Look[Any]) -> tuple[int, datetime | None]:
    """How many events wait, and since when the oldest does."""
    row = await look.row(OLDEST_WAITING)
    assert row is not None
    oldest = row[1]
    return row[0], datetime.fromisoformat(oldest) if isinstance(oldest, str) else oldest


async def count_failed(look: Look[Any]) -> int:
    """Deliveries that a subscription could not take yet, or that were given up."""
    return int(await look.value(COUNT_FAILED))


async def forget_old_events(uow: UnitOfWork[Any], _payload: dict[str, Any]) -> None:
    """Handled events are kept for rehearsals and questions, and then forgotten."""
    await uow.run(FORGET, before=uow.now - timedelta(days=KEPT_DAYS))
