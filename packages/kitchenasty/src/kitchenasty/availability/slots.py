"""At which times a house seats guests. Pure: hours and terms in, instants out.

A day's times are counted from each opening on the wall clock of the house, every
`interval_minutes`, until `last_seating_minutes` before it closes, and never after it. A time in a
skipped hour does not exist; in a repeated hour the first of the two counts. A time is offered on
the date on which the house opened for it: half past midnight on Saturday is Friday's evening.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from kitchenasty.locations import WeekHours, parse_wall
from kitchenasty.reservation_terms import Terms

QUARTER = timedelta(minutes=15)
DAY_MINUTES = 1_440


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """A time on the wall clock of the house and the instant that it is. `day` is the date on which
    the house opened for it.
    """

    starts_at: datetime
    day: date
    wall: datetime

    @property
    def shown(self) -> str:
        """`18:30`."""
        return f"{self.wall:%H:%M}"


def slots_on(hours: WeekHours, terms: Terms, day: date) -> list[Slot]:
    """All times of a date, in order, whether they are past, full or not. What lies within hours
    that began the day before is offered there.
    """
    zone, gap = ZoneInfo(hours.zone), timedelta(minutes=max(terms.last_seating_minutes, 1))
    spans = hours.intervals_on(day)
    earlier = hours.intervals_on(day - timedelta(days=1))
    found: dict[datetime, Slot] = {}
    for opens, closes in hours.minutes_on(day):
        for minutes in range(opens, closes, terms.interval_minutes):
            slot = slot_at(zone, day, minutes)
            if slot is None or any(start <= slot.starts_at < end for start, end in earlier):
                continue
            if any(start <= slot.starts_at <= end - gap for start, end in spans):
                found.setdefault(slot.starts_at, slot)
    return [found[instant] for instant in sorted(found)]


def slot_at(zone: ZoneInfo, day: date, minutes: int) -> Slot | None:
    """The time so many minutes after midnight of a date; None where the clock jumps over it."""
    wall = datetime.combine(day, time()) + timedelta(minutes=minutes)
    instant = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) != wall:
        return None
    return Slot(instant, day, wall)


def find_slot(
    hours: WeekHours, terms: Terms, day: date, shown: str, *, any_minute: bool = False
) -> Slot | None:
    """The time that the house shows as `18:30` on a date. With `any_minute` it need not be one of
    those that guests are offered; it lies within the hours all the same.
    """
    found = next((slot for slot in slots_on(hours, terms, day) if slot.shown == shown), None)
    if found is not None or not any_minute:
        return found
    try:
        minutes = parse_wall(shown)
    except ValueError:
        return None
    spans, zone = hours.intervals_on(day), ZoneInfo(hours.zone)
    for late in (minutes, minutes + DAY_MINUTES):
        slot = slot_at(zone, day, late)
        if slot and any(start <= slot.starts_at < end for start, end in spans):
            return slot
    return None


def quarter_of(instant: datetime) -> datetime:
    """The start of the quarter of an hour that contains the instant; every zone of today keeps to
    quarters, so it is one on the wall clock too.
    """
    return instant.replace(minute=instant.minute // 15 * 15, second=0, microsecond=0)


def service_day(hours: WeekHours, instant: datetime) -> date:
    """The date on which the house opened for this instant; while it is closed, that of its wall."""
    today = instant.astimezone(ZoneInfo(hours.zone)).date()
    for day in (today - timedelta(days=1), today):
        if any(start <= instant < end for start, end in hours.intervals_on(day)):
            return day
    return today
