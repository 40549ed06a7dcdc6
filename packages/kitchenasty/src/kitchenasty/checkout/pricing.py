"""What an order costs, in whole minor units, with every step kept. Pure.

The unit price is the dish plus its options, never below zero. The subtotal is the sum of quantity
times unit price. Delivery adds the fee of the house. Tax at one rate is either inside the prices
(and then only named) or added to them. docs/developers/algorithms/pricing.md tells it in prose.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from basis.money import Money
from kitchenasty.menu import Chosen


@dataclass(frozen=True, slots=True)
class LineToPrice:
    """What one line of a cart asks for, already checked against the menu."""

    dish_id: str
    name: str
    base_minor: int
    chosen: tuple[Chosen, ...]
    quantity: int
    note: str | None
    allergens: frozenset[str] | None
    work_minutes: int


@dataclass(frozen=True, slots=True)
class PricedLine:
    line: LineToPrice
    unit_minor: int
    total_minor: int


@dataclass(frozen=True, slots=True)
class Terms:
    """What the house charges beside the dishes."""

    currency: str
    delivery_fee_minor: int
    tax_basis_points: int
    prices_include_tax: bool


@dataclass(frozen=True, slots=True)
class Breakdown:
    """Every step of a total. `tax_minor` is part of the total if `tax_is_included`, else added."""

    lines: tuple[PricedLine, ...]
    currency: str
    subtotal_minor: int
    delivery_fee_minor: int
    tax_minor: int
    tax_is_included: bool
    tax_basis_points: int
    total_minor: int

    @property
    def work_minutes(self) -> int:
        return sum(priced.line.work_minutes * priced.line.quantity for priced in self.lines)


def price(lines: Sequence[LineToPrice], terms: Terms, *, is_delivery: bool) -> Breakdown:
    """The whole breakdown. Lines may come in any order: the total is the same."""
    priced = tuple(price_line(line) for line in lines)
    subtotal = sum(one.total_minor for one in priced)
    fee = terms.delivery_fee_minor if is_delivery else 0
    goods = Money(subtotal + fee, terms.currency)
    if terms.prices_include_tax:
        tax = goods.included(terms.tax_basis_points)
        total = goods
    else:
        tax = goods.percent(terms.tax_basis_points)
        total = goods + tax
    return Breakdown(
        lines=priced,
        currency=terms.currency,
        subtotal_minor=subtotal,
        delivery_fee_minor=fee,
        tax_minor=tax.minor,
        tax_is_included=terms.prices_include_tax,
        tax_basis_points=terms.tax_basis_points,
        total_minor=total.minor,
    )


def price_line(line: LineToPrice) -> PricedLine:
    unit = unit_price(line.base_minor, line.chosen)
    return PricedLine(line, unit, unit * line.quantity)


def unit_price(base_minor: int, chosen: Sequence[Chosen]) -> int:
    """One portion with its options, in minor units, from the menu alone and never below zero."""
    return max(0, base_minor + sum(one.choice.modifier_minor * one.quantity for one in chosen))
