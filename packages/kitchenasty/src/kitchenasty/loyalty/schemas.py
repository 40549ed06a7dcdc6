"""Points on the wire: the shapes of the contract, and a superset of them."""

from __future__ import annotations

from typing import Annotated

import msgspec

from basis.kit.http.wire import Amount, Form, Price, Stamp, WireStruct, amount, bounded_minor
from basis.kit.http.wire import stamp as stamp_of
from kitchenasty.loyalty.rules import (
    KIND_WORDS,
    PER_UNIT_MAX,
    POINTS_MAX,
    REASON_LENGTH_MAX,
    Entry,
    EntryKind,
    Programme,
)

CONTRACT_TYPES = {EntryKind.EARNED: "EARN", EntryKind.SPENT: "REDEEM"}
"""The contract knows three types; what we know beyond them is an adjustment there."""
ADJUST = "ADJUST"
DEFAULT_REASON = "Manual adjustment"

Points = Annotated[int, msgspec.Meta(ge=-POINTS_MAX, le=POINTS_MAX)]


class OrderReference(WireStruct, kw_only=True):
    order_number: str


class EntryView(WireStruct, kw_only=True):
    """A row of the ledger. `type` is the contract's word, `kind` the exact one."""

    id: str
    type: str
    kind: EntryKind
    points: int
    balance: int
    description: str
    order_id: str | None
    order: OrderReference | None
    created_at: Stamp

    @classmethod
    def of(cls, entry: Entry) -> EntryView:
        number = entry.order_number
        about = f"{KIND_WORDS[entry.kind]} (order {number})" if number else DEFAULT_REASON
        return cls(
            id=entry.id,
            type=CONTRACT_TYPES.get(entry.kind, ADJUST),
            kind=entry.kind,
            points=entry.points,
            balance=entry.balance,
            description=entry.reason or about,
            order_id=entry.order_id,
            order=OrderReference(order_number=number) if number else None,
            created_at=stamp_of(entry.happened_at),
        )


class BalanceView(WireStruct, kw_only=True):
    """`dollarValue`, a name of the contract, is what the points would take off in `currency`."""

    points: int
    dollar_value: Amount
    currency: str
    transactions: list[EntryView]


class Redemption(Form, kw_only=True):
    points: Annotated[int, msgspec.Meta(ge=1, le=POINTS_MAX)]


class Adjustment(Form, kw_only=True):
    """`points` are given, or taken away if below 0."""

    points: Points
    description: Annotated[str, msgspec.Meta(max_length=REASON_LENGTH_MAX)] = DEFAULT_REASON


class AdjustedView(WireStruct, kw_only=True):
    """The balance under both names that clients look for."""

    points: int
    new_balance: int
    transaction: EntryView


class ProgrammeForm(Form, kw_only=True):
    """`hundredPointsWorth` is what 100 points take off, `minimumPoints` the least to be used."""

    is_on: bool
    currency: Annotated[str, msgspec.Meta(pattern="^[A-Z]{3}$")]
    points_per_unit: Annotated[int, msgspec.Meta(ge=0, le=PER_UNIT_MAX)]
    hundred_points_worth: Price
    minimum_points: Annotated[int, msgspec.Meta(ge=1, le=POINTS_MAX)]

    def to_programme(self) -> Programme:
        """Raises BadAmount."""
        return Programme(
            is_on=self.is_on,
            currency=self.currency,
            points_per_unit=self.points_per_unit,
            hundred_points_minor=bounded_minor(self.hundred_points_worth, self.currency),
            spend_min_points=self.minimum_points,
        )


class ProgrammeView(WireStruct, kw_only=True):
    is_on: bool
    currency: str
    points_per_unit: int
    hundred_points_worth: Amount
    minimum_points: int

    @classmethod
    def of(cls, programme: Programme) -> ProgrammeView:
        return cls(
            is_on=programme.is_on,
            currency=programme.currency,
            points_per_unit=programme.points_per_unit,
            hundred_points_worth=amount(programme.hundred_points_minor, programme.currency),
            minimum_points=programme.spend_min_points,
        )
