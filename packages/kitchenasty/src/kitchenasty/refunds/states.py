"""Why money goes back. Pure."""

from __future__ import annotations

from enum import StrEnum


class Cause(StrEnum):
    """BY_HAND: somebody of the house decided it. CANCELLED: the order will not be."""

    BY_HAND = "BY_HAND"
    CANCELLED = "CANCELLED"
