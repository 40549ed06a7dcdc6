"""What is told of an order is noted, to be counted."""

from __future__ import annotations

from basis.kit.data.outbox import Subscription
from kitchenasty.orders import OrderCollected, OrderMoved, OrderPaid, OrderPlaced
from kitchenasty.privacy import GuestErased
from kitchenasty.refunds import RefundMade
from kitchenasty.reports.counting import forget_guests, note_orders

TOPICS = (
    OrderPlaced.topic,
    OrderMoved.topic,
    OrderPaid.topic,
    OrderCollected.topic,
    RefundMade.topic,
)
CHANGES = Subscription("reports.changes", TOPICS, note_orders)
ERASURES = Subscription("reports.erasures", (GuestErased.topic,), forget_guests)
