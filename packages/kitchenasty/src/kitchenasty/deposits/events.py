"""What others may react to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from basis.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class DepositChanged(Event):
    """Money of a reservation came in, went back, or is the house's: `what` is PAID, RETURNED, KEPT,
    LET_GO, USED where it paid their bill, or CHARGED: a fee, taken from a card that was left, and
    the house's at once.
    """

    topic: ClassVar[str] = "deposit.changed"
    reservation_id: str
    house_id: str
    what: str
    amount_minor: int
    currency: str
