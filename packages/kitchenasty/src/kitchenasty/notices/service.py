"""Asking for a letter, and looking at what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, delete, func, select, update

from basis.errors import NotFound
from basis.ids import new_id
from basis.kit.data.statements import Statement, insert_into
from kitchenasty.kit.books import Look, UnitOfWork
from kitchenasty.kit.http.i18n import current_locale
from kitchenasty.kit.identity.sign_in import check_email
from kitchenasty.notices.models import NoticeRow
from kitchenasty.notices.states import NoticeState

LIST_LIMIT_MAX = 100
KEPT_DAYS = 30
AGAIN_USEFUL = timedelta(days=1)

INSERT = insert_into(NoticeRow)
LIST = Statement(
    select(
        NoticeRow.id,
        NoticeRow.kind,
        NoticeRow.recipient,
        NoticeRow.state,
        NoticeRow.created_at,
        NoticeRow.settled_at,
        NoticeRow.tries,
        NoticeRow.error,
    )
    .order_by(NoticeRow.created_at.desc(), NoticeRow.id.desc())
    .limit(LIST_LIMIT_MAX)
)
A_DAY = timedelta(days=1)
COUNTS = Statement(
    select(NoticeRow.state, func.count(), func.min(NoticeRow.created_at).label("oldest"))
    .where(NoticeRow.state.in_([NoticeState.WAITING, NoticeState.GIVEN_UP]))
    .group_by(NoticeRow.state)
)
SENT_SINCE = Statement(
    select(func.count()).where(
        NoticeRow.state == NoticeState.SENT,
        NoticeRow.created_at >= bindparam("since", required=True),
    )
)
AGAIN = Statement(
    update(NoticeRow)
    .where(
        NoticeRow.id == bindparam("notice_id", required=True),
        NoticeRow.state == NoticeState.GIVEN_UP,
    )
    .values(
        state=NoticeState.WAITING,
        try_at=bindparam("now", required=True),
        useful_until=bindparam("until", required=True),
        settled_at=None,
    )
)
FORGET = Statement(
    delete(NoticeRow).where(
        NoticeRow.state != NoticeState.WAITING,
        NoticeRow.created_at < bindparam("before", required=True),
    )
)


class NoticeNotFound(NotFound):
    def __init__(self) -> None:
        super().__init__("This letter does not wait for anybody any more.")


@dataclass(frozen=True, slots=True)
class Notice:
    """A letter as the office sees it: to whom and how it went, not what it says."""

    id: str
    kind: str
    recipient: str
    state: NoticeState
    created_at: datetime
    settled_at: datetime | None
    tries: int
    error: str | None


@dataclass(frozen=True, slots=True)
class Tally:
    """How many letters wait and since when the oldest does, and how many were given up."""

    waiting: int = 0
    oldest_at: datetime | None = None
    given_up: int = 0


async def send_notice(
    uow: UnitOfWork,
    kind: str,
    *,
    recipient: str,
    facts: Mapping[str, Any],
    useful_for: timedelta,
    locale: str | None = None,
) -> str:
    """Have a letter sent exactly if this change happens; its id. It is written when it is sent, in
    the language of this request unless another is named, and tried as long as it is useful.

    Raises EmailRefused.
    """
    notice_id = new_id()
    await uow.run(
        INSERT,
        id=notice_id,
        kind=kind,
        recipient=check_email(recipient),
        locale=locale or current_locale.get(),
        facts=dict(facts),
        state=NoticeState.WAITING,
        created_at=uow.now,
        useful_until=uow.now + useful_for,
        try_at=uow.now,
        claimed_until=None,
        tries=0,
        settled_at=None,
        error=None,
    )
    return notice_id


async def list_notices(look: Look) -> list[Notice]:
    """The newest hundred."""
    return [
        Notice(notice_id, kind, recipient, NoticeState(state), *more)
        for notice_id, kind, recipient, state, *more in await look.rows(LIST)
    ]


async def count_notices(look: Look) -> Tally:
    found = {state: (count, instant(oldest)) for state, count, oldest in await look.rows(COUNTS)}
    waiting, oldest_at = found.get(NoticeState.WAITING, (0, None))
    return Tally(waiting, oldest_at, found.get(NoticeState.GIVEN_UP, (0, None))[0])


async def list_figures(look: Look) -> list[tuple[str, str, float]]:
    """What whoever watches the server wants to know of letters; bounded by what was written today
    and what waits.
    """
    tally = await count_notices(look)
    late = (look.now - tally.oldest_at).total_seconds() if tally.oldest_at else 0.0
    sent = int(await look.value(SENT_SINCE, since=look.now - A_DAY))
    return [
        ("letters_sent_last_day", "Letters written within 24 hours that were sent", sent),
        ("letters_waiting", "Letters on their way", tally.waiting),
        ("letters_waiting_seconds", "Age of the oldest of them", max(late, 0.0)),
        ("letters_failed", "Letters that were given up and wait for a person", tally.given_up),
    ]


def instant(value: datetime | str | None) -> datetime | None:
    """SQLite's `min` of an instant is its text."""
    return datetime.fromisoformat(value) if isinstance(value, str) else value


async def send_again(uow: UnitOfWork, notice_id: str) -> None:
    """Try a letter that was given up for another day. Raises NoticeNotFound."""
    until = uow.now + AGAIN_USEFUL
    if not await uow.run(AGAIN, notice_id=notice_id, now=uow.now, until=until):
        raise NoticeNotFound


async def forget_old_notices(uow: UnitOfWork, _payload: dict[str, Any]) -> None:
    """Whom we wrote to is forgotten after a month."""
    await uow.run(FORGET, before=uow.now - timedelta(days=KEPT_DAYS))
