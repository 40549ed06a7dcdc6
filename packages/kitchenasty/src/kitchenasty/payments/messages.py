"""What providers tell us is kept once, and applied once what it speaks of is in the books.

A message and what it changes are one transaction. A message that comes twice, late or out of order
changes nothing more: its id is known, and states only move forward (states.py).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import bindparam, delete, func, select, update

from basis.ids import new_id
from basis.kit.data.statements import Statement, insert_unless_there
from kitchenasty.kit.books import Look, UnitOfWork
from kitchenasty.payments.models import MessageOutcome, PaymentMethod, ProviderMessageRow
from kitchenasty.payments.told import Told

KEPT_DAYS = 90
"""Longer than any provider repeats itself."""
WAITING_MAX = timedelta(days=7)
AT_ONCE_MAX = 200
LATE = timedelta(minutes=10)
REASON_LENGTH_MAX = 200


class MessageRefused(Exception):
    """The message is the provider's and contradicts the books; the reason is for the office."""


Apply = Callable[[UnitOfWork, PaymentMethod, Told], Awaitable[MessageOutcome]]
"""Does what a message says. Raises MessageRefused, with nothing done."""

INSERT = insert_unless_there(ProviderMessageRow)
HANDLE = Statement(
    update(ProviderMessageRow)
    .where(ProviderMessageRow.id == bindparam("row_id", required=True))
    .values(
        outcome=bindparam("now_is", required=True),
        reason=bindparam("why", required=True),
        handled_at=bindparam("now", required=True),
    )
)
LIST_WAITING = Statement(
    select(ProviderMessageRow.id, ProviderMessageRow.method, ProviderMessageRow.told)
    .where(
        ProviderMessageRow.outcome == MessageOutcome.WAITING,
        ProviderMessageRow.received_at >= bindparam("since", required=True),
    )
    .order_by(ProviderMessageRow.received_at)
    .limit(AT_ONCE_MAX)
)
LAST_OF_EACH = Statement(
    select(ProviderMessageRow.method, func.max(ProviderMessageRow.received_at)).group_by(
        ProviderMessageRow.method
    )
)
COUNT_OPEN = Statement(
    select(func.count()).where(
        ProviderMessageRow.outcome == bindparam("which", required=True),
        ProviderMessageRow.received_at <= bindparam("before", required=True),
    )
)
FORGET = Statement(
    delete(ProviderMessageRow).where(
        ProviderMessageRow.received_at < bindparam("before", required=True)
    )
)


@dataclass(frozen=True, slots=True)
class Hearing:
    """How it stands with what providers tell: when each spoke last, how many messages name an
    attempt that does not come, and how many contradict the books.
    """

    last: dict[PaymentMethod, datetime]
    waiting: int
    refused: int


async def take_message(
    uow: UnitOfWork, method: PaymentMethod, told: Told, apply: Apply
) -> MessageOutcome | None:
    """Keep a message and do what it says. None if it came before: then nothing is done."""
    row_id = new_id()
    is_new = await uow.run(
        INSERT,
        id=row_id,
        method=method,
        message_id=told.message_id,
        told=msgspec.to_builtins(told),
        outcome=MessageOutcome.WAITING,
        reason=None,
        received_at=uow.now,
        handled_at=None,
    )
    return await handle(uow, row_id, method, told, apply) if is_new else None


async def handle(
    uow: UnitOfWork, row_id: str, method: PaymentMethod, told: Told, apply: Apply
) -> MessageOutcome:
    why = None
    try:
        async with uow.attempt():
            outcome = await apply(uow, method, told)
    except MessageRefused as refusal:
        outcome, why = MessageOutcome.REFUSED, str(refusal)[:REASON_LENGTH_MAX]
    if outcome is not MessageOutcome.WAITING:
        await uow.run(HANDLE, row_id=row_id, now_is=outcome, why=why, now=uow.now)
    return outcome


async def apply_waiting(uow: UnitOfWork, apply: Apply) -> int:
    """Messages that were quicker than our own books. Answers how many were applied."""
    applied = 0
    for row_id, method, told in await uow.rows(LIST_WAITING, since=uow.now - WAITING_MAX):
        outcome = await handle(uow, row_id, method, msgspec.convert(told, Told), apply)
        applied += outcome is MessageOutcome.APPLIED
    return applied


async def look_at_hearing(look: Look) -> Hearing:
    return Hearing(
        last=dict(await look.rows(LAST_OF_EACH)),
        waiting=int(
            await look.value(COUNT_OPEN, which=MessageOutcome.WAITING, before=look.now - LATE)
        ),
        refused=int(await look.value(COUNT_OPEN, which=MessageOutcome.REFUSED, before=look.now)),
    )


async def forget_old_messages(uow: UnitOfWork, _payload: dict[str, Any]) -> None:
    await uow.run(FORGET, before=uow.now - timedelta(days=KEPT_DAYS))
