"""What is handed over is paid, and gets its receipt."""

from __future__ import annotations

from collections.abc import Sequence

from kitchenasty.kit.data.outbox import StoredEvent, Subscription
from kitchenasty.kit.data.work import UnitOfWork
from kitchenasty.orders import OrderMoved, OrderStatus
from kitchenasty.receipts.service import issue

HANDED_OVER = (OrderStatus.DELIVERED, OrderStatus.PICKED_UP)


async def number_receipts(uow: UnitOfWork, events: Sequence[StoredEvent]) -> None:
    """Sorted by house: two who take several counters take them in the same order."""
    handed_over = [event.payload for event in events if event.payload["after"] in HANDED_OVER]
    for facts in sorted(handed_over, key=lambda facts: str(facts["house_id"])):
        await issue(uow, house_id=facts["house_id"], order_id=facts["order_id"])


NUMBERS = Subscription("receipts.numbers", (OrderMoved.topic,), number_receipts)
