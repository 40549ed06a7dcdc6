"""Receipts: one document for page, PDF, mail and printer, numbered without gaps."""

from kitchenasty.receipts.models import ReceiptKind
from kitchenasty.receipts.service import (
    CreditNote,
    Number,
    NumberedRefund,
    Paper,
    find_number,
    issue,
    list_numbered,
    load_credit_note,
    load_paper,
)

__all__ = [
    "CreditNote",
    "Number",
    "NumberedRefund",
    "Paper",
    "ReceiptKind",
    "find_number",
    "issue",
    "list_numbered",
    "load_credit_note",
    "load_paper",
]
