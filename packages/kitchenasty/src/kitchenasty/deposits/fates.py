"""What a move of a reservation means for its deposit."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from kitchenasty.reservation_terms import Agreed
from kitchenasty.reservations import Status


class Fate(StrEnum):
    """RETURN: it goes back whole. KEEP: it is the house's. HOLD: it is the guest's still, and waits
    for them, or for somebody of the house who decides.
    """

    RETURN = "RETURN"
    KEEP = "KEEP"
    HOLD = "HOLD"


def fate_of(agreed: Agreed, status: Status, moved_at: datetime, *, is_by_house: bool) -> Fate:
    """What a move to this status means for the money."""
    if status is Status.NO_SHOW:
        return Fate.KEEP
    if status is Status.COMPLETED:
        # They came. What was taken off their bill is not in what is left.
        return Fate.RETURN
    if status is not Status.CANCELLED:
        return Fate.HOLD
    if agreed.is_free(moved_at):
        return Fate.RETURN
    # Late: whoever cancels by themselves knew it. Why the house cancelled, only the house knows.
    return Fate.HOLD if is_by_house else Fate.KEEP
