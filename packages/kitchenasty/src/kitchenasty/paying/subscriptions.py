"""Money of a bill that went back to the deposit that had paid it goes on to its guest."""

from __future__ import annotations

from collections.abc import Sequence

from basis.kit.data.outbox import StoredEvent, Subscription
from kitchenasty import deposits, orders
from kitchenasty.kit.books import UnitOfWork
from kitchenasty.refunds import RefundMade


async def give_back_unused(uow: UnitOfWork, events: Sequence[StoredEvent]) -> None:
    """Sorted by party: two who hold several take them in the same order."""
    found = [await orders.load_order(uow, event.payload["order_id"]) for event in events]
    parties = {order.reservation_id for order in found if order.reservation_id is not None}
    for reservation_id in sorted(parties):
        await deposits.give_back_unused(uow, reservation_id)


UNUSED = Subscription("paying.deposits", (RefundMade.topic,), give_back_unused)
