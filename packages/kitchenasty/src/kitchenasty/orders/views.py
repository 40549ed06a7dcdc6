"""An order as other slices and doors see it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kitchenasty.orders.states import (
    OrderStatus,
    OrderType,
    guest_may_cancel,
    next_statuses,
)
from kitchenasty.orders.totals import Explanation


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    name: str
    email: str | None
    phone: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LineOption:
    """A chosen option as it was named and priced when the order was placed."""

    id: str
    group: str
    name: str
    quantity: int
    modifier_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    id: str
    dish_id: str
    name: str
    quantity: int
    unit_minor: int
    total_minor: int
    note: str | None
    allergens: tuple[str, ...] | None
    options: tuple[LineOption, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryEntry:
    happened_at: datetime
    actor: str
    actor_name: str
    before: str | None
    after: str
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Everything about an order. Amounts are minor units of `currency`."""

    id: str
    house_id: str
    day: str
    number: str
    status: OrderStatus
    order_type: OrderType
    version: int
    customer_id: str | None
    contact: Contact
    address: Mapping[str, Any] | None
    currency: str
    subtotal_minor: int
    delivery_fee_minor: int
    discount_minor: int
    tax_minor: int
    tip_minor: int
    total_minor: int
    tax_is_included: bool
    rounding_policy: str
    payment_method: str
    placed_at: datetime
    updated_at: datetime
    scheduled_at: datetime | None
    promised_at: datetime
    fire_at: datetime
    note: str | None
    cancel_reason: str | None
    guest_may_cancel_until: OrderStatus
    awaits_payment_until: datetime | None = None
    table_id: str | None = None
    table_name: str | None = None
    reservation_id: str | None = None
    lines: tuple[Line, ...] = ()
    history: tuple[HistoryEntry, ...] = ()

    @property
    def awaits_payment(self) -> bool:
        """Whether it is held back until it is paid. One that was cancelled instead is over."""
        return self.awaits_payment_until is not None and self.status is OrderStatus.PENDING

    @property
    def next_statuses(self) -> tuple[OrderStatus, ...]:
        if self.awaits_payment:
            return (OrderStatus.CANCELLED,)
        return next_statuses(self.status, self.order_type)

    @property
    def guest_may_cancel(self) -> bool:
        return guest_may_cancel(self.status, self.order_type, self.guest_may_cancel_until)


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketLine:
    dish_id: str
    quantity: int
    name: str
    note: str | None
    options: tuple[str, ...]
    allergens: tuple[str, ...] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """What a cook needs to know of an order, and nothing of the money."""

    id: str
    number: str
    version: int
    status: OrderStatus
    order_type: OrderType
    customer_id: str | None
    guest_name: str
    placed_at: datetime
    promised_at: datetime
    scheduled_at: datetime | None
    fire_at: datetime
    note: str | None
    lines: tuple[TicketLine, ...]
    table: str | None = None
    """The name of the table that it is carried to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreedOrder:
    """An order that checkout has priced and checked, ready to be recorded."""

    house_id: str
    zone: str
    order_type: OrderType
    customer_id: str | None
    contact: Contact
    address: Mapping[str, Any] | None
    currency: str
    subtotal_minor: int
    delivery_fee_minor: int
    discount_minor: int
    tax_minor: int
    tip_minor: int
    total_minor: int
    tax_is_included: bool
    rounding_policy: str
    explanation: Explanation
    payment_method: str
    scheduled_at: datetime | None
    promised_at: datetime
    fire_at: datetime
    note: str | None
    guest_may_cancel_until: OrderStatus
    stock_taken: Mapping[str, int]
    kitchen_slot: datetime | None
    work_minutes: int
    lines: tuple[Line, ...]
    awaits_payment_until: datetime | None = None
    table_id: str | None = None
    table_name: str | None = None
    reservation_id: str | None = None


@dataclass(frozen=True, slots=True)
class PlacedOrder:
    """A recorded order, with the capability that opens it to whoever holds it."""

    order: Order
    capability: str

    @property
    def id(self) -> str:
        return self.order.id

    @property
    def number(self) -> str:
        return self.order.number
