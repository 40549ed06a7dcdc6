"""What links in letters are for, and for how long. Pure."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum


class Purpose(StrEnum):
    CONFIRM = "CONFIRM"
    """The address belongs to whoever opens the letter."""
    RESET = "RESET"
    """Whoever opens the letter may choose a new password."""


LIFE = {Purpose.CONFIRM: timedelta(days=3), Purpose.RESET: timedelta(hours=1)}
