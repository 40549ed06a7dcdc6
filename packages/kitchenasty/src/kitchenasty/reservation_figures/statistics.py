"""What a house learns from its reservations. Pure: bookings in, distributions out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from kitchenasty.reservations import Source, Status

LEAD_BUCKETS = (
    ("same-day", 0),
    ("1-2d", 2),
    ("3-7d", 7),
    ("8-14d", 14),
)
"""How many days ahead somebody booked, each up to this many; more is the last."""
LONG_AHEAD = "15d+"
CAME = (Status.SEATED, Status.COMPLETED)


@dataclass(frozen=True, slots=True)
class Booking:
    """One reservation as far as it is counted. `hour` and `booked_on` are by the clock of its
    house; `day` is the date on which the house opened for it.
    """

    day: date
    hour: int
    party: int
    status: Status
    source: Source
    booked_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Statistics:
    """Of the days from `first` to `last`, both included. `covers` are the people who came."""

    first: date
    last: date
    reservations: int
    guests: int
    covers: int
    came: int
    absent: int
    walk_ins: int
    days: tuple[tuple[date, int, int], ...]
    weekdays: tuple[int, ...]
    parties: dict[int, int]
    statuses: dict[Status, int]
    hours: dict[int, int]
    leads: dict[str, int]

    @property
    def average_party(self) -> float:
        return round(self.guests / self.reservations, 2) if self.reservations else 0.0

    @property
    def completion_rate(self) -> float:
        """The part of all that came, from 0 to 1."""
        return round(self.came / self.reservations, 4) if self.reservations else 0.0

    @property
    def absence_rate(self) -> float:
        """The part that did not come of those whose time has come, from 0 to 1."""
        due = self.came + self.absent
        return round(self.absent / due, 4) if due else 0.0


def summarise(bookings: Sequence[Booking], first: date, last: date) -> Statistics:
    """Every day is there, also one on which nobody came; Sunday is weekday 0 as in the contract."""
    by_day, people = Counter[date](), Counter[date]()
    for one in bookings:
        by_day[one.day] += 1
        people[one.day] += one.party
    weekdays = Counter(one.day.isoweekday() % 7 for one in bookings)
    came = [one for one in bookings if one.status in CAME]
    statuses = Counter(one.status for one in bookings)
    return Statistics(
        first=first,
        last=last,
        reservations=len(bookings),
        guests=sum(one.party for one in bookings),
        covers=sum(one.party for one in came),
        came=len(came),
        absent=statuses[Status.NO_SHOW],
        walk_ins=sum(one.source is Source.WALK_IN for one in bookings),
        days=tuple((day, by_day[day], people[day]) for day in days_from(first, last)),
        weekdays=tuple(weekdays[day] for day in range(7)),
        parties=dict(sorted(Counter(one.party for one in bookings).items())),
        statuses={status: statuses[status] for status in Status},
        hours=dict(sorted(Counter(one.hour for one in bookings).items())),
        leads=count_leads(bookings),
    )


def days_from(first: date, last: date) -> list[date]:
    return [first + timedelta(days=offset) for offset in range((last - first).days + 1)]


def count_leads(bookings: Iterable[Booking]) -> dict[str, int]:
    counted = Counter(bucket_of((one.day - one.booked_on).days) for one in bookings)
    return {name: counted[name] for name in (*(name for name, _ in LEAD_BUCKETS), LONG_AHEAD)}


def bucket_of(days: int) -> str:
    return next((name for name, most in LEAD_BUCKETS if days <= most), LONG_AHEAD)
