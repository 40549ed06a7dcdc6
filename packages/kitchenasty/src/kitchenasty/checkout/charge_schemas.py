"""What a house charges beside its dishes, on the wire."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec

from basis.kit.http.wire import Amount, Form, Price, WireStruct, amount, bounded_minor
from basis.money import Rate, RateUnreadable
from kitchenasty import locations, orders

Percent = Annotated[str, msgspec.Meta(min_length=1, max_length=12)]
"""Percent as text, since 12.5 must stay what it is; at most four decimals."""
TIPS_MAX = 6
Dining = Literal["PICKUP", "DELIVERY", "DINE_IN"]


class ServiceForm(Form, kw_only=True):
    """A service charge; without `dinings` it holds however the dishes are had."""

    rate: Percent
    name: Annotated[str, msgspec.Meta(max_length=60)] = ""
    taxed: bool = True
    after_discounts: bool = True
    dinings: Annotated[list[Dining], msgspec.Meta(max_length=3)] = msgspec.field(
        default_factory=lambda: ["PICKUP", "DELIVERY", "DINE_IN"]
    )

    def to_terms(self) -> locations.ServiceTerms:
        """Raises ChargesRefused."""
        return locations.ServiceTerms(
            name=self.name,
            millionths=read_percent(self.rate),
            is_taxed=self.taxed,
            after_discounts=self.after_discounts,
            dinings=tuple(self.dinings),
        )


class ChargesForm(Form, kw_only=True):
    """All of it; it replaces what was there. `enableTipping` and `tipOptions` (percent) are spelt
    as the contract's settings are. `cashStep` is the smallest coin.
    """

    enable_tipping: bool = False
    tip_options: Annotated[
        list[Annotated[int, msgspec.Meta(ge=1, le=100)]], msgspec.Meta(max_length=TIPS_MAX)
    ] = []
    service: ServiceForm | None = None
    cash_step: Price | None = None
    rounding_policy: Annotated[str, msgspec.Meta(min_length=1, max_length=32)] | None = None

    def to_charges(self, currency: str) -> locations.Charges:
        """Raises ChargesRefused, BadAmount."""
        step = self.cash_step
        return locations.Charges(
            takes_tips=self.enable_tipping,
            tips=tuple(self.tip_options),
            service=None if self.service is None else self.service.to_terms(),
            cash_step_minor=1 if step is None else bounded_minor(step, currency),
        )

    def to_changes(self) -> dict[str, Any]:
        policy = self.rounding_policy
        return {} if policy is None else {"rounding_policy": policy}


class ServiceView(WireStruct, kw_only=True):
    name: str
    rate: str
    taxed: bool
    after_discounts: bool
    dinings: list[str]

    @classmethod
    def of(cls, service: locations.ServiceTerms) -> ServiceView:
        return cls(
            name=service.name,
            rate=Rate(service.millionths).to_text(),
            taxed=service.is_taxed,
            after_discounts=service.after_discounts,
            dinings=list(service.dinings),
        )


class ChargesView(WireStruct, kw_only=True):
    """`roundingPolicies` are the names that `roundingPolicy` may have."""

    location_id: str
    enable_tipping: bool
    tip_options: list[int]
    service: ServiceView | None
    cash_step: Amount
    rounding_policy: str
    rounding_policies: list[str]

    @classmethod
    def of(cls, house: locations.House) -> ChargesView:
        charges = house.charges
        return cls(
            location_id=house.id,
            enable_tipping=charges.takes_tips,
            tip_options=list(charges.tips),
            service=None if charges.service is None else ServiceView.of(charges.service),
            cash_step=amount(charges.cash_step_minor, house.currency),
            rounding_policy=house.rounding_policy,
            rounding_policies=sorted(orders.totals.POLICIES),
        )


def read_percent(text: str) -> int:
    """Millionths. Raises ChargesRefused."""
    try:
        return Rate.parse(text.replace(",", ".")).millionths
    except RateUnreadable as error:
        raise locations.ChargesRefused(
            "A service charge is above 0 and at most 100 percent."
        ) from error
