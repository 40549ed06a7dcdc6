"""What is paid gets its receipt, at the latest when it is handed over; what is given back gets its
credit note. Both are posted.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from datetime import timedelta

from basis.kit.data.outbox import StoredEvent, Subscription
from kitchenasty import notices, orders
from kitchenasty.kit.books import UnitOfWork
from kitchenasty.kit.identity.sign_in import EmailRefused
from kitchenasty.orders import OrderMoved, OrderPaid, OrderStatus
from kitchenasty.receipts.events import ReceiptIssued
from kitchenasty.receipts.letters import KIND as LETTER
from kitchenasty.receipts.models import ReceiptKind
from kitchenasty.receipts.service import issue
from kitchenasty.refunds import RefundMade

USEFUL_FOR = timedelta(days=3)
HANDED_OVER = (OrderStatus.DELIVERED, OrderStatus.PICKED_UP)


async def number_receipts(uow: UnitOfWork, events: Sequence[StoredEvent]) -> None:
    """Sorted by house: two who take several counters take them in the same order."""
    paid = [
        event.payload
        for event in events
        if event.topic == OrderPaid.topic or event.payload["after"] in HANDED_OVER
    ]
    for facts in sorted(paid, key=lambda facts: str(facts["house_id"])):
        await issue(uow, house_id=facts["house_id"], order_id=facts["order_id"])


async def number_credit_notes(uow: UnitOfWork, events: Sequence[StoredEvent]) -> None:
    """A credit note takes from a receipt, so the receipt is numbered first if it was not yet."""
    for facts in sorted((one.payload for one in events), key=lambda facts: str(facts["house_id"])):
        place = {"house_id": facts["house_id"], "order_id": facts["order_id"]}
        await issue(uow, **place)
        await issue(uow, **place, kind=ReceiptKind.CREDIT_NOTE, about_id=facts["refund_id"])


async def post_papers(uow: UnitOfWork, events: Sequence[StoredEvent]) -> None:
    """Whoever left an address gets the paper by mail, in the language they ordered in. A house
    without a mail server keeps none for later.
    """
    if await notices.load_smtp(uow) is None:
        return
    for event in events:
        facts = event.payload
        box = await orders.find_letter_box(uow, facts["order_id"])
        if box is None:
            continue
        email, locale = box
        # An address that nobody can write to was typed by its guest, and holds up nothing.
        with contextlib.suppress(EmailRefused):
            await notices.send_notice(
                uow,
                LETTER,
                recipient=email,
                facts={"order_id": facts["order_id"], "refund_id": facts["refund_id"]},
                useful_for=USEFUL_FOR,
                locale=locale,
            )


POSTED = Subscription("receipts.posted", (ReceiptIssued.topic,), post_papers)
"""Where there is a mail server."""
CREDIT_NOTES = Subscription("receipts.credit_notes", (RefundMade.topic,), number_credit_notes)
NUMBERS = Subscription("receipts.numbers", (OrderMoved.topic, OrderPaid.topic), number_receipts)
