from dataclasses import dataclass
from typing import ClassVar

from basis.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptIssued(Event):
    """A receipt or a credit note has its number. `refund_id` is None for a receipt."""

    topic: ClassVar[str] = "receipt.issued"
    order_id: str
    house_id: str
    refund_id: str | None
