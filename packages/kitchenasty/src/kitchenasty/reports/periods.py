"""Periods of a house's own days, and the period before each. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

DAY = timedelta(days=1)
DAYS_MAX = 3 * 366
"""The longest period that is shown: three years."""
BY_DAY_UP_TO = 45
BY_WEEK_UP_TO = 26 * 7


class PeriodName(StrEnum):
    TODAY = "today"
    YESTERDAY = "yesterday"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"
    FROM_TO = "from-to"


class Step(StrEnum):
    """What one bar of a chart stands for."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Whole days, the first and the last of them included."""

    first: date
    last: date

    @property
    def length(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def step(self) -> Step:
        if self.length <= BY_DAY_UP_TO:
            return Step.DAY
        return Step.WEEK if self.length <= BY_WEEK_UP_TO else Step.MONTH

    def days(self) -> Iterator[date]:
        return (self.first + n * DAY for n in range(self.length))

    def until(self, last: date) -> Span:
        return Span(self.first, min(self.last, last))


@dataclass(frozen=True, slots=True)
class Parts:
    """A span as it is read: the whole months in it, if any, and the days around them."""

    days: tuple[Span, ...]
    months: Span | None


@dataclass(frozen=True, slots=True)
class Period:
    """What was asked for. A week begins on Monday; week, month and year go on until today."""

    name: PeriodName
    typed: Span | None = None

    def span(self, today: date) -> Span:
        if self.typed is not None:
            return self.typed
        if self.name is PeriodName.YESTERDAY:
            return Span(today - DAY, today - DAY)
        return Span(first_of(self.name, today), today)

    def before(self, today: date) -> Span:
        """What it is compared with: as many days of the week, month or year before, at most all of
        them; else the same number of days just before.
        """
        span = self.span(today)
        if self.name is PeriodName.WEEK:
            return Span(span.first - 7 * DAY, span.last - 7 * DAY)
        if self.name in (PeriodName.MONTH, PeriodName.YEAR):
            end = span.first - DAY
            first = first_of(self.name, end)
            if self.name is PeriodName.YEAR:
                return Span(first, same_day_a_year_before(span.last))
            return Span(first, min(first + (span.length - 1) * DAY, end))
        return Span(span.first - span.length * DAY, span.first - DAY)


def first_of(name: PeriodName, day: date) -> date:
    """The first day of the week, month or year that has this day in it."""
    if name is PeriodName.WEEK:
        return day - day.weekday() * DAY
    if name is PeriodName.MONTH:
        return day.replace(day=1)
    if name is PeriodName.YEAR:
        return day.replace(month=1, day=1)
    return day


def parts_of(span: Span) -> Parts:
    begin = span.first if span.first.day == 1 else month_after(span.first)
    end = first_of(PeriodName.MONTH, span.last + DAY)
    if begin >= end:
        return Parts((span,), None)
    around = (Span(span.first, begin - DAY), Span(end, span.last))
    return Parts(tuple(one for one in around if one.length > 0), Span(begin, end - DAY))


def month_after(day: date) -> date:
    """The first day of the next month."""
    return first_of(PeriodName.MONTH, day.replace(day=28) + 4 * DAY)


def same_day_a_year_before(day: date) -> date:
    """The 29th of February is compared with the 28th."""
    is_leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year - 1, day=28 if is_leap_day else day.day)


def period_of(name: str, first: str, last: str) -> Period:
    """What an address asks for. Days that are no days, the wrong way round or too many of them are
    put right rather than refused: an address is typed and shared.
    """
    known = PeriodName(name) if name in set(PeriodName) else PeriodName.WEEK
    if known is not PeriodName.FROM_TO:
        return Period(known)
    days = sorted(day for day in (day_or_none(first), day_or_none(last)) if day is not None)
    if not days:
        return Period(PeriodName.WEEK)
    longest = days[0] + (DAYS_MAX - 1) * DAY
    return Period(PeriodName.FROM_TO, Span(days[0], min(days[-1], longest)))


def day_or_none(text: str) -> date | None:
    """Within a thousand years of ours, so that one can count on from it."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 1900 <= day.year <= 2900 else None


def steps_of(span: Span) -> list[tuple[date, date]]:
    """The bars of a chart: first and last day of each, cut off at the ends of the span."""
    found: list[tuple[date, date]] = []
    for day in span.days():
        begins = found and begins_anew(day, span.step)
        if not found or begins:
            found.append((day, day))
        else:
            found[-1] = (found[-1][0], day)
    return found


def begins_anew(day: date, step: Step) -> bool:
    if step is Step.DAY:
        return True
    return day.weekday() == 0 if step is Step.WEEK else day.day == 1
