"""What links in letters are for, and for how long. Pure."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum


class Purpose(StrEnum):
    CONFIRM = "CONFIRM"
    """The address belongs to whoever opens the letter."""
    RESET = "RESET"
    """Whoever opens the letter may choose a new password."""
    MOVE = "MOVE"
    """The account moves to the address of whoever opens the letter."""


NEWS_USEFUL = timedelta(days=3)
"""How long it is worth telling somebody what happened to their account."""
LIFE = {
    Purpose.CONFIRM: timedelta(days=3),
    Purpose.RESET: timedelta(hours=1),
    Purpose.MOVE: timedelta(hours=1),
}
