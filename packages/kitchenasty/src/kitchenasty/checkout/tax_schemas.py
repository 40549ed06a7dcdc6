"""The tax profile of a house on the wire."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import msgspec

from basis.kit.http.wire import Form, WireStruct
from basis.money import MILLION, Rate, RateUnreadable
from kitchenasty import orders
from kitchenasty.locations import House, TaxRate

RATES_MAX = 200
Code = Annotated[str, msgspec.Meta(min_length=1, max_length=40, pattern="^[a-z0-9]+(-[a-z0-9]+)*$")]
Percent = Annotated[str, msgspec.Meta(min_length=1, max_length=12)]
"""Percent as text, since 8.875 must stay what it is: `19`, `8.875`; at most four decimals."""


class TaxRateForm(Form, kw_only=True):
    """One rate. Without `dining` it holds however the meal is had, without days for ever."""

    tax: Annotated[str, msgspec.Meta(min_length=1, max_length=40)]
    category: Code
    rate: Percent
    dining: orders.totals.Dining | None = None
    valid_from: date | None = None
    valid_until: date | None = None

    def to_rate(self) -> TaxRate:
        """Raises ProfileRefused."""
        try:
            millionths = Rate.parse(self.rate.replace(",", ".")).millionths
        except RateUnreadable as error:
            raise orders.totals.ProfileRefused(f"{error}.") from error
        if millionths > MILLION:
            raise orders.totals.ProfileRefused("A rate is at most 100 percent.")
        return TaxRate(
            tax=self.tax,
            category=self.category,
            millionths=millionths,
            dining=self.dining,
            valid_from=self.valid_from or date.min,
            valid_until=self.valid_until,
        )


class TaxProfileForm(Form, kw_only=True):
    """The whole profile; it replaces what was there."""

    prices_include_tax: bool
    rounding_policy: Annotated[str, msgspec.Meta(min_length=1, max_length=32)]
    rates: Annotated[list[TaxRateForm], msgspec.Meta(max_length=RATES_MAX)]


class TaxRateView(WireStruct, kw_only=True):
    tax: str
    category: str
    rate: str
    dining: str | None
    valid_from: date | None
    valid_until: date | None

    @classmethod
    def of(cls, one: TaxRate) -> TaxRateView:
        return cls(
            tax=one.tax,
            category=one.category,
            rate=Rate(one.millionths).to_text(),
            dining=one.dining,
            valid_from=None if one.valid_from == date.min else one.valid_from,
            valid_until=one.valid_until,
        )


class TaxProfileView(WireStruct, kw_only=True):
    """`roundingPolicies` are the names that `roundingPolicy` may have."""

    location_id: str
    prices_include_tax: bool
    rounding_policy: str
    rounding_policies: list[str]
    rates: list[TaxRateView]

    @classmethod
    def of(cls, house: House) -> TaxProfileView:
        return cls(
            location_id=house.id,
            prices_include_tax=house.prices_include_tax,
            rounding_policy=house.rounding_policy,
            rounding_policies=sorted(orders.totals.POLICIES),
            rates=[TaxRateView.of(one) for one in house.tax_rates],
        )
