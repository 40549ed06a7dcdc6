"""A cancelled order that was paid gives everything back."""

from __future__ import annotations

from collections.abc import Sequence

from basis.kit.data.outbox import StoredEvent, Subscription
from kitchenasty.kit.books import UnitOfWork
from kitchenasty.orders import OrderMoved, OrderStatus
from kitchenasty.refunds.service import give_everything_back

NO_REASON = "Cancelled"


async def give_back_cancelled(uow: UnitOfWork, events: Sequence[StoredEvent]) -> None:
    """Sorted by order: two who lock several orders' money take it in the same order."""
    cancelled = [one for one in events if one.payload["after"] == OrderStatus.CANCELLED]
    for event in sorted(cancelled, key=lambda one: str(one.payload["order_id"])):
        await give_everything_back(
            uow,
            event.payload["order_id"],
            reason=event.payload["reason"] or NO_REASON,
            made_by=event.actor,
        )


CANCELLATIONS = Subscription("refunds.cancellations", (OrderMoved.topic,), give_back_cancelled)
