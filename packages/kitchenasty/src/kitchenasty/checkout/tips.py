"""A guest's tip: an amount, or a share of what the dishes cost without tax. Outside tax itself."""

from __future__ import annotations

from dataclasses import dataclass

from basis.errors import Invalid
from basis.money import Rate
from kitchenasty import orders
from kitchenasty.locations import House

PERCENT = 10_000
TIP_PERCENT_MAX = 100


class TipRefused(Invalid):
    """The house takes no tips here, or nobody means such a one."""


@dataclass(frozen=True, slots=True)
class TipWish:
    """Either of both; a share is computed when the dishes are priced."""

    minor: int = 0
    percent: int | None = None


def tip_of(
    house: House, wish: TipWish | None, breakdown: orders.totals.Breakdown
) -> orders.totals.Tip | None:
    """The tip for what was priced without one. Raises TipRefused."""
    if wish is None:
        return None
    minor = wish.minor if wish.percent is None else share_of(wish.percent, breakdown)
    if not minor:
        return None
    if not house.takes_tips:
        raise TipRefused("This house takes no tips with the order. Thank you all the same.")
    if minor > breakdown.total_minor:
        raise TipRefused("A tip is at most as much as the order itself.")
    return orders.totals.Tip(minor)


def share_of(percent: int, breakdown: orders.totals.Breakdown) -> int:
    """Of the dishes after discounts, without their tax: nobody tips the tax office, and some laws
    want suggestions to be made so (Québec, Bill 72).
    """
    net = sum(line.gross_minor - line.tax_minor for line in breakdown.lines)
    return Rate(percent * PERCENT).of(net)


def suggest(house: House, breakdown: orders.totals.Breakdown) -> tuple[tuple[int, int], ...]:
    """What the house offers: percent, and what it comes to."""
    return tuple((percent, share_of(percent, breakdown)) for percent in house.tips)
