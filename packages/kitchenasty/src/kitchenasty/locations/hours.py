"""When a house is open. Pure: wall times and a zone in, instants out.

A week is a set of intervals that begin on a weekday and may end after midnight; a dated exception
replaces what the week says for its date. A house opens at the first instant at which its wall clock
has reached the opening time, and closes at the first instant after that at which the clock has
reached the closing time. That definition needs no special case for clock changes: an opening time
inside a skipped hour means the end of the gap, and a repeated hour is lived through once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from basis.kit.texts import whole_in

DAY_MINUTES = 1_440
SEARCH_DAYS = 60
DAYS_KEPT = 10_000
MINUTE = timedelta(minutes=1)

Span = tuple[datetime, datetime]
"""From one instant (included) to another (excluded), both in UTC."""


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """Open from `opens` to `closes`, minutes after local midnight of `weekday` (0 is Sunday, as
    the contract counts). `closes` above 1440 means the next day; at most 24 hours.
    """

    weekday: int
    opens: int
    closes: int

    def __post_init__(self) -> None:
        assert 0 <= self.weekday <= 6
        assert 0 <= self.opens < DAY_MINUTES
        assert self.opens < self.closes <= self.opens + DAY_MINUTES


@dataclass(frozen=True, slots=True)
class WeekHours:
    """The opening hours of one house. An empty exception means closed all day."""

    zone: str
    week: tuple[Interval, ...]
    exceptions: Mapping[date, tuple[tuple[int, int], ...]] = field(default_factory=dict)
    notes: Mapping[date, str] = field(default_factory=dict)
    """What guests are told about such a date."""

    def intervals_on(self, day: date) -> list[Span]:
        """The spans that begin on a local date, in order; touching ones are joined."""
        return list(spans_on(self.zone, day, self.minutes_on(day)))

    def is_open(self, instant: datetime) -> bool:
        today = instant.astimezone(ZoneInfo(self.zone)).date()
        return any(
            start <= instant < end
            for day in (today, today - timedelta(days=1))
            for start, end in self.intervals_on(day)
        )

    def open_until(self, instant: datetime) -> datetime | None:
        """When the span that contains the instant ends; None when closed."""
        for start, end in self.spans_from(instant):
            return end if start <= instant else None
        return None

    def next_opening(self, instant: datetime) -> datetime | None:
        """The next instant, later than this one, at which the house opens, within 60 days."""
        return next((start for start, _ in self.spans_from(instant) if start > instant), None)

    def spans_from(self, instant: datetime, *, days: int = SEARCH_DAYS) -> Iterator[Span]:
        """Spans that end after the instant, in order, for so many days; no two overlap."""
        today = instant.astimezone(ZoneInfo(self.zone)).date()
        open_span: Span | None = None
        for offset in range(-1, days + 1):
            for start, end in self.intervals_on(today + timedelta(days=offset)):
                if end <= instant:
                    continue
                if open_span is None:
                    open_span = (start, end)
                elif start <= open_span[1]:
                    open_span = (open_span[0], max(end, open_span[1]))
                else:
                    yield open_span
                    open_span = (start, end)
        if open_span is not None:
            yield open_span

    def minutes_on(self, day: date) -> tuple[tuple[int, int], ...]:
        """Spans in minutes after the local midnight of the date they begin on."""
        if day in self.exceptions:
            return tuple(self.exceptions[day])
        weekday = day.isoweekday() % 7
        return tuple((i.opens, i.closes) for i in self.week if i.weekday == weekday)


@lru_cache(DAYS_KEPT)
def spans_on(zone: str, day: date, minutes: tuple[tuple[int, int], ...]) -> tuple[Span, ...]:
    """What is open on a local date; kept, since every page asks the same few days again."""
    where = ZoneInfo(zone)
    return join(
        (
            first_instant(where, wall_moment(day, opens)),
            first_instant(where, wall_moment(day, closes)),
        )
        for opens, closes in sorted(minutes)
    )


def wall_moment(day: date, minutes: int) -> datetime:
    """The naive wall time so many minutes after midnight; beyond 1440 it is the next day."""
    return datetime.combine(day, time()) + timedelta(minutes=minutes)


def first_instant(zone: ZoneInfo, wall: datetime) -> datetime:
    """The first instant at which the zone's wall clock shows `wall` or later."""
    instant = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) == wall:
        return instant
    # The wall time is skipped: the clock jumps over it somewhere between the two readings.
    early = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    late = instant
    while late - early > MINUTE:
        middle = early + (late - early) // 2
        middle = middle.replace(second=0, microsecond=0)
        if middle <= early:
            break
        if middle.astimezone(zone).replace(tzinfo=None) >= wall:
            late = middle
        else:
            early = middle
    return late


def join(spans: Iterator[Span]) -> tuple[Span, ...]:
    """Spans without overlap. Empty ones, swallowed by a skipped hour, are dropped."""
    joined: list[Span] = []
    for start, end in spans:
        if end <= start:
            continue
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)


def parse_wall(text: str) -> int:
    """`18:30` as minutes after midnight; `24:00` is allowed. Raises ValueError."""
    hours, _, minutes = text.partition(":")
    hour, minute = whole_in(hours), whole_in(minutes)
    if hour is None or minute is None or not len(hours) == len(minutes) == 2:
        raise ValueError(f"{text!r} is not a time like 18:30")
    total = hour * 60 + minute
    if minute > 59 or total > DAY_MINUTES:
        raise ValueError(f"{text!r} is not a time of day")
    return total


def show_wall(minutes: int) -> str:
    """Minutes after midnight as `18:30`; beyond midnight the clock begins again."""
    return f"{minutes % DAY_MINUTES // 60:02d}:{minutes % 60:02d}"
