"""Counting the drawer and closing the day: what should be in it, what is, and why they differ."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, func, select

from basis.ids import new_id
from basis.kit.data.statements import Row, Statement, insert_unless_there
from kitchenasty import audit, locations, payments
from kitchenasty.kit.books import Look, UnitOfWork
from kitchenasty.kit.principals import Role
from kitchenasty.till.models import CashCountRow
from kitchenasty.till.rules import (
    CLOSING,
    REASON_LENGTH_MAX,
    CountedMeanwhile,
    CountKind,
    DayClosed,
    DayNotBegun,
    Drawer,
    NotYoursToClose,
    ReasonNeeded,
    bounds_of,
)
from kitchenasty.till.views import CashCount, CashDay

COUNTS_MAX = 200

NAMES = tuple(CashCount.__dataclass_fields__)
SELECTED = tuple(getattr(CashCountRow, name) for name in NAMES)
OF_DAY = Statement(
    select(*SELECTED)
    .where(
        CashCountRow.house_id == bindparam("house_id", required=True),
        CashCountRow.day == bindparam("day", required=True),
    )
    .order_by(CashCountRow.number)
    .limit(COUNTS_MAX)
)
LAST_FLOAT = Statement(
    select(CashCountRow.float_minor)
    .where(
        CashCountRow.house_id == bindparam("house_id", required=True),
        CashCountRow.day < bindparam("day", required=True),
        CashCountRow.kind.in_(CLOSING),
        CashCountRow.currency == bindparam("currency", required=True),
    )
    .order_by(CashCountRow.day.desc(), CashCountRow.number.desc())
    .limit(1)
)
LAST_CLOSE = Statement(
    select(func.max(CashCountRow.close_number)).where(
        CashCountRow.house_id == bindparam("house_id", required=True)
    )
)
LATEST = Statement(
    select(CashCountRow.day, *SELECTED)
    .where(
        CashCountRow.house_id == bindparam("house_id", required=True),
        CashCountRow.kind.in_(CLOSING),
    )
    .order_by(CashCountRow.day.desc(), CashCountRow.number.desc())
    .limit(bindparam("most", required=True))
)
KEEP = insert_unless_there(CashCountRow)


async def look_at_day(look: Look, house: locations.House, day: date) -> CashDay:
    """The day's cash as it is known now. Whoever asks has been checked to see the house."""
    since, until = bounds_of(day, house.zone)
    of_day = {"house_id": house.id, "day": day.isoformat()}
    last_float = await look.value(LAST_FLOAT, currency=house.currency, **of_day)
    return CashDay(
        house,
        day,
        await payments.sum_cash(look, house.id, house.currency, since, until),
        tuple(count_of(row) for row in await look.rows(OF_DAY, **of_day)),
        int(last_float or 0),
    )


async def list_closed(
    look: Look, house: locations.House, *, most: int
) -> list[tuple[date, CashCount]]:
    """The days that were closed last, corrections beside them, newest first."""
    found = await look.rows(LATEST, house_id=house.id, most=most)
    return [(date.fromisoformat(row[0]), count_of(row[1:])) for row in found]


async def count_drawer(
    uow: UnitOfWork, house: locations.House, day: date, drawer: Drawer, *, seen_number: int
) -> CashCount:
    """Somebody of the house counted. They need not know what should be in it.

    Raises DayNotBegun, CountRefused, DayClosed, CountedMeanwhile.
    """
    found = await begin(uow, house, day, drawer, seen_number=seen_number)
    if found.closed is not None:
        raise DayClosed("This day is closed. A manager can correct it.")
    return await keep(uow, found, CountKind.COUNT, drawer, reason=None)


