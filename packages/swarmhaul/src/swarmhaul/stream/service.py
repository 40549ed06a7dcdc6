"""Events get their number in the dispatcher's transaction, which is one at a time, also across
processes: whoever has read up to a number has read everything before it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import bindparam, delete, func, select

from basis.errors import NotFound
from basis.kit.data.outbox import StoredEvent
from basis.kit.data.statements import Statement, insert_into
from swarmhaul.kit.books import Look, UnitOfWork
from swarmhaul.stream.models import MessageRow

LIMIT_MAX = 200
KEPT_DAYS = 30

INSERT = insert_into(MessageRow)
ENDS = Statement(select(func.min(MessageRow.seq), func.max(MessageRow.seq)))
SINCE = Statement(
    select(MessageRow.seq, MessageRow.topic, MessageRow.at, MessageRow.payload)
    .where(MessageRow.seq > bindparam("since", required=True))
    .order_by(MessageRow.seq)
    .limit(bindparam("most", required=True))
)
# The last one stays, or numbers would begin anew.
FORGET = Statement(
    delete(MessageRow).where(
        MessageRow.at < bindparam("before", required=True),
        MessageRow.seq < select(func.max(MessageRow.seq)).scalar_subquery(),
    )
)


class EventsForgotten(NotFound):
    """Some of what was asked for is no longer kept."""


class StreamMessage(msgspec.Struct, frozen=True, kw_only=True):
    seq: int
    topic: str
    at: datetime
    payload: dict[str, Any]


async def keep(uow: UnitOfWork, events: Sequence[StoredEvent]) -> None:
    """Called by the dispatcher, with events in the order in which they happened."""
    last = await count_messages(uow)
    rows = [
        {"seq": last + n, "topic": event.topic, "at": event.emitted_at, "payload": event.payload}
        for n, event in enumerate(events, start=1)
    ]
    await uow.many(INSERT, rows)


async def count_messages(look: Look) -> int:
    """The number of the newest message; 0 if there is none."""
    ends = await look.row(ENDS)
    return (ends and ends[1]) or 0


async def list_messages(look: Look, *, since: int, limit: int = LIMIT_MAX) -> list[StreamMessage]:
    """What came after number `since`, oldest first. Raises EventsForgotten, never leaves out."""
    forgotten = await forgotten_before(look)
    if since < forgotten:
        raise EventsForgotten(
            f"Events before number {forgotten + 1} are no longer kept. Read the jobs anew, then "
            f"follow from there.",
            oldest=forgotten + 1,
        )
    rows = await look.rows(SINCE, since=since, most=min(limit, LIMIT_MAX))
    return [StreamMessage(seq=row[0], topic=row[1], at=row[2], payload=row[3]) for row in rows]


async def forgotten_before(look: Look) -> int:
    """The number after which all messages are kept."""
    ends = await look.row(ENDS)
    return ((ends and ends[0]) or 1) - 1


async def forget_old_messages(uow: UnitOfWork, _payload: dict[str, Any]) -> None:
    await uow.run(FORGET, before=uow.now - timedelta(days=KEPT_DAYS))
