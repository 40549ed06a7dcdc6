"""The figures of the contract: how it goes today, this week and month, and how the last days went.

The contract has one number for money, so only one currency is told: that of most of the houses.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from kitchenasty import locations, menu
from kitchenasty.kit.books import Look
from kitchenasty.reports.entries import NOTHING, Figure, Kind
from kitchenasty.reports.periods import Period, PeriodName, Span
from kitchenasty.reports.queries import Sums, added, sum_figures
from kitchenasty.reports.service import spans_of, today_in
from kitchenasty.reports.views import Row

ALWAYS = date(1970, 1, 1)
TOP_MAX = 5
CATEGORIES_MAX = 10
MONEY = (Kind.HOUR, Kind.REFUND, Kind.DUE)


@dataclass(frozen=True, slots=True)
class Taken:
    """Orders that were accepted and not cancelled, paid or not; and what was paid for with tax,
    without tips, less what was given back in the same days.
    """

    orders: int
    revenue_minor: int


@dataclass(frozen=True, slots=True)
class TopDish:
    dish_id: str
    name: str
    portions: int


@dataclass(frozen=True, slots=True)
class Overview:
    currency: str
    today: Taken
    week: Taken
    month: Taken
    ever: Taken
    top: tuple[TopDish, ...]


@dataclass(frozen=True, slots=True)
class LastDays:
    currency: str
    days: tuple[tuple[date, Taken], ...]
    types: Mapping[str, int]
    statuses: Mapping[str, int]
    hours: tuple[int, ...]
    categories: tuple[Row, ...]


def main_currency(houses: Sequence[locations.House]) -> str:
    """That of most houses; of two that are equal, the first in the alphabet."""
    counts = Counter(house.currency for house in houses)
    return min(counts, key=lambda code: (-counts[code], code), default="EUR")


async def look_over(look: Look, houses: Sequence[locations.House]) -> Overview:
    currency = main_currency(houses)
    own = [house for house in houses if house.currency == currency]
    taken = {}
    for name in (PeriodName.TODAY, PeriodName.WEEK, PeriodName.MONTH):
        spans = spans_of(look, own, Period(name))
        taken[name] = taken_in((await sum_figures(look, spans, MONEY)).get(currency, Sums()))
    ever = [(Span(ALWAYS, look.now.date() + timedelta(days=1)), [house.id for house in own])]
    sums = (await sum_figures(look, ever, (*MONEY, Kind.DISH))).get(currency, Sums())
    return Overview(
        currency,
        taken[PeriodName.TODAY],
        taken[PeriodName.WEEK],
        taken[PeriodName.MONTH],
        taken_in(sums),
        await list_top(look, sums),
    )


async def look_back(look: Look, houses: Sequence[locations.House], days: int) -> LastDays:
    """The last days, today included."""
    currency = main_currency(houses)
    own = [house for house in houses if house.currency == currency]
    today = max((today_in(look, house) for house in own), default=look.now.date())
    span = Span(today - timedelta(days=days - 1), today)
    kinds = (Kind.TYPE, Kind.STATUS, Kind.HOUR, Kind.DISH)
    found = await sum_figures(look, [(span, [one.id for one in own])], kinds, daily=MONEY)
    sums = found.get(currency, Sums())
    hours = sums.by_key[Kind.HOUR]
    return LastDays(
        currency,
        tuple((day, taken_on(sums, day)) for day in span.days()),
        {key: figure.times for key, figure in sorted(sums.by_key[Kind.TYPE].items())},
        {key: figure.times for key, figure in sorted(sums.by_key[Kind.STATUS].items())},
        tuple(hours.get(f"{hour:02d}", NOTHING).times for hour in range(24)),
        await list_categories(look, sums),
    )


def taken_in(sums: Sums) -> Taken:
    return taken_of(*(sums.total(kind) for kind in MONEY))


def taken_on(sums: Sums, day: date) -> Taken:
    key = day.isoformat()
    return taken_of(*(sums.by_day[kind].get(key, NOTHING) for kind in MONEY))


def taken_of(sale: Figure, refund: Figure, due: Figure) -> Taken:
    charged, back = sale.minor + sale.tax_minor, refund.minor + refund.tax_minor
    return Taken(sale.times + due.times, charged - back)


async def list_top(look: Look, sums: Sums) -> tuple[TopDish, ...]:
    dishes = sums.by_key[Kind.DISH]
    first = sorted(dishes, key=lambda key: (-dishes[key].units, key))[:TOP_MAX]
    labels = await menu.list_labels(look, first)
    return tuple(TopDish(key, labels[key].name, dishes[key].units) for key in first)


async def list_categories(look: Look, sums: Sums) -> tuple[Row, ...]:
    """Those that brought most, with tax; a dish of an order counts once."""
    dishes = sums.by_key[Kind.DISH]
    labels = await menu.list_labels(look, dishes)
    names = {label.category for label in labels.values()}
    rows = []
    for name in names:
        figure = added([dishes[key] for key in dishes if labels[key].category == name])
        rows.append(Row(name, figure.times, figure.units, figure.minor + figure.tax_minor))
    return tuple(sorted(rows, key=lambda row: (-row.minor, row.name))[:CATEGORIES_MAX])
