"""A receipt or a credit note, ready for whatever paper is wanted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kitchenasty.kit.books import Look
from kitchenasty.locations import House
from kitchenasty.orders import Order
from kitchenasty.receipts.credit_note import write_credit_note
from kitchenasty.receipts.document import Document, write
from kitchenasty.receipts.service import load_credit_note, load_paper


@dataclass(frozen=True, slots=True)
class Printed:
    """A document, whose it is, and what its file is called."""

    document: Document
    house: House
    made_at: datetime
    file_name: str


async def load_printed(look: Look, order: Order, refund_id: str | None = None) -> Printed:
    """The receipt of an order, or the credit note of one of its refunds.

    Raises RefundNotFound, HouseNotFound.
    """
    if refund_id is not None:
        note = await load_credit_note(look, order, refund_id)
        name = f"credit-note-{note.number or order.number}"
        return Printed(write_credit_note(note), note.paper.house, note.refund.made_at, name)
    paper = await load_paper(look, order)
    made_at = paper.number.issued_at if paper.number else look.now
    return Printed(write(paper), paper.house, made_at, f"receipt-{paper.number or order.number}")


def print_pdf(printed: Printed) -> bytes:
    """Takes long enough for the kitchen to notice, so it is done in a thread."""
    # Loading what prints is a sixth of a whole start, and most houses never ask for a PDF.
    from kitchenasty.receipts.pdf import to_pdf  # noqa: PLC0415

    return to_pdf(printed.document, made_at=printed.made_at)
