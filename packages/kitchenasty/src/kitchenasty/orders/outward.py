"""What programs elsewhere hear of orders. Why one was cancelled is in a person's own words, and
stays here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import msgspec

from basis.kit.http.wire import Amount, amount
from basis.sentences import word
from kitchenasty.kit.books import Look
from kitchenasty.orders.events import OrderCollected, OrderMoved, OrderPaid, OrderPlaced
from kitchenasty.orders.states import OrderStatus, OrderType
from kitchenasty.webhooks import PublicFacts, Topic

OrderId = Annotated[str, msgspec.Meta(description="GET /api/orders/{orderId} has the rest.")]
Number = Annotated[str, msgspec.Meta(description="What guests and cooks call it.")]
Version = Annotated[
    int, msgspec.Meta(description="Grows with each change: a smaller one came late.")
]


class PlacedOrderFacts(PublicFacts, kw_only=True):
    order_id: OrderId
    house_id: str
    number: Number
    order_type: OrderType
    total: Annotated[Amount, msgspec.Meta(description="All that is due, in major units.")]
    currency: str
    version: Version


class MovedOrderFacts(PublicFacts, kw_only=True):
    order_id: OrderId
    house_id: str
    number: Number
    order_type: OrderType
    before: OrderStatus
    after: OrderStatus
    version: Version


class PaidOrderFacts(PublicFacts, kw_only=True):
    order_id: OrderId
    house_id: str


async def tell_placed(_look: Look, payload: Mapping[str, Any]) -> PublicFacts:
    return PlacedOrderFacts(
        order_id=payload["order_id"],
        house_id=payload["house_id"],
        number=payload["number"],
        order_type=OrderType(payload["order_type"]),
        total=amount(payload["total_minor"], payload["currency"]),
        currency=payload["currency"],
        version=payload["version"],
    )


async def tell_moved(_look: Look, payload: Mapping[str, Any]) -> PublicFacts | None:
    """Nothing of an order that the house was never told of, since it was never paid."""
    if payload.get("was_unpaid"):
        return None
    return MovedOrderFacts(
        order_id=payload["order_id"],
        house_id=payload["house_id"],
        number=payload["number"],
        order_type=OrderType(payload["order_type"]),
        before=OrderStatus(payload["before"]),
        after=OrderStatus(payload["after"]),
        version=payload["version"],
    )


async def tell_paid(_look: Look, payload: Mapping[str, Any]) -> PublicFacts:
    return PaidOrderFacts(order_id=payload["order_id"], house_id=payload["house_id"])


TOPICS = (
    Topic(OrderPlaced.topic, word("An order was placed"), PlacedOrderFacts, tell_placed),
    Topic(OrderMoved.topic, word("An order has another status"), MovedOrderFacts, tell_moved),
    Topic(OrderPaid.topic, word("An order was paid online"), PaidOrderFacts, tell_paid),
    Topic(
        OrderCollected.topic,
        word("An order was paid at the counter or the door"),
        PaidOrderFacts,
        tell_paid,
    ),
)
