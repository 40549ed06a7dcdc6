"""What an order adds to the figures, and to which day. Pure.

docs/developers/algorithms/reports.md says it in words. Everything that is counted of one order is
one value, so that a change of the order is the difference of two.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo

from kitchenasty import orders, payments, refunds

KEY_LENGTH_MAX = 200


class Kind(StrEnum):
    """What is counted. Those of a sale have its revenue as `minor` and the tax on it apart.

    HOUR by the hour of the house's clock, TYPE by the way it is handed over, DISH by dish; DELIVERY
    and SERVICE what was charged for them, TIP what guests gave. TENDER: what was paid, by way of
    paying. TAX: by tax and rate, `minor` is the net amount it lies on. DISCOUNT: what was taken
    off, by what took it off. REFUND: what was given back, on the day it was; REFUND_TIP and
    REFUND_TAX the tips and the taxes in it. STATUS: every order that the house was told of, and
    its total; DUE: those that are not paid, CANCELLED: those that will not be. NEW_GUEST: guests
    whose first day it was; RETURN: those who came again, by the day on which they had come last.
    """

    HOUR = "HOUR"
    TYPE = "TYPE"
    DISH = "DISH"
    DELIVERY = "DELIVERY"
    SERVICE = "SERVICE"
    TIP = "TIP"
    TENDER = "TENDER"
    TAX = "TAX"
    DISCOUNT = "DISCOUNT"
    REFUND = "REFUND"
    REFUND_TIP = "REFUND_TIP"
    REFUND_TAX = "REFUND_TAX"
    STATUS = "STATUS"
    DUE = "DUE"
    CANCELLED = "CANCELLED"
    NEW_GUEST = "NEW_GUEST"
    RETURN = "RETURN"


class Place(NamedTuple):
    """Where a figure stands: a day of the house, what it counts, and of which hour, dish, tax."""

    day: str
    kind: Kind
    key: str


class Figure(NamedTuple):
    """So many orders (refunds), so many portions, so much money, so much tax."""

    times: int = 0
    units: int = 0
    minor: int = 0
    tax_minor: int = 0

    def plus(self, other: Figure) -> Figure:
        return Figure(*(a + b for a, b in zip(self, other, strict=True)))

    def minus(self, other: Figure) -> Figure:
        return Figure(*(a - b for a, b in zip(self, other, strict=True)))


NOTHING = Figure()
Figures = dict[Place, Figure]


@dataclass(frozen=True, slots=True)
class Case:
    """An order with what was paid for it and what went back."""

    order: orders.BookedOrder
    tenders: Sequence[tuple[payments.PaymentMethod, int]]
    refunds: Sequence[refunds.Refund]
    zone: str

    @property
    def is_known(self) -> bool:
        """Whether the house was ever told of it: one that awaits its payment is none yet."""
        return self.order.awaits_payment_until is None

    @property
    def is_cancelled(self) -> bool:
        return self.order.status is orders.OrderStatus.CANCELLED

    @property
    def is_paid(self) -> bool:
        return sum(minor for _, minor in self.tenders) >= self.order.total_minor

    @property
    def is_sale(self) -> bool:
        """Revenue is what was agreed, paid for and not cancelled."""
        return self.is_known and self.is_paid and not self.is_cancelled


def figures_of(case: Case) -> Figures:
    """All that this order adds; what comes to nothing is left out."""
    return gather(entries_of(case))


def gather(entries: Iterable[tuple[Place, Figure]]) -> Figures:
    found: Figures = {}
    for place, figure in entries:
        found[place] = found.get(place, NOTHING).plus(figure)
    return {place: figure for place, figure in found.items() if figure != NOTHING}


def difference(after: Mapping[Place, Figure], before: Mapping[Place, Figure]) -> Figures:
    """What is to be added to what was counted before."""
    changes = {
        place: after.get(place, NOTHING).minus(before.get(place, NOTHING))
        for place in {**before, **after}
    }
    return {place: figure for place, figure in changes.items() if figure != NOTHING}


def entries_of(case: Case) -> Iterator[tuple[Place, Figure]]:
    order, day = case.order, case.order.day
    if not case.is_known:
        return
    whole = Figure(times=1, minor=order.total_minor)
    yield Place(day, Kind.STATUS, order.status.value), whole
    if case.is_cancelled:
        yield Place(day, Kind.CANCELLED, ""), whole
    elif not case.is_paid:
        yield Place(day, Kind.DUE, ""), whole
    if case.is_sale:
        shares = orders.shares_of(order, order.explanation)
        yield from entries_of_sale(case, shares)
        yield from entries_of_charges(day, shares)
        yield from entries_of_dishes(order, shares)
        yield from entries_of_discounts(order)
        yield from entries_of_taxes(order)
        for refund in case.refunds:
            yield from entries_of_refund(case, refund)


def entries_of_sale(
    case: Case, shares: Sequence[orders.totals.Share]
) -> Iterator[tuple[Place, Figure]]:
    order = case.order
    goods = [share for share in shares if share.kind is not orders.totals.ShareKind.TIP]
    portions = sum(line.quantity for line in order.lines)
    sale = Figure(
        1, portions, sum(net_of(one) for one in goods), sum(one.tax_minor for one in goods)
    )
    hour = order.placed_at.astimezone(ZoneInfo(case.zone)).hour
    yield Place(order.day, Kind.HOUR, f"{hour:02d}"), sale
    yield Place(order.day, Kind.TYPE, order.order_type.value), sale
    methods = {method for method, _ in case.tenders}
    for method in methods:
        paid = sum(minor for one, minor in case.tenders if one is method)
        yield Place(order.day, Kind.TENDER, method.value), Figure(times=1, minor=paid)


def entries_of_charges(
    day: str, shares: Sequence[orders.totals.Share]
) -> Iterator[tuple[Place, Figure]]:
    for share in shares:
        kind = CHARGES.get(share.kind)
        if kind is not None and share.gross_minor:
            yield Place(day, kind, ""), Figure(1, 0, net_of(share), share.tax_minor)


CHARGES = {
    orders.totals.ShareKind.DELIVERY: Kind.DELIVERY,
    orders.totals.ShareKind.SERVICE: Kind.SERVICE,
    orders.totals.ShareKind.TIP: Kind.TIP,
}


def entries_of_dishes(
    order: orders.BookedOrder, shares: Sequence[orders.totals.Share]
) -> Iterator[tuple[Place, Figure]]:
    """A dish that stands on two lines is still had by one order."""
    lines = {str(place): line for place, line in enumerate(order.lines)}
    counted: set[str] = set()
    for share in shares:
        if share.kind is orders.totals.ShareKind.LINE:
            line = lines[share.key]
            is_first = line.dish_id not in counted
            counted.add(line.dish_id)
            figure = Figure(int(is_first), line.quantity, net_of(share), share.tax_minor)
            yield Place(order.day, Kind.DISH, line.dish_id), figure


def entries_of_discounts(order: orders.BookedOrder) -> Iterator[tuple[Place, Figure]]:
    if order.explanation is None:
        if order.discount_minor:
            figure = Figure(times=1, minor=order.discount_minor)
            yield Place(order.day, Kind.DISCOUNT, "|"), figure
        return
    for step in order.explanation.steps:
        if step.kind is orders.totals.StepKind.DISCOUNT and step.minor:
            key = f"{step.key}|{step.name}"[:KEY_LENGTH_MAX]
            yield Place(order.day, Kind.DISCOUNT, key), Figure(times=1, minor=-step.minor)


def entries_of_taxes(order: orders.BookedOrder) -> Iterator[tuple[Place, Figure]]:
    if order.explanation is None:
        if order.tax_minor:
            net = order.total_minor - order.tip_minor - order.tax_minor
            yield Place(order.day, Kind.TAX, "|"), Figure(1, 0, net, order.tax_minor)
        return
    for one in order.explanation.taxes:
        figure = Figure(1, 0, one.net_minor, one.tax_minor)
        yield Place(order.day, Kind.TAX, tax_key(one)), figure


def entries_of_refund(case: Case, refund: refunds.Refund) -> Iterator[tuple[Place, Figure]]:
    """On the house's date at the moment it was made."""
    day = refund.made_at.astimezone(ZoneInfo(case.zone)).date().isoformat()
    tips = [one for one in refund.parts.parts if one.kind is orders.totals.ShareKind.TIP]
    tip_tax = sum(minor for part in tips for _, minor in part.taxes)
    tip = sum(part.minor for part in tips) - tip_tax
    tax = refund.tax_minor - tip_tax
    net = refund.amount_minor - refund.tax_minor - tip
    yield Place(day, Kind.REFUND, ""), Figure(1, 0, net, tax)
    if tips:
        yield Place(day, Kind.REFUND_TIP, ""), Figure(1, 0, tip, tip_tax)
    taxes = case.order.explanation.taxes if case.order.explanation else ()
    for row, minor in refund.parts.taxes.items():
        key = tax_key(taxes[row]) if row < len(taxes) else "|"
        yield Place(day, Kind.REFUND_TAX, key), Figure(1, 0, 0, minor)


def net_of(share: orders.totals.Share) -> int:
    return share.gross_minor - share.tax_minor


def tax_key(one: orders.totals.TaxTotal) -> str:
    """The rate first, since a tax may be called anything."""
    return f"{one.rate.millionths}|{one.tax}"[:KEY_LENGTH_MAX]
