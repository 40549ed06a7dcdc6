"""Reports over the houses that somebody may see, each in its own days, each currency by itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from zoneinfo import ZoneInfo

from kitchenasty import locations, menu, orders, promotions
from kitchenasty.kit.books import Look
from kitchenasty.reports.counting import count_uncounted
from kitchenasty.reports.deposited import sum_kept
from kitchenasty.reports.entries import NOTHING, Figure, Kind
from kitchenasty.reports.periods import Period, Span, steps_of
from kitchenasty.reports.queries import Sums, added, count_guests, sum_figures
from kitchenasty.reports.views import Report, Reports, Row, StepRow, Totals

COUPON, HAPPY_HOUR, POINTS = "COUPON", "HAPPY_HOUR", "POINTS"
TOTALS = (
    Kind.HOUR,
    Kind.TIP,
    Kind.DELIVERY,
    Kind.SERVICE,
    Kind.DISCOUNT,
    Kind.REFUND,
    Kind.REFUND_TIP,
    Kind.DUE,
    Kind.CANCELLED,
)
DETAILS = (*TOTALS, Kind.TYPE, Kind.DISH, Kind.TENDER, Kind.TAX, Kind.REFUND_TAX)
DAILY = (Kind.HOUR, Kind.REFUND)
HOURS = tuple(f"{hour:02d}" for hour in range(24))
Spans = list[tuple[Span, list[str]]]


@dataclass(frozen=True, slots=True)
class Names:
    """What dishes are called now, and which discounts are happy hours."""

    dishes: Mapping[str, menu.Label]
    promotions: frozenset[str]


async def make_reports(look: Look, houses: Sequence[locations.House], period: Period) -> Reports:
    """Everything about these houses and days, and the totals of the period before. Whoever asks
    has been checked to see the houses.
    """
    spans = spans_of(look, houses, period)
    before = spans_of(look, houses, period, is_before=True)
    found = await sum_figures(look, spans, DETAILS, daily=DAILY)
    earlier = await sum_figures(look, before, TOTALS)
    kept, kept_before = [await sum_kept(look, houses, one) for one in (spans, before)]
    # Of houses that are in different days, all that are touched.
    whole, whole_before = hull(spans), hull(before)
    known = {*found, *(code for code, minor in kept.items() if minor)}
    currencies = sorted(known, key=lambda code: (-found[code].total(Kind.HOUR).minor, code))
    names = await name_things(look, found.values())
    return Reports(
        first=whole.first,
        last=whole.last,
        before_first=whole_before.first,
        before_last=whole_before.last,
        currencies=tuple(
            with_deposits(
                report_of(code, found[code], earlier.get(code, Sums()), whole, names),
                kept.get(code, 0),
                kept_before.get(code, 0),
            )
            for code in currencies or [usual(houses)]
        ),
        guests=await count_guests(look, spans),
        guests_before=await count_guests(look, before),
        uncounted=await count_uncounted(look),
    )


def with_deposits(report: Report, kept: int, kept_before: int) -> Report:
    return replace(
        report,
        totals=replace(report.totals, deposits_minor=kept),
        before=replace(report.before, deposits_minor=kept_before),
    )


async def name_things(look: Look, found: Iterable[Sums]) -> Names:
    sums = list(found)
    dishes = {key for one in sums for key in one.by_key[Kind.DISH]}
    has_discounts = any(one.by_key[Kind.DISCOUNT] for one in sums)
    timed = await promotions.list_promotions(look) if has_discounts else []
    return Names(await menu.list_labels(look, dishes), frozenset(one.id for one in timed))


def today_in(look: Look, house: locations.House) -> date:
    """The house's own date."""
    return look.now.astimezone(ZoneInfo(house.zone)).date()


def spans_of(
    look: Look, houses: Sequence[locations.House], period: Period, *, is_before: bool = False
) -> Spans:
    """The days to look at, with the houses in which they are these."""
    found: dict[Span, list[str]] = defaultdict(list)
    for house in houses:
        today = today_in(look, house)
        found[period.before(today) if is_before else period.span(today)].append(house.id)
    if not found:
        found[period.span(look.now.date())] = []
    return sorted(found.items())


def hull(spans: Spans) -> Span:
    return Span(min(span.first for span, _ in spans), max(span.last for span, _ in spans))


def usual(houses: Sequence[locations.House]) -> str:
    return houses[0].currency if houses else "EUR"


