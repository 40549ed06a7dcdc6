"""Orders as they are counted: what was agreed, what of it is tax, tip or discount, and for whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Select, select

from basis.kit.data.statements import Row, Statement, one_of
from kitchenasty.kit.books import Look
from kitchenasty.orders.models import OrderLineRow, OrderRow
from kitchenasty.orders.states import OrderStatus, OrderType
from kitchenasty.orders.totals import Explanation

NAMES = (
    "id",
    "house_id",
    "day",
    "placed_at",
    "status",
    "order_type",
    "customer_id",
    "guest_email",
    "phone_key",
    "currency",
    "delivery_fee_minor",
    "discount_minor",
    "tax_minor",
    "tip_minor",
    "total_minor",
    "awaits_payment_until",
    "explanation",
)
ORDERS = Statement(select(*(getattr(OrderRow, n) for n in NAMES)).where(one_of(OrderRow.id, "ids")))
LINES = Statement(
    select(
        OrderLineRow.order_id,
        OrderLineRow.dish_id,
        OrderLineRow.quantity,
        OrderLineRow.total_minor,
    )
    .where(one_of(OrderLineRow.order_id, "ids"))
    .order_by(OrderLineRow.order_id, OrderLineRow.position)
)


@dataclass(frozen=True, slots=True)
class BookedLine:
    dish_id: str
    quantity: int
    total_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BookedOrder:
    """An order without names and addresses. Amounts are minor units of `currency`; `day` is the
    house's own date at the moment of placing.
    """

    id: str
    house_id: str
    day: str
    placed_at: datetime
    status: OrderStatus
    order_type: OrderType
    customer_id: str | None
    guest_email: str | None
    phone_key: str
    currency: str
    delivery_fee_minor: int
    discount_minor: int
    tax_minor: int
    tip_minor: int
    total_minor: int
    awaits_payment_until: datetime | None
    explanation: Explanation | None
    lines: tuple[BookedLine, ...]


def select_ids(**more: ColumnElement[Any]) -> Select[Any]:
    """The ids of all orders, for a statement of another slice; `more` are columns beside them."""
    return select(OrderRow.id, *(column.label(name) for name, column in more.items()))


async def list_booked(look: Look, order_ids: Sequence[str]) -> list[BookedOrder]:
    """These orders, as far as there are any, in two statements however many they are."""
    lines: dict[str, list[BookedLine]] = defaultdict(list)
    for order_id, *line in await look.rows(LINES, ids=order_ids):
        lines[order_id].append(BookedLine(*line))
    return [booked_of(row, lines[row[0]]) for row in await look.rows(ORDERS, ids=order_ids)]


def booked_of(row: Row, lines: Sequence[BookedLine]) -> BookedOrder:
    found: dict[str, Any] = dict(zip(NAMES, row, strict=True))
    found["status"] = OrderStatus(found["status"])
    found["order_type"] = OrderType(found["order_type"])
    if found["explanation"] is not None:
        found["explanation"] = msgspec.convert(found["explanation"], Explanation)
    return BookedOrder(**found, lines=tuple(lines))
