"""A month as a page shows it: weeks as rows, each day with what can be done with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton

from basis.sentences import word
from kitchenasty.availability import CalendarDay, DayState
from kitchenasty.kit.http.i18n import current_locale, translate
from kitchenasty.reserving.guest_forms import month_before, next_month

DAY_WORDS = {
    DayState.FREE: word("free"),
    DayState.FULL: word("full"),
    DayState.CLOSED: word("closed"),
    DayState.OVER: word("over"),
    DayState.NOT_YET: word("cannot be booked yet"),
}
WEEK = 7

Address = Callable[[CalendarDay], str | None]
"""Where a day leads; None where nothing can be done with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One day. `told` says all of it to who does not see the sheet."""

    day: date
    kind: str
    told: str
    href: str | None
    is_today: bool
    is_chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthSheet:
    """`weekdays` are short and full names. An empty place of a week is None. `earlier` and `later`:
    months that can be asked for, as `2030-05`.
    """

    title: str
    weekdays: tuple[tuple[str, str], ...]
    weeks: tuple[tuple[Cell | None, ...], ...]
    notes: tuple[tuple[date, str], ...]
    kinds: frozenset[str]
    earlier: str | None
    later: str | None


def draw_month(
    days: Sequence[CalendarDay],
    *,
    today: date,
    last_day: date,
    chosen: date | None,
    country: str,
    address: Address,
) -> MonthSheet:
    """The days of one month, all of them. `last_day` is the last that guests may book."""
    month = days[0].day
    first_weekday = first_weekday_in(country)
    cells = [cell_of(one, today=today, chosen=chosen, href=address(one)) for one in days]
    before, following = month_before(month), next_month(month)
    return MonthSheet(
        title=format_skeleton("yMMMM", month, locale=current_locale.get()),
        weekdays=weekday_names(first_weekday),
        weeks=weeks_of(cells, (month.weekday() - first_weekday) % WEEK),
        notes=tuple((one.day, one.note) for one in days if one.note),
        kinds=frozenset(cell.kind for cell in cells),
        earlier=None if month <= today else f"{before:%Y-%m}",
        later=None if following > last_day else f"{following:%Y-%m}",
    )


def cell_of(one: CalendarDay, *, today: date, chosen: date | None, href: str | None) -> Cell:
    locale = current_locale.get()
    said = [
        format_date(one.day, "EEEE", locale=locale),
        format_skeleton("yMMMMd", one.day, locale=locale),
        translate(DAY_WORDS[one.state]),
    ]
    if one.day == today:
        said.append(translate("today"))
    if one.note:
        said.append(one.note)
    return Cell(
        day=one.day,
        kind=one.state.value.lower().replace("_", "-"),
        told=", ".join(said),
        href=href,
        is_today=one.day == today,
        is_chosen=one.day == chosen,
    )


def weeks_of(cells: Sequence[Cell], empty: int) -> tuple[tuple[Cell | None, ...], ...]:
    places: list[Cell | None] = [None] * empty + list(cells)
    places += [None] * (-len(places) % WEEK)
    return tuple(tuple(places[start : start + WEEK]) for start in range(0, len(places), WEEK))


def first_weekday_in(country: str) -> int:
    """0 is Monday. Languages do not say it, countries do; Monday where nobody knows."""
    try:
        return Locale.parse(f"und_{country}").first_week_day
    except (UnknownLocaleError, ValueError):
        return 0


def weekday_names(first: int) -> tuple[tuple[str, str], ...]:
    monday = date(2024, 1, 1)
    days = [monday + timedelta(days=(first + offset) % WEEK) for offset in range(WEEK)]
    locale = Locale.parse(current_locale.get())
    names = locale.days["stand-alone"]
    return tuple((names["short"][day.weekday()], names["wide"][day.weekday()]) for day in days)
