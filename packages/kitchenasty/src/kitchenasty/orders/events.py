from dataclasses import dataclass
from typing import ClassVar

from basis.events import Event
from kitchenasty.orders.states import OrderStatus, OrderType


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPlaced(Event):
    topic: ClassVar[str] = "order.placed"
    order_id: str
    house_id: str
    number: str
    order_type: OrderType
    total_minor: int
    currency: str
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TableOrderChanged(Event):
    """An order at a table was placed, moved or paid, or its party sits elsewhere."""

    topic: ClassVar[str] = "order.at_table"
    order_id: str
    house_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPaid(Event):
    """All that was due for an order was paid online."""

    topic: ClassVar[str] = "order.paid"
    order_id: str
    house_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderCollected(Event):
    """What was due for an order was paid at the counter or the door, before it was handed over."""

    topic: ClassVar[str] = "order.collected"
    order_id: str
    house_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderMoved(Event):
    """Also a cancellation, which is a move to CANCELLED with a reason."""

    topic: ClassVar[str] = "order.moved"
    order_id: str
    house_id: str
    number: str
    order_type: OrderType
    before: OrderStatus
    after: OrderStatus
    reason: str | None
    version: int
    was_unpaid: bool = False
    """An order that the house was never told of."""
