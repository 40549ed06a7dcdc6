"""One bill for several guests: in equal parts, or by who had what. The parts add up to the whole,
in money and in the tax of every rate.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from basis.errors import Invalid
from kitchenasty.orders.totals import BillPart, Share, split_by_guest, split_by_shares
from kitchenasty.orders.views import Order

PARTS_MAX = 20


class SplitUnclear(Invalid):
    """A line that is not on the bill, or shares for more or fewer guests than there are."""


@dataclass(frozen=True, slots=True)
class BillSplit:
    """How many guests there are, and the weight of each for the lines that were not everybody's,
    by the line's id: `(0, 1, 0)` is the second guest's own. Without any the parts are equal.
    """

    parts: int
    eaten: Mapping[str, Sequence[int]]


def split_bill(order: Order, shares: Sequence[Share], wish: BillSplit) -> list[BillPart]:
    """What each guest pays, in their order. Raises SplitUnclear."""
    if not wish.eaten:
        return split_by_shares(shares, [1] * wish.parts)
    places = {line.id: str(place) for place, line in enumerate(order.lines)}
    for line_id, weights in wish.eaten.items():
        if line_id not in places:
            raise SplitUnclear("This is not on the order's bill.")
        if len(weights) != wish.parts:
            raise SplitUnclear("Each line needs one share for each guest.")
    eaten = {places[line_id]: weights for line_id, weights in wish.eaten.items()}
    return split_by_guest(shares, eaten, wish.parts)
