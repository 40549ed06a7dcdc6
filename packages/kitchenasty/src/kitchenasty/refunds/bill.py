"""An order's bill as it stands: what each line and charge cost, and what of it is left. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from basis.errors import Conflict, Invalid
from kitchenasty import orders
from kitchenasty.refunds.views import Refund


class NothingToGiveBack(Conflict):
    """Nothing was paid, or everything went back already."""


class WishUnclear(Invalid):
    """Neither lines nor an amount were named, or both."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is to go back: portions by the id of their line, whole charges, an amount, or
    everything that is left. One of the three.
    """

    units: Mapping[str, int]
    charges: frozenset[orders.totals.ShareKind] = frozenset()
    amount_minor: int | None = None
    everything: bool = False

    @property
    def is_clear(self) -> bool:
        ways = (bool(self.units or self.charges), self.amount_minor is not None, self.everything)
        return sum(ways) == 1


EVERYTHING = Wish(units={}, everything=True)


@dataclass(frozen=True, slots=True)
class Bill:
    """An order with its refunds and the money that is left to give back."""

    order: orders.Order
    account: orders.totals.Account
    refunds: tuple[Refund, ...]
    paid_minor: int
    money_left_minor: int

    @property
    def left_minor(self) -> int:
        """What can still go back: never more than the order cost, nor than was paid."""
        return min(self.account.left_minor, self.money_left_minor)

    @property
    def given_back_minor(self) -> int:
        return sum(refund.amount_minor for refund in self.refunds)

    def rows(self) -> Iterator[tuple[orders.Line, orders.totals.Standing]]:
        """The lines of the order, each with how it stands."""
        for place, line in enumerate(self.order.lines):
            yield line, self.account.find(orders.totals.ShareKind.LINE, str(place))

    def charges(self) -> list[orders.totals.Standing]:
        """Everything on the bill that is no line: delivery, service, tip."""
        found = self.account.standings
        return [one for one in found if one.share.kind is not orders.totals.ShareKind.LINE]


def work_out(bill: Bill, wish: Wish) -> orders.totals.Refund:
    """What goes back for this wish, tax included.

    Raises NothingToGiveBack, WishUnclear, NotOnThisBill, RefundTooLarge.
    """
    if not wish.is_clear:
        raise WishUnclear("Please choose either what comes back, or an amount.")
    if not bill.left_minor:
        raise NothingToGiveBack("Nothing of this order is left to give back.")
    made = parts_for(bill, wish)
    if not made.minor:
        raise NothingToGiveBack("For this nothing would go back.")
    if made.minor > bill.left_minor:
        raise orders.totals.RefundTooLarge(
            "This is more than is left to refund.", leftMinor=bill.left_minor
        )
    return made


def parts_for(bill: Bill, wish: Wish) -> orders.totals.Refund:
    if wish.everything:
        return orders.totals.refund_amount(bill.account, bill.left_minor)
    if wish.amount_minor is not None:
        return orders.totals.refund_amount(bill.account, wish.amount_minor)
    places = {line.id: str(place) for place, line in enumerate(bill.order.lines)}
    made = [
        orders.totals.refund_units(bill.account, places.get(line_id, line_id), units)
        for line_id, units in wish.units.items()
    ]
    made += [
        orders.totals.refund_share(bill.account, one.share.kind, one.share.key)
        for one in bill.charges()
        if one.share.kind in wish.charges
    ]
    return joined(made)


def joined(refunds: Iterable[orders.totals.Refund]) -> orders.totals.Refund:
    """Refunds of different lines as one."""
    return orders.totals.Refund(tuple(part for one in refunds for part in one.parts if part.minor))


def taxes_in(
    made: orders.totals.Refund, taxes: Sequence[orders.totals.TaxTotal]
) -> list[tuple[orders.totals.TaxTotal, int]]:
    """The tax that goes back, by tax and rate. An order older than the engine names none."""
    return [
        (taxes[row], minor)
        for row, minor in sorted(made.taxes.items())
        if minor and row < len(taxes)
    ]
