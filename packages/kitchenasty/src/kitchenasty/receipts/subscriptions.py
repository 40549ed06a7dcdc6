"""What is handed over is paid, and gets its receipt; what is given back gets its credit note."""

from __future__ import annotations

from collections.abc import Sequence

from kitchenasty.kit.data.outbox import StoredEvent, Subscription
from kitchenasty.kit.data.work import UnitOfWork
from kitchenasty.orders import OrderMoved, OrderStatus
from kitchenasty.receipts.models import ReceiptKind
from kitchenasty.receipts.service import issue
from kitchenasty.refunds import RefundMade

HANDED_OVER = (OrderStatus.DELIVERED, OrderStatus.PICKED_UP)


async def number_receipts(uow: UnitOfWork, events: Sequence[StoredEvent]) -> None:
    """Sorted by house: two who take several counters take them in the same order."""
    handed_over = [event.payload for event in events if event.payload["after"] in HANDED_OVER]
    for facts in sorted(handed_over, key=lambda facts: str(facts["house_id"])):
        await issue(uow, house_id=facts["house_id"], order_id=facts["order_id"])


async def number_credit_notes(uow: UnitOfWork, events: Sequence[StoredEvent]) -> None:
    """A credit note takes from a receipt, so the receipt is numbered first if it was not yet."""
    for facts in sorted((one.payload for one in events), key=lambda facts: str(facts["house_id"])):
        place = {"house_id": facts["house_id"], "order_id": facts["order_id"]}
        await issue(uow, **place)
        await issue(uow, **place, kind=ReceiptKind.CREDIT_NOTE, about_id=facts["refund_id"])


CREDIT_NOTES = Subscription("receipts.credit_notes", (RefundMade.topic,), number_credit_notes)
NUMBERS = Subscription("receipts.numbers", (OrderMoved.topic,), number_receipts)
