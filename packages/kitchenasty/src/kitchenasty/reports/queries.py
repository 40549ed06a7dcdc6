"""Reading the figures: sums over the days of a period, whatever the number of orders."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, bindparam, func, select
from sqlalchemy.orm import InstrumentedAttribute

from basis.kit.data.statements import Statement, one_of
from kitchenasty.kit.books import Look
from kitchenasty.reports.entries import NOTHING, Figure, Kind
from kitchenasty.reports.models import FigureRow, MonthFigureRow
from kitchenasty.reports.periods import Span, parts_of

Figures = type[FigureRow | MonthFigureRow]


def between(model: Figures, when: InstrumentedAttribute[str]) -> tuple[ColumnElement[bool], ...]:
    return (
        one_of(model.house_id, "houses"),
        one_of(model.kind, "kinds"),
        when >= bindparam("first", required=True),
        when <= bindparam("last", required=True),
    )


def summed(
    model: Figures, when: InstrumentedAttribute[str], by: InstrumentedAttribute[str]
) -> Statement:
    amounts = (func.sum(getattr(model, name)) for name in Figure._fields)
    columns = (model.currency, model.kind, by)
    return Statement(select(*columns, *amounts).where(*between(model, when)).group_by(*columns))


def counted(model: Figures, when: InstrumentedAttribute[str]) -> Statement:
    """New guests have no day before; of the others, each is met once: when they came first."""
    had_come = model.key < bindparam("begins", required=True)
    return Statement(
        select(model.kind, func.sum(model.times))
        .where(*between(model, when), had_come)
        .group_by(model.kind)
    )


BY_KEY = summed(FigureRow, FigureRow.day, FigureRow.key)
BY_KEY_MONTHS = summed(MonthFigureRow, MonthFigureRow.month, MonthFigureRow.key)
BY_DAY = summed(FigureRow, FigureRow.day, FigureRow.day)
GUESTS = counted(FigureRow, FigureRow.day)
GUESTS_MONTHS = counted(MonthFigureRow, MonthFigureRow.month)
OF_GUESTS = (Kind.NEW_GUEST, Kind.RETURN)


@dataclass(slots=True)
class Sums:
    """The figures of one currency: of each kind by key, and by day where that was asked for."""

    by_key: dict[Kind, dict[str, Figure]] = field(default_factory=lambda: defaultdict(dict))
    by_day: dict[Kind, dict[str, Figure]] = field(default_factory=lambda: defaultdict(dict))

    def total(self, kind: Kind) -> Figure:
        return added(self.by_key[kind].values())


@dataclass(frozen=True, slots=True)
class Guests:
    """Guests who say who they are; a guest of two houses is one of each. `returning` had ordered
    in the same house before the period began.
    """

    new: int = 0
    returning: int = 0

    @property
    def all(self) -> int:
        return self.new + self.returning


def added(figures: Collection[Figure]) -> Figure:
    total = NOTHING
    for figure in figures:
        total = total.plus(figure)
    return total


async def sum_figures(
    look: Look,
    spans: Sequence[tuple[Span, Sequence[str]]],
    kinds: Collection[Kind],
    *,
    daily: Collection[Kind] = (),
) -> dict[str, Sums]:
    """By currency, over houses that each have a span of their own: it is not the same day
    everywhere. `daily` are the kinds that are wanted day by day too.
    """
    found: dict[str, Sums] = defaultdict(Sums)
    for span, houses in spans:
        asked = {"houses": houses, "kinds": [*kinds]}
        for statement, bounds in readings(span, BY_KEY, BY_KEY_MONTHS):
            for currency, kind, key, *amounts in await look.rows(statement, **bounds, **asked):
                put(found[currency].by_key[Kind(kind)], key, amounts)
        if daily:
            asked = {**days_in(span), "houses": houses, "kinds": [*daily]}
            for currency, kind, day, *amounts in await look.rows(BY_DAY, **asked):
                put(found[currency].by_day[Kind(kind)], day, amounts)
    return found


def readings(
    span: Span, of_days: Statement, of_months: Statement
) -> Iterator[tuple[Statement, dict[str, str]]]:
    """The statements that together read a span, with their bounds."""
    parts = parts_of(span)
    if parts.months is not None:
        first, last = parts.months.first, parts.months.last
        yield of_months, {"first": f"{first:%Y-%m}", "last": f"{last:%Y-%m}"}
    for days in parts.days:
        yield of_days, days_in(days)


def days_in(span: Span) -> dict[str, str]:
    return {"first": span.first.isoformat(), "last": span.last.isoformat()}


def put(figures: dict[str, Figure], key: str, amounts: Sequence[int]) -> None:
    # PostgreSQL adds up 64 bit numbers to decimals.
    figure = Figure(*(int(amount) for amount in amounts))
    figures[key] = figures.get(key, NOTHING).plus(figure)


async def count_guests(look: Look, spans: Sequence[tuple[Span, Sequence[str]]]) -> Guests:
    found: Counter[str] = Counter()
    for span, houses in spans:
        asked = {"houses": houses, "kinds": [*OF_GUESTS], "begins": span.first.isoformat()}
        for statement, bounds in readings(span, GUESTS, GUESTS_MONTHS):
            for kind, count in await look.rows(statement, **bounds, **asked):
                found[kind] += int(count)
    return Guests(new=found[Kind.NEW_GUEST], returning=found[Kind.RETURN])
