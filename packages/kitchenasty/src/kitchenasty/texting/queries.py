"""Statements about text messages, and what they give."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, func, select, update

from basis.kit.data.statements import Statement, insert_unless_there, one_of
from kitchenasty.kit.books import Look
from kitchenasty.texting.models import StoppedNumberRow, TextDayRow, TextRow
from kitchenasty.texting.states import NOT_SENT, TextState

LIST_LIMIT_MAX = 100
ABOUT_MAX = 10

INSERT = insert_unless_there(TextRow)
THIS = TextRow.id == bindparam("text_id", required=True)
NOTICE = select(
    TextRow.id,
    TextRow.kind,
    TextRow.recipient,
    TextRow.state,
    TextRow.created_at,
    TextRow.settled_at,
    TextRow.tries,
    TextRow.segments,
    TextRow.body,
    TextRow.error,
).order_by(TextRow.created_at.desc(), TextRow.id.desc())
LIST = Statement(NOTICE.limit(LIST_LIMIT_MAX))
ABOUT = Statement(
    NOTICE.where(TextRow.about_id == bindparam("thing_id", required=True)).limit(ABOUT_MAX)
)
COUNTS = Statement(
    select(TextRow.state, func.count())
    .where(TextRow.state.in_([TextState.WAITING, TextState.GIVEN_UP]))
    .group_by(TextRow.state)
)
FIND = Statement(
    select(
        TextRow.id,
        TextRow.kind,
        TextRow.recipient,
        TextRow.locale,
        TextRow.facts,
        TextRow.created_at,
        TextRow.useful_until,
        TextRow.tries,
    ).where(THIS, TextRow.state == TextState.WAITING)
)
TRY = Statement(
    update(TextRow).where(THIS, TextRow.state == TextState.WAITING).values(tries=TextRow.tries + 1)
)
SETTLE = Statement(
    update(TextRow)
    .where(THIS, TextRow.state == TextState.WAITING)
    .values(
        state=bindparam("after", required=True),
        settled_at=bindparam("settled", required=True),
        carrier_ref=func.coalesce(bindparam("ref", required=True), TextRow.carrier_ref),
        segments=func.coalesce(bindparam("long", required=True), TextRow.segments),
        body=bindparam("words", required=True),
        error=bindparam("why", required=True),
    )
)
REPORT = Statement(
    update(TextRow)
    .where(THIS, one_of(TextRow.state, "before"))
    .values(
        state=bindparam("after", required=True),
        settled_at=bindparam("now", required=True),
        error=bindparam("why", required=True),
    )
)
RECIPIENT = Statement(select(TextRow.recipient).where(THIS))
AGAIN = Statement(
    update(TextRow)
    .where(THIS, TextRow.state.in_(NOT_SENT))
    .values(
        state=TextState.WAITING,
        useful_until=bindparam("until", required=True),
        settled_at=None,
        error=None,
    )
)
TRIES = Statement(select(TextRow.tries).where(THIS))
FORGET = Statement(
    delete(TextRow).where(
        TextRow.state != TextState.WAITING,
        TextRow.created_at < bindparam("before", required=True),
    )
)
FORGET_DAYS = Statement(
    delete(TextDayRow).where(TextDayRow.day < bindparam("before", required=True))
)
STOP = insert_unless_there(StoppedNumberRow)
ALLOW = Statement(
    delete(StoppedNumberRow).where(StoppedNumberRow.sign == bindparam("of_number", required=True))
)
IS_STOPPED = Statement(
    select(StoppedNumberRow.sign).where(
        StoppedNumberRow.sign == bindparam("of_number", required=True)
    )
)
STOPPED = Statement(select(StoppedNumberRow.sign).where(one_of(StoppedNumberRow.sign, "signs")))
BEGIN_DAY = insert_unless_there(TextDayRow)
# One statement counts and checks: of many workers at the limit, one gets the last segment.
TAKE = Statement(
    update(TextDayRow)
    .where(
        TextDayRow.day == bindparam("of_day", required=True),
        TextDayRow.segments + bindparam("more", required=True) <= bindparam("most", required=True),
    )
    .values(segments=TextDayRow.segments + bindparam("more", required=True))
)
GIVE_BACK = Statement(
    update(TextDayRow)
    .where(TextDayRow.day == bindparam("of_day", required=True))
    .values(segments=TextDayRow.segments - bindparam("less", required=True))
)
TAKEN = Statement(
    select(TextDayRow.segments).where(TextDayRow.day == bindparam("of_day", required=True))
)


@dataclass(frozen=True, slots=True)
class TextNotice:
    """A text as the office sees it; what it says only if it was written down instead of sent."""

    id: str
    kind: str
    recipient: str
    state: TextState
    created_at: datetime
    settled_at: datetime | None
    tries: int
    segments: int | None
    body: str | None
    error: str | None


@dataclass(frozen=True, slots=True)
class TextTally:
    """How many texts wait, how many wait for a person, and what this day has cost so far."""

    waiting: int
    given_up: int
    segments_today: int


@dataclass(frozen=True, slots=True)
class WaitingText:
    id: str
    kind: str
    recipient: str
    locale: str
    facts: dict[str, Any]
    created_at: datetime
    useful_until: datetime
    tries: int


async def list_texts(look: Look) -> list[TextNotice]:
    """The newest hundred."""
    return notices_in(await look.rows(LIST))


async def list_texts_about(look: Look, thing_id: str) -> list[TextNotice]:
    """The newest few about an order or a reservation."""
    return notices_in(await look.rows(ABOUT, thing_id=thing_id))


def notices_in(rows: Iterable[Sequence[Any]]) -> list[TextNotice]:
    return [
        TextNotice(text_id, kind, recipient, TextState(state), *more)
        for text_id, kind, recipient, state, *more in rows
    ]


async def count_texts(look: Look) -> TextTally:
    found = {str(state): int(count) for state, count in await look.rows(COUNTS)}
    taken = await look.value(TAKEN, of_day=look.now.date())
    return TextTally(
        found.get(TextState.WAITING, 0), found.get(TextState.GIVEN_UP, 0), int(taken or 0)
    )


async def find_waiting(look: Look, text_id: str) -> WaitingText | None:
    row = await look.row(FIND, text_id=text_id)
    return None if row is None else WaitingText(*row)