async def close_day(
    uow: UnitOfWork,
    house: locations.House,
    day: date,
    drawer: Drawer,
    *,
    reason: str,
    seen_number: int,
) -> CashCount:
    """Close the day on what was counted; a day that is closed is corrected, and both are kept.

    Raises NotYoursToClose, DayNotBegun, CountRefused, ReasonNeeded, CountedMeanwhile.
    """
    if not uow.actor.has_role(Role.MANAGER):
        raise NotYoursToClose("Managers and owners close the day.")
    found = await begin(uow, house, day, drawer, seen_number=seen_number)
    why = reason.strip()[:REASON_LENGTH_MAX] or None
    kind = CountKind.CLOSE if found.closed is None else CountKind.CORRECTION
    difference = drawer.counted_minor - expected(found, drawer)
    if why is None and (difference or kind is CountKind.CORRECTION):
        raise ReasonNeeded(
            "Please say why it is corrected."
            if kind is CountKind.CORRECTION
            else "Please say why there is more or less than there should be."
        )
    return await keep(uow, found, kind, drawer, reason=why)


async def begin(
    uow: UnitOfWork, house: locations.House, day: date, drawer: Drawer, *, seen_number: int
) -> CashDay:
    """The day, still as it was seen. Raises DayNotBegun, CountRefused, CountedMeanwhile."""
    if day > uow.now.astimezone(ZoneInfo(house.zone)).date():
        raise DayNotBegun("This day has not begun yet.")
    drawer.check(house.currency)
    found = await look_at_day(uow, house, day)
    if found.number != seen_number:
        raise counted_meanwhile()
    return found


def counted_meanwhile() -> CountedMeanwhile:
    return CountedMeanwhile("Somebody else has counted meanwhile. Please look again.")


def expected(found: CashDay, drawer: Drawer) -> int:
    flow = found.flow
    return drawer.expected_minor(taken_minor=flow.taken_minor, returned_minor=flow.returned_minor)


async def keep(
    uow: UnitOfWork,
    found: CashDay,
    kind: CountKind,
    drawer: Drawer,
    *,
    reason: str | None,
) -> CashCount:
    """Write it down under the next number. Of two who have seen the same last one at once, one
    finds the next taken; so does one of two who close different days of a house at once.
    """
    made = CashCount(
        number=found.number + 1,
        close_number=await next_close(uow, found) if kind in CLOSING else None,
        kind=kind,
        currency=found.house.currency,
        float_minor=drawer.float_minor,
        taken_minor=found.flow.taken_minor,
        tips_minor=found.flow.tips_minor,
        returned_minor=found.flow.returned_minor,
        paid_in_minor=drawer.paid_in_minor,
        paid_out_minor=drawer.paid_out_minor,
        expected_minor=expected(found, drawer),
        counted_minor=drawer.counted_minor,
        pieces={value: count for value, count in drawer.pieces.items() if count},
        reason=reason,
        made_at=uow.now,
        made_by_name=uow.actor.name,
    )
    if not await uow.run(KEEP, **row_of(uow, found, made)):
        raise counted_meanwhile()
    await audit.record(
        uow,
        action=kind.value.lower(),
        entity="CashDay",
        entity_id=found.house.id,
        before=trace_of(found.day, found.last),
        after=trace_of(found.day, made),
    )
    return made


async def next_close(look: Look, found: CashDay) -> int:
    return int(await look.value(LAST_CLOSE, house_id=found.house.id) or 0) + 1


def row_of(uow: UnitOfWork, found: CashDay, made: CashCount) -> dict[str, object]:
    values = {name: getattr(made, name) for name in NAMES}
    return {
        **values,
        "id": new_id(),
        "house_id": found.house.id,
        "day": found.day.isoformat(),
        "pieces": sorted(made.pieces.items(), reverse=True),
        "made_by": uow.actor.label,
    }


def trace_of(day: date, count: CashCount | None) -> dict[str, object] | None:
    if count is None:
        return None
    return {
        "day": day.isoformat(),
        "number": count.number,
        "expected_minor": count.expected_minor,
        "counted_minor": count.counted_minor,
        "reason": count.reason,
    }


def count_of(row: Row) -> CashCount:
    values = dict(zip(NAMES, row, strict=True))
    values["kind"] = CountKind(values["kind"])
    values["pieces"] = {int(value): int(count) for value, count in values["pieces"]}
    return CashCount(**values)
