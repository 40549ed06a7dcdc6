"""Opening hours as people read and type them: a week, and dates of their own. Pure.

Hours are typed as they are written on a door: `11:30-14:30, 17-23`, `6pm-2am`, `closed`. A closing
time that is not after the opening time means the next day.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from basis.errors import Invalid
from basis.sentences import Sentence
from kitchenasty.locations.hours import DAY_MINUTES, WeekHours, show_wall

SPANS_MAX = 6
DAYS_AT_ONCE_MAX = 366
TYPED_MAX = 200
PARTS = re.compile(r"\s*(?:[,;/+&\n]|\band\b|\bund\b)\s*")
TIME = r"(\d{1,2})(?:\s*[:.h]\s*(\d{2}))?\s*(am|pm|a\.m\.|p\.m\.|uhr)?"
SPAN = re.compile(rf"{TIME}\s*(?:[-–—]|to|bis)\s*{TIME}")
CLOSED = frozenset({"", "-", "–", "—", "closed", "zu", "geschlossen", "ruhetag"})
ALWAYS = frozenset({"24h", "24 h", "24/7", "always", "immer"})

Minutes = tuple[int, int]
"""From and to, in minutes after midnight; beyond 1440 it is the next day."""


class HoursUnreadable(Invalid):
    """What was typed is no opening hours; the sentence says how they are written."""


@dataclass(frozen=True, slots=True)
class DayHours:
    """The hours of one local date. `spans` as on a door: `("18:00", "02:00")`."""

    day: date
    spans: tuple[tuple[str, str], ...]
    note: str = ""
    is_dated: bool = False
    """Other hours than the week has, for this date alone."""


@dataclass(frozen=True, slots=True)
class DatedHours:
    """Days in a row with the same hours of their own, both ends included."""

    first: date
    last: date
    spans: tuple[tuple[str, str], ...]
    note: str = ""


def list_days(hours: WeekHours, first: date, count: int) -> list[DayHours]:
    """So many dates from `first` on, as guests are told."""
    return [day_of(hours, first + timedelta(days=offset)) for offset in range(count)]


def day_of(hours: WeekHours, day: date) -> DayHours:
    return DayHours(
        day,
        shown_spans(hours.minutes_on(day)),
        hours.notes.get(day, ""),
        is_dated=day in hours.exceptions,
    )


def list_dated(hours: WeekHours, since: date) -> list[DatedHours]:
    """The dates with other hours that are not over, days in a row together."""
    found: list[DatedHours] = []
    for day in sorted(one for one in hours.exceptions if one >= since):
        spans, note = shown_spans(hours.exceptions[day]), hours.notes.get(day, "")
        before = found[-1] if found else None
        same = before and (before.spans, before.note) == (spans, note)
        if before and same and before.last + timedelta(days=1) == day:
            found[-1] = DatedHours(before.first, day, spans, note)
        else:
            found.append(DatedHours(day, day, spans, note))
    return found


def shown_spans(minutes: Sequence[Minutes]) -> tuple[tuple[str, str], ...]:
    return tuple((show_wall(opens), show_closing(closes)) for opens, closes in joined(minutes))


def show_closing(minutes: int) -> str:
    """Midnight ends a day as 24:00; later it is the next day's time."""
    return "24:00" if minutes == DAY_MINUTES else show_wall(minutes)


def joined(minutes: Sequence[Minutes]) -> list[Minutes]:
    """Spans that touch are one."""
    found: list[Minutes] = []
    for opens, closes in sorted(minutes):
        if found and opens <= found[-1][1]:
            found[-1] = (found[-1][0], max(closes, found[-1][1]))
        else:
            found.append((opens, closes))
    return found


def typed_of(minutes: Sequence[Minutes]) -> str:
    """Hours as one would type them; empty for closed."""
    return ", ".join(f"{opens}-{closes}" for opens, closes in shown_spans(minutes))


def read_hours(text: str) -> tuple[tuple[str, str], ...]:
    """What somebody typed for a day, as wall times. Raises HoursUnreadable."""
    plain = " ".join(text.lower().split())
    if len(plain) > TYPED_MAX:
        raise unreadable(text)
    if plain in CLOSED:
        return ()
    if plain in ALWAYS:
        return (("00:00", "24:00"),)
    spans = [read_span(part) for part in PARTS.split(plain) if part]
    if len(spans) > SPANS_MAX:
        raise HoursUnreadable(Sentence.of("A day has up to {most} intervals.", most=SPANS_MAX))
    check_apart([minutes_of(span) for span in spans])
    return tuple((show_wall(opens), show_closing(closes)) for opens, closes in spans)


def read_span(text: str) -> Minutes:
    """The two times of the clock. Raises HoursUnreadable."""
    found = SPAN.fullmatch(text)
    if found is None:
        raise unreadable(text)
    opens, closes = read_time(found.groups()[:3], text), read_time(found.groups()[3:], text)
    return opens % DAY_MINUTES, closes


def read_time(parts: Sequence[str | None], text: str) -> int:
    """Hour, minute and half of the day, of the `text` that has them. Raises HoursUnreadable."""
    hour, minute, half = parts
    hours, minutes = int(hour or 0), int(minute or 0)
    if half in ("am", "pm", "a.m.", "p.m."):
        if not 1 <= hours <= 12:
            raise unreadable(text)
        hours = hours % 12 + (12 if half.startswith("p") else 0)
    total = hours * 60 + minutes
    if minutes > 59 or total > DAY_MINUTES:
        raise unreadable(text)
    return total


def unreadable(text: str) -> HoursUnreadable:
    return HoursUnreadable(
        Sentence.of(
            "“{text}” are no opening hours. Write them like 11:30-14:30, 17:00-23:00.",
            text=text[:40],
        )
    )


def minutes_of(span: Minutes) -> Minutes:
    """A span on the line of minutes: what does not end after its beginning ends the next day."""
    opens, closes = span
    return opens, closes if closes > opens else closes + DAY_MINUTES


def check_apart(spans: Sequence[Minutes]) -> None:
    """Raises HoursUnreadable for spans of one day that lie over each other."""
    for one, other in pairwise(sorted(spans)):
        if other[0] < one[1]:
            raise HoursUnreadable(
                Sentence.of(
                    "{one} and {other} lie over each other.",
                    one="-".join((show_wall(one[0]), show_closing(one[1]))),
                    other="-".join((show_wall(other[0]), show_closing(other[1]))),
                )
            )
