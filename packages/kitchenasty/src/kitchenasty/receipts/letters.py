"""Receipts and credit notes by mail, to guests who left an address: in words, and as a PDF."""

from __future__ import annotations

from functools import partial
from typing import Any

from kitchenasty import orders
from kitchenasty.kit.data.work import UnitOfWork
from kitchenasty.kit.http.i18n import translate
from kitchenasty.notices import Action, Attachment, Letter, Sender
from kitchenasty.receipts.printed import Printed, load_printed, print_pdf

KIND = "receipts.paper"


async def write_paper(uow: UnitOfWork, facts: dict[str, Any], sender: Sender) -> Letter | None:
    """The receipt of an order that was handed over, or the credit note of a refund."""
    order = await orders.load_order(uow, facts["order_id"])
    printed = await load_printed(uow, order, facts["refund_id"])
    link = f"{sender.public_url}/t/{orders.capability_of(uow.secret, order.id)}"
    return Letter(
        subject=f"{printed.document.title}, {printed.house.name}",
        paragraphs=(
            translate("This is what we gave back to you.")
            if facts["refund_id"]
            else translate("Thank you for your order. This is your receipt."),
        ),
        rows=tuple(rows_of(printed)),
        action=Action(translate("Open the order"), link),
        after=printed.document.seller,
        house=printed.house.name,
        attachments=(
            Attachment(f"{printed.file_name}.pdf", "application/pdf", partial(print_pdf, printed)),
        ),
    )


def rows_of(printed: Printed) -> list[tuple[str, str]]:
    """What the paper says, in one column of words and one of amounts."""
    return [
        (row.left.strip(), row.right) for block in printed.document.blocks for row in block.rows
    ]


WRITERS = {KIND: write_paper}
