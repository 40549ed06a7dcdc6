"""The rows of the explanation, in the order in which the sum came about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from basis.money import Rate
from kitchenasty.orders.totals.breakdown import Step, StepKind, TaxTotal
from kitchenasty.orders.totals.charges import ChargeBase
from kitchenasty.orders.totals.sales import DELIVERY_KEY, TIP_KEY, Prices, deposit_of


@dataclass(frozen=True, slots=True)
class Row:
    """A step before its sum is known."""

    kind: StepKind
    key: str
    minor: int
    name: str = ""
    base_minor: int | None = None
    rate: Rate | None = None


def tell_steps(prices: Prices, taxes: Sequence[TaxTotal], rounding_minor: int) -> tuple[Step, ...]:
    """All rows; the last one is the total. Lines come as they were given, not as worked on."""
    rows = chain(
        rows_of_goods(prices),
        rows_of_cuts(prices),
        rows_of_services(prices),
        rows_of_taxes(prices, taxes),
        rows_of_the_rest(prices, rounding_minor),
    )
    steps, together = [], 0
    for row in rows:
        together += 0 if row.kind is StepKind.TAX_INCLUDED else row.minor
        steps.append(step_of(row, together))
    steps.append(step_of(Row(StepKind.TOTAL, "", together), together))
    return tuple(steps)


def step_of(row: Row, sum_minor: int) -> Step:
    return Step(
        kind=row.kind,
        key=row.key,
        name=row.name,
        minor=row.minor,
        sum_minor=sum_minor,
        base_minor=row.base_minor,
        rate=row.rate,
    )


def rows_of_goods(prices: Prices) -> Iterator[Row]:
    for line in prices.sale.lines:
        yield Row(StepKind.LINE, line.id, line.listed_minor, base_minor=line.unit_minor)
        if line.deposit_minor:
            base = line.deposit_minor
            yield Row(StepKind.DEPOSIT, line.id, deposit_of(line), base_minor=base)
    if prices.sale.delivery is not None:
        zone = prices.sale.delivery.tariff.zone
        yield Row(StepKind.DELIVERY, DELIVERY_KEY, prices.fee_minor, zone)


def rows_of_cuts(prices: Prices) -> Iterator[Row]:
    for cut in prices.cuts:
        one = cut.discount
        yield Row(StepKind.DISCOUNT, one.id, -cut.minor, one.name, cut.base_minor, one.rate)


def rows_of_services(prices: Prices) -> Iterator[Row]:
    for service, minor in zip(prices.sale.services, prices.services, strict=True):
        is_before = service.base is ChargeBase.BEFORE_DISCOUNTS
        base = prices.goods_minor if is_before else sum(prices.left[:-1])
        yield Row(StepKind.SERVICE, service.id, minor, service.name, base, service.rate)


def rows_of_taxes(prices: Prices, taxes: Sequence[TaxTotal]) -> Iterator[Row]:
    is_inside = prices.sale.profile.prices_include_tax
    kind = StepKind.TAX_INCLUDED if is_inside else StepKind.TAX_ADDED
    for one in taxes:
        yield Row(kind, one.tax, one.tax_minor, one.tax, one.net_minor, one.rate)


def rows_of_the_rest(prices: Prices, rounding_minor: int) -> Iterator[Row]:
    if rounding_minor:
        yield Row(StepKind.ROUNDING, "", rounding_minor)
    if prices.sale.tip is not None:
        yield Row(StepKind.TIP, TIP_KEY, prices.sale.tip_minor)
