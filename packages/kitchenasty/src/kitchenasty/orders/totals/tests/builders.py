"""Sales in one line; a test names only what matters to it."""

from __future__ import annotations

from datetime import date
from typing import Any

from basis.money import Rate
from kitchenasty.orders.totals import Breakdown, Dining, Sale, SaleLine, TaxProfile, total
from kitchenasty.orders.totals.profiles import STANDARD, TaxRule

A_DAY = date(2026, 3, 14)


def profile(*, prices_include_tax: bool = True, **rates: str) -> TaxProfile:
    """A profile of one tax: `food="7", drink="19"`."""
    rules = tuple(
        TaxRule(tax="VAT", category=category, rate=Rate.parse(rate))
        for category, rate in rates.items()
    )
    return TaxProfile("test", prices_include_tax, rules)


def standard(rate: str, *, prices_include_tax: bool = True) -> TaxProfile:
    return profile(prices_include_tax=prices_include_tax, **{STANDARD: rate})


def line(key: int | str, minor: int, quantity: int = 1, **fields: Any) -> SaleLine:
    return SaleLine(id=str(key), base_minor=minor, quantity=quantity, **fields)


def lines(*minors: int, **fields: Any) -> tuple[SaleLine, ...]:
    return tuple(line(key, minor, **fields) for key, minor in enumerate(minors))


def sell(goods: tuple[SaleLine, ...], taxed: TaxProfile, **fields: Any) -> Breakdown:
    defaults: dict[str, Any] = {"currency": "EUR", "dining": Dining.PICKUP, "day": A_DAY}
    return total(Sale(lines=goods, profile=taxed, **{**defaults, **fields}))
