"""What a guest wants, before it is an order, and what is agreed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from basis.errors import DomainError, Invalid
from kitchenasty import locations, orders, payments
from kitchenasty.checkout.gifts import GiftUse
from kitchenasty.checkout.points import Offer
from kitchenasty.checkout.promise import Promise
from kitchenasty.checkout.tips import TipWish
from kitchenasty.orders import OrderType

LINES_MAX = 50
QUANTITY_MAX = 99


class CartRefused(Invalid):
    """The cart as a whole cannot be ordered: empty, too long, a quantity out of bounds."""


@dataclass(frozen=True, slots=True)
class CartLine:
    """One wish: a dish, how often, with which options (choice id, quantity)."""

    dish_id: str
    quantity: int
    options: tuple[tuple[str, int], ...] = ()
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CartDraft:
    house_id: str
    order_type: OrderType
    lines: tuple[CartLine, ...]
    scheduled_at: datetime | None = None
    coupon_code: str | None = None
    points: int = 0
    """How many of the guest's points shall make it cheaper; what is not needed stays theirs."""
    tip: TipWish | None = None
    where: locations.Whereabouts = field(default_factory=locations.Whereabouts)
    """Where a delivery goes; nobody asks for a pickup."""
    gift_card: str | None = None
    """The code of a card that shall pay, as typed. It is never written down."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seated:
    """Where a waiter takes an order: the table, by its name, and the party that sits there."""

    table_id: str
    table_name: str
    reservation_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderDraft:
    """Everything a guest says when ordering. `shown_total_minor` and `shown_promise_at` are the
    total and, for as soon as possible, the time that they saw.
    """

    cart: CartDraft
    contact: orders.Contact
    payment_method: payments.PaymentMethod
    address: Mapping[str, Any] | None = None
    note: str | None = None
    customer_id: str | None = None
    shown_total_minor: int | None = None
    shown_promise_at: datetime | None = None
    shown_gift_minor: int | None = None
    """What the guest saw that their gift card pays."""
    quote: str | None = None
    """A signed quote; with it, what is charged is exactly what it says."""
    seated: Seated | None = None
    """Of an order at a table; there is one if and only if it is DINE_IN."""


@dataclass(frozen=True, slots=True)
class LineProblem:
    """Why a line of the cart cannot be ordered as it is. `position` counts from 0."""

    position: int
    code: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """What delivery asks of a cart, in minor units. Without a `zone` it is the house's one fee;
    with a `refusal` nobody knows whether it is delivered there: the prices are without a fee.
    """

    zone: locations.Zone | None = None
    refusal: DomainError | None = None
    missing_minor: int = 0
    """What the dishes lack of the smallest order."""
    to_free_minor: int | None = None
    """What they lack until delivery is free; None where it never is, 0 where it is now."""


NO_DELIVERY = Reach()


@dataclass(frozen=True, slots=True)
class PricedCart:
    """A cart with its prices; lines with a problem are left out of the breakdown."""

    cart: CartDraft
    breakdown: orders.totals.Breakdown
    work_minutes: int
    problems: tuple[LineProblem, ...]
    positions: tuple[int, ...]
    """For each line of the breakdown, its place in the cart."""
    promise: Promise | None
    """What would be promised if it were ordered now; None when the kitchen is full."""
    coupon_refusal: DomainError | None = None
    """Why the coupon that was named takes nothing off; the prices are without it."""
    points_refusal: DomainError | None = None
    """The same of the points."""
    gift: GiftUse | None = None
    gift_refusal: DomainError | None = None
    points: Offer | None = None
    """What a guest with an account may use and will earn."""
    reach: Reach = NO_DELIVERY
    tip_refusal: DomainError | None = None
    """The same of the tip."""
    tips: tuple[tuple[int, int], ...] = ()
    """What the house suggests: percent, and what it comes to."""
    cash_minor: int = 0
    """What is left to pay, as coins can pay it."""

    @property
    def refusal(self) -> DomainError | None:
        """The first of what was asked for and takes nothing off or pays nothing."""
        return self.coupon_refusal or self.points_refusal or self.tip_refusal or self.gift_refusal


@dataclass(frozen=True, slots=True)
class AcceptedOrder:
    """An order that is in the books, with what is due for it and what opens it to its guest."""

    order: orders.Order
    house_name: str
    due: payments.Payment
    sums: orders.Sums
    capability: str
    paid: payments.Payment | None = None
    """What a gift card has paid; `due` is the rest."""

    @property
    def id(self) -> str:
        return self.order.id

    @property
    def number(self) -> str:
        return self.order.number
