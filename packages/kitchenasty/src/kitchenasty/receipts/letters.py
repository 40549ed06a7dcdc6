"""Receipts and credit notes by mail, to guests who left an address: in words, and as a PDF."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

from basis.sentences import word
from kitchenasty import orders
from kitchenasty.kit.books import UnitOfWork
from kitchenasty.notices import (
    BUTTON,
    HOUSE,
    TABLE,
    Area,
    Attachment,
    Letter,
    Pattern,
    Sender,
    text_fact,
)
from kitchenasty.receipts.printed import Printed, load_printed, print_pdf

KIND = "receipts.paper"
PAPER = {
    "title": text_fact("receipt.title", word("Title of the paper"), "Receipt 2026-000117"),
    "seller": text_fact(
        "receipt.seller", word("Who sold it, as the law wants"), "Juniper Court, Kastanienallee 12"
    ),
    "number": text_fact("order.number", word("Number of the order"), "K7-42"),
    "house": HOUSE,
}
ROWS = (("2 × Soup", "€9.80"), (word("Total"), "€9.80"))
RECEIPT = Pattern(
    key="receipts.receipt",
    words=word("A receipt"),
    area=Area.PAYMENTS,
    subject=("{title}", "{house}"),
    lines=(word("Thank you for your order. This is your receipt."),),
    button=word("Open the order"),
    after=("{seller}",),
    places=PAPER,
    rows=ROWS,
    needs=frozenset({TABLE, BUTTON, "receipt.seller"}),
)
CREDIT_NOTE = replace(
    RECEIPT,
    key="receipts.credit-note",
    words=word("A credit note"),
    lines=(word("This is what we gave back to you."),),
)
PATTERNS = (RECEIPT, CREDIT_NOTE)


async def write_paper(uow: UnitOfWork, facts: dict[str, Any], sender: Sender) -> Letter | None:
    """The receipt of an order that was handed over, or the credit note of a refund."""
    order = await orders.load_order(uow, facts["order_id"])
    printed = await load_printed(uow, order, facts["refund_id"])
    pattern = CREDIT_NOTE if facts["refund_id"] else RECEIPT
    known = {
        "title": printed.document.title,
        "seller": "\n".join(printed.document.seller),
        "number": order.number,
        "house": printed.house.name,
    }
    return pattern.write(
        known,
        rows=rows_of(printed),
        url=f"{sender.public_url}/t/{orders.capability_of(uow.secret, order.id)}",
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
