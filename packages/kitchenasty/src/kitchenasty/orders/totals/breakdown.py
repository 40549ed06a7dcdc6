"""What comes out: every sum, every step, and who pays how much tax on what."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from basis.money import Rate

ENGINE = 1
"""Grows when the same sale would be computed differently under the same policy."""


class StepKind(StrEnum):
    LINE = "LINE"
    DEPOSIT = "DEPOSIT"
    DELIVERY = "DELIVERY"
    DISCOUNT = "DISCOUNT"
    SERVICE = "SERVICE"
    TAX_ADDED = "TAX_ADDED"
    TAX_INCLUDED = "TAX_INCLUDED"
    ROUNDING = "ROUNDING"
    TIP = "TIP"
    TOTAL = "TOTAL"


class ShareKind(StrEnum):
    LINE = "LINE"
    DELIVERY = "DELIVERY"
    SERVICE = "SERVICE"
    TIP = "TIP"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One row of the explanation: an amount, what it was computed from, and the sum so far.
    `key` is the line's, discount's or charge's own id, or the tax. Tax that is inside the prices
    does not change the sum.
    """

    kind: StepKind
    key: str
    name: str
    minor: int
    sum_minor: int
    base_minor: int | None = None
    rate: Rate | None = None


@dataclass(frozen=True, slots=True)
class TaxTotal:
    """One tax at one rate over the whole order: the net amounts it lies on, and the tax."""

    tax: str
    rate: Rate
    net_minor: int
    tax_minor: int


@dataclass(frozen=True, slots=True)
class TaxOnPiece:
    """`row` counts in `Breakdown.taxes`."""

    row: int
    minor: int


@dataclass(frozen=True, slots=True)
class TaxedPiece:
    """A part of a line or charge that is taxed alike; `gross_minor` is what is paid for it."""

    gross_minor: int
    taxes: tuple[TaxOnPiece, ...]

    @property
    def tax_minor(self) -> int:
        return sum(tax.minor for tax in self.taxes)


@dataclass(frozen=True, slots=True)
class Share:
    """What is paid for one line or charge. Refunds and split bills work on these."""

    kind: ShareKind
    key: str
    units: int
    pieces: tuple[TaxedPiece, ...]

    @property
    def gross_minor(self) -> int:
        return sum(piece.gross_minor for piece in self.pieces)

    @property
    def tax_minor(self) -> int:
        return sum(piece.tax_minor for piece in self.pieces)


@dataclass(frozen=True, slots=True, kw_only=True)
class PricedLine:
    """A line after discounts. `charged_minor` is its listed price less discounts plus deposit."""

    id: str
    quantity: int
    unit_minor: int
    listed_minor: int
    deposit_minor: int
    discount_minor: int
    charged_minor: int
    tax_minor: int
    gross_minor: int


@dataclass(frozen=True, slots=True)
class TakenDiscount:
    """What a discount came to; what of its amount was not needed is given back as points."""

    id: str
    minor: int
    unused_minor: int
    line_minors: tuple[int, ...]
    delivery_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Breakdown:
    """A sale with every sum. The total is subtotal + deposits + delivery fee + service - discounts
    + tax (unless it is included) + rounding + tip.
    """

    currency: str
    policy: str
    tax_is_included: bool
    lines: tuple[PricedLine, ...]
    discounts: tuple[TakenDiscount, ...]
    taxes: tuple[TaxTotal, ...]
    shares: tuple[Share, ...]
    steps: tuple[Step, ...]
    subtotal_minor: int
    deposit_minor: int
    delivery_fee_minor: int
    discount_minor: int
    service_minor: int
    tax_minor: int
    rounding_minor: int
    tip_minor: int
    total_minor: int

    @property
    def discount_steps(self) -> tuple[Step, ...]:
        """What took something off, with its name."""
        return tuple(s for s in self.steps if s.kind is StepKind.DISCOUNT and s.minor)


@dataclass(frozen=True, slots=True)
class Explanation:
    """What an order keeps of its breakdown: enough to print, refund and split it for ever."""

    engine: int
    steps: tuple[Step, ...]
    taxes: tuple[TaxTotal, ...]
    shares: tuple[Share, ...]


def explain(breakdown: Breakdown) -> Explanation:
    return Explanation(ENGINE, breakdown.steps, breakdown.taxes, breakdown.shares)
