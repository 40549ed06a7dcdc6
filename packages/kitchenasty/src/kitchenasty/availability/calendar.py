"""The days of a month as a guest sees them. One question each for tables, stays and arrivals,
whatever was booked before.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from kitchenasty import locations
from kitchenasty.availability.queries import list_arrivals, list_stays, load_floor
from kitchenasty.availability.service import DAY, DayBook, check_asked, is_bookable
from kitchenasty.availability.slots import QUARTER, slots_on
from kitchenasty.availability.views import Floor, Stay, Wish
from kitchenasty.kit.books import Look
from kitchenasty.reservation_terms import STAY_MINUTES_MAX, load_terms

REACH = timedelta(minutes=STAY_MINUTES_MAX)
"""No stay that begins on a day ends later than so long after its last time."""


class DayState(StrEnum):
    FREE = "FREE"
    FULL = "FULL"
    CLOSED = "CLOSED"
    OVER = "OVER"
    NOT_YET = "NOT_YET"


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """`note`: what the house says about a date with hours of its own."""

    day: date
    state: DayState
    note: str | None = None


async def list_month(
    look: Look, house_id: str, month: date, party: int, *, ignored: str | None = None
) -> list[CalendarDay]:
    """Every day of the month that contains `month`. `ignored`: the reservation that is to be
    changed, whose own tables are free for it. Raises HouseNotFound, WishRefused, NoReservations.
    """
    days = days_of(month)
    house = await locations.load_house(look, house_id)
    terms = await load_terms(look, house_id)
    book = DayBook(
        house=house,
        terms=terms,
        floor=Floor(house_id=house_id, seats=()),
        stays=(),
        arrivals={},
        slots=(),
        ignored=ignored,
    )
    wish = Wish(house_id=house_id, day=days[0], shown="", party=party)
    check_asked(look, book, wish)
    slots = {day: tuple(slots_on(house.hours, terms, day)) for day in days}
    times = [slot.starts_at for found in slots.values() for slot in found]
    if times:
        period = min(times), max(times) + REACH
        book = replace(
            book,
            floor=await load_floor(look, house_id),
            arrivals=await list_arrivals(look, house_id, (period[0] - QUARTER, period[1])),
        )
        stays = by_day(await list_stays(look, house_id, period))
    else:
        stays = {}
    return [
        CalendarDay(
            day,
            state_of(look, replace(book, slots=slots[day], stays=near(stays, day)), wish),
            house.hours.notes.get(day),
        )
        for day in days
    ]


def days_of(month: date) -> list[date]:
    first = month.replace(day=1)
    following = (first + timedelta(days=31)).replace(day=1)
    return [first + timedelta(days=offset) for offset in range((following - first).days)]


def by_day(stays: list[Stay]) -> dict[date, list[Stay]]:
    """Stays by the dates in UTC that they touch; a block may last for months."""
    found: dict[date, list[Stay]] = defaultdict(list)
    for stay in stays:
        day = stay.starts_at.date()
        while day <= stay.ends_at.date():
            found[day].append(stay)
            day += DAY
    return found


def near(stays: dict[date, list[Stay]], day: date) -> tuple[Stay, ...]:
    """What can matter to an evening of that date, in whichever zone the house lies."""
    around = {
        stay.id: stay for offset in (-1, 0, 1, 2) for stay in stays.get(day + offset * DAY, ())
    }
    return tuple(around.values())


def state_of(look: Look, book: DayBook, wish: Wish) -> DayState:
    if not book.slots:
        return DayState.CLOSED
    bookable = [slot for slot in book.slots if is_bookable(look, book.terms, slot)]
    if not bookable:
        is_over = book.slots[-1].starts_at <= look.now + timedelta(
            minutes=book.terms.notice_minutes
        )
        return DayState.OVER if is_over else DayState.NOT_YET
    is_free = any(book.is_free(slot, wish) for slot in bookable)
    return DayState.FREE if is_free else DayState.FULL
