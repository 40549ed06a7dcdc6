"""When a house is open: its week, and the dates with hours of their own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import bindparam, delete

from basis.ids import new_id
from basis.kit.data.statements import Statement, insert_into
from basis.sentences import Sentence
from kitchenasty import audit
from kitchenasty.kit.books import UnitOfWork
from kitchenasty.locations.drafts import IntervalDraft
from kitchenasty.locations.hours import DAY_MINUTES, parse_wall
from kitchenasty.locations.models import OpeningExceptionRow, OpeningIntervalRow
from kitchenasty.locations.queries import load_house, read_house
from kitchenasty.locations.refusals import HouseRefused
from kitchenasty.locations.versions import TOUCH
from kitchenasty.locations.views import House
from kitchenasty.locations.week import (
    DAYS_AT_ONCE_MAX,
    Minutes,
    check_apart,
    minutes_of,
    typed_of,
)

DATED_MAX = 1_000
"""How many dates with hours of their own a house keeps; a house is read as a whole."""

INSERT_INTERVAL = insert_into(OpeningIntervalRow)
INSERT_EXCEPTION = insert_into(OpeningExceptionRow)
CLEAR_WEEK = Statement(
    delete(OpeningIntervalRow).where(
        OpeningIntervalRow.house_id == bindparam("of_house", required=True)
    )
)
CLEAR_DAYS = Statement(
    delete(OpeningExceptionRow).where(
        OpeningExceptionRow.house_id == bindparam("of_house", required=True),
        OpeningExceptionRow.day >= bindparam("first_day", required=True),
        OpeningExceptionRow.day <= bindparam("last_day", required=True),
    )
)
CLEAR_BEFORE = Statement(
    delete(OpeningExceptionRow).where(
        OpeningExceptionRow.house_id == bindparam("of_house", required=True),
        OpeningExceptionRow.day < bindparam("first_day", required=True),
    )
)


async def replace_week(uow: UnitOfWork, house_id: str, hours: Sequence[IntervalDraft]) -> None:
    """Raises HouseRefused, HoursUnreadable."""
    days: dict[int, list[Minutes]] = defaultdict(list)
    for draft in hours:
        days[draft.weekday].append(span_of(draft.opens, draft.closes))
    for spans in days.values():
        check_apart(spans)
    await uow.run(CLEAR_WEEK, of_house=house_id)
    await uow.many(
        INSERT_INTERVAL,
        [
            {"id": new_id(), "house_id": house_id, "weekday": day, "opens": opens, "closes": closes}
            for day, spans in days.items()
            for opens, closes in spans
        ],
    )


async def set_week(uow: UnitOfWork, house_id: str, hours: Sequence[IntervalDraft]) -> House:
    """The opening hours of every week. Raises HouseNotFound, HouseRefused, HoursUnreadable."""
    before = await load_house(uow, house_id)
    await replace_week(uow, house_id, hours)
    await uow.run(TOUCH, of_house=house_id, now=uow.now)
    after = await read_house(uow, house_id)
    await tell(uow, house_id, week_told(before), week_told(after))
    return after


async def set_exception(
    uow: UnitOfWork,
    house_id: str,
    day: date,
    spans: Sequence[tuple[str, str]],
    *,
    until: date | None = None,
    note: str | None = None,
) -> House:
    """Other hours on a date, or on every date up to `until`; no spans means closed. They replace
    what these dates had. Raises HouseNotFound, HouseRefused, HoursUnreadable.
    """
    before = await load_house(uow, house_id)
    days = dates_in(day, until or day)
    minutes: list[Minutes] = [span_of(*span) for span in spans]
    check_apart(minutes)
    await clear_days(uow, house_id, days)
    rows: list[tuple[int | None, int | None]] = [*minutes] or [(None, None)]
    await uow.many(
        INSERT_EXCEPTION,
        [
            {
                "id": new_id(),
                "house_id": house_id,
                "day": one,
                "opens": o,
                "closes": c,
                "note": note,
            }
            for one in days
            for o, c in rows
        ],
    )
    await uow.run(TOUCH, of_house=house_id, now=uow.now)
    after = await read_house(uow, house_id)
    if len(after.hours.exceptions) > DATED_MAX:
        raise HouseRefused(Sentence.of("A house keeps up to {most} such days.", most=DATED_MAX))
    await tell(uow, house_id, dates_told(before, days), dates_told(after, days))
    return after


async def remove_exception(
    uow: UnitOfWork, house_id: str, day: date, *, until: date | None = None
) -> House:
    """The week holds again on these dates. Raises HouseNotFound, HouseRefused."""
    before = await load_house(uow, house_id)
    days = dates_in(day, until or day)
    await clear_days(uow, house_id, days)
    await uow.run(TOUCH, of_house=house_id, now=uow.now)
    after = await read_house(uow, house_id)
    await tell(uow, house_id, dates_told(before, days), dates_told(after, days))
    return after


async def clear_days(uow: UnitOfWork, house_id: str, days: Sequence[date]) -> None:
    """These, and those that were over long ago: nobody asks for them again."""
    await uow.run(CLEAR_DAYS, of_house=house_id, first_day=days[0], last_day=days[-1])
    long_ago = uow.now.date() - timedelta(days=DAYS_AT_ONCE_MAX)
    await uow.run(CLEAR_BEFORE, of_house=house_id, first_day=min(long_ago, days[0]))


def dates_in(first: date, last: date) -> list[date]:
    """Every date from the first to the last. Raises HouseRefused."""
    count = (last - first).days + 1
    if not 1 <= count <= DAYS_AT_ONCE_MAX:
        raise HouseRefused("The last day comes after the first, within a year.")
    return [first + timedelta(days=offset) for offset in range(count)]


def span_of(opens: str, closes: str) -> Minutes:
    """Two wall times as minutes; the second may be on the next day. Raises HouseRefused."""
    try:
        start, end = parse_wall(opens), parse_wall(closes)
    except ValueError as error:
        raise HouseRefused(f"Opening hours: {error}.") from error
    if start >= DAY_MINUTES:
        raise HouseRefused("Opening hours begin before midnight: 00:00 to 23:59.")
    return minutes_of((start, end))


def week_told(house: House) -> dict[str, Any]:
    """The week as the trail keeps it: Sunday first, as it is counted."""
    spans = house.hours.week
    return {
        "week": [
            typed_of([(one.opens, one.closes) for one in spans if one.weekday == day])
            for day in range(7)
        ]
    }


def dates_told(house: House, days: Sequence[date]) -> dict[str, Any]:
    """What the trail keeps of some dates: their first and last, and the hours of the first."""
    first = days[0]
    spans = house.hours.exceptions.get(first)
    return {
        "day": first.isoformat(),
        "until": days[-1].isoformat(),
        "hours": None if spans is None else typed_of(spans),
        "note": house.hours.notes.get(first),
    }


async def tell(
    uow: UnitOfWork, house_id: str, before: dict[str, Any], after: dict[str, Any]
) -> None:
    await audit.record(
        uow,
        action="update",
        entity="Location",
        entity_id=house_id,
        before=before,
        after=after,
    )