def report_of(currency: str, sums: Sums, earlier: Sums, span: Span, names: Names) -> Report:
    dishes = [
        row_of(names.dishes[key].name if key in names.dishes else key, figure)
        for key, figure in sums.by_key[Kind.DISH].items()
    ]
    return Report(
        currency=currency,
        totals=totals_of(sums),
        before=totals_of(earlier),
        steps=tuple(step_rows(sums, span)),
        hours=tuple(row_of(hour, sums.by_key[Kind.HOUR].get(hour, NOTHING)) for hour in HOURS),
        weekdays=tuple(weekday_rows(sums)),
        dishes=best_first(dishes),
        categories=best_first(category_rows(sums, names)),
        types=best_first(plain_rows(sums, Kind.TYPE)),
        tenders=best_first(plain_rows(sums, Kind.TENDER)),
        taxes=tuple(tax_rows(sums)),
        discounts=best_first(discount_rows(sums, names)),
    )


def totals_of(sums: Sums) -> Totals:
    sale, tip = sums.total(Kind.HOUR), sums.total(Kind.TIP)
    refund, tip_back = sums.total(Kind.REFUND), sums.total(Kind.REFUND_TIP)
    due, cancelled = sums.total(Kind.DUE), sums.total(Kind.CANCELLED)
    return Totals(
        orders=sale.times,
        portions=sale.units,
        revenue_minor=sale.minor,
        tax_minor=sale.tax_minor + tip.tax_minor,
        tip_minor=tip.minor,
        delivery_minor=sums.total(Kind.DELIVERY).minor,
        service_minor=sums.total(Kind.SERVICE).minor,
        discount_minor=sums.total(Kind.DISCOUNT).minor,
        refunds=refund.times,
        refunded_minor=refund.minor,
        refunded_tax_minor=refund.tax_minor + tip_back.tax_minor,
        refunded_tip_minor=tip_back.minor,
        due=due.times,
        due_minor=due.minor,
        cancelled=cancelled.times,
        cancelled_minor=cancelled.minor,
    )


def step_rows(sums: Sums, span: Span) -> Iterable[StepRow]:
    sales, refunds = sums.by_day[Kind.HOUR], sums.by_day[Kind.REFUND]
    for first, last in steps_of(span):
        days = [day.isoformat() for day in Span(first, last).days()]
        sale = added([sales.get(day, NOTHING) for day in days])
        back = added([refunds.get(day, NOTHING) for day in days])
        yield StepRow(first, last, sale.times, sale.minor, sale.tax_minor, back.minor)


def weekday_rows(sums: Sums) -> Iterable[Row]:
    """From Monday, 0, to Sunday, 6."""
    by_weekday: dict[int, Figure] = {}
    for day, figure in sums.by_day[Kind.HOUR].items():
        weekday = date.fromisoformat(day).weekday()
        by_weekday[weekday] = by_weekday.get(weekday, NOTHING).plus(figure)
    return (row_of(str(weekday), by_weekday.get(weekday, NOTHING)) for weekday in range(7))


def category_rows(sums: Sums, names: Names) -> Iterable[Row]:
    """By the category in which a dish stands now; an order of two of its dishes counts twice."""
    found: dict[str, Figure] = {}
    for key, figure in sums.by_key[Kind.DISH].items():
        category = names.dishes[key].category if key in names.dishes else ""
        found[category] = found.get(category, NOTHING).plus(figure)
    return (row_of(name, figure) for name, figure in found.items())


def plain_rows(sums: Sums, kind: Kind) -> Iterable[Row]:
    return (row_of(key, figure) for key, figure in sums.by_key[kind].items())


def tax_rows(sums: Sums) -> Iterable[Row]:
    """`19 % VAT`, the highest rate first: net amounts, tax, and what of the tax was given back."""
    sold, back = sums.by_key[Kind.TAX], sums.by_key[Kind.REFUND_TAX]
    for key in sorted({*sold, *back}, key=lambda key: (-rate_of(key), key)):
        figure, given_back = sold.get(key, NOTHING), back.get(key, NOTHING)
        yield Row(key, figure.times, 0, figure.minor, figure.tax_minor, given_back.tax_minor)


def rate_of(key: str) -> int:
    """Millionths; an order older than the price engine names no rate."""
    millionths = key.partition("|")[0]
    return int(millionths) if millionths else -1


def discount_rows(sums: Sums, names: Names) -> Iterable[Row]:
    """Coupons of one code are one row, whichever of them it was."""
    found: dict[str, Figure] = {}
    for key, figure in sums.by_key[Kind.DISCOUNT].items():
        own_id, _, name = key.partition("|")
        shown = f"{COUPON}|{name}"
        if own_id == orders.POINTS_KEY:
            shown = f"{POINTS}|"
        elif own_id in names.promotions:
            shown = f"{HAPPY_HOUR}|{name}"
        found[shown] = found.get(shown, NOTHING).plus(figure)
    return (row_of(shown, figure) for shown, figure in found.items())


def row_of(name: str, figure: Figure) -> Row:
    return Row(name, figure.times, figure.units, figure.minor, figure.tax_minor)


def best_first(rows: Iterable[Row]) -> tuple[Row, ...]:
    return tuple(sorted(rows, key=lambda row: (-row.minor, -row.orders, row.name)))
