"""Points are earned by what was handed over, not by what was merely ordered; what was given back
takes its share of them along. And the plan of the tables shows who ordered.
"""

from __future__ import annotations

from collections.abc import Sequence

from basis.kit.data.outbox import StoredEvent, Subscription
from kitchenasty import reservations
from kitchenasty.checkout.points import earn_points, turn_points_back
from kitchenasty.kit.books import UnitOfWork
from kitchenasty.kit.live import append
from kitchenasty.orders import HANDED_OVER, OrderMoved, TableOrderChanged
from kitchenasty.refunds import RefundMade


async def tell_points(uow: UnitOfWork, events: Sequence[StoredEvent]) -> None:
    """Earned first: an order whose refund is in the same batch was handed over before."""
    moved = [one.payload for one in events if one.topic == OrderMoved.topic]
    await earn_points(uow, {one["order_id"] for one in moved if one["after"] in HANDED_OVER})
    refunded = {one.payload["order_id"] for one in events if one.topic == RefundMade.topic}
    await turn_points_back(uow, refunded)


async def tell_tables(uow: UnitOfWork, events: Sequence[StoredEvent]) -> None:
    """Whoever looks at the tables sees who ordered, was served and has paid."""
    for house_id in sorted({event.payload["house_id"] for event in events}):
        topic = reservations.tables_topic(house_id)
        await append(uow, topic, reservations.TABLES_CHANGED, {"houseId": house_id})


TABLES = Subscription("checkout.tables", (TableOrderChanged.topic,), tell_tables)
POINTS = Subscription("checkout.points", (OrderMoved.topic, RefundMade.topic), tell_points)
