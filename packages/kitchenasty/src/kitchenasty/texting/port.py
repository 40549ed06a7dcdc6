"""What whoever carries text messages must be able to do, and how it says no."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class OutgoingText:
    """A text as it leaves the house. `id` is ours; the carrier names it when it reports."""

    id: str
    to: str
    body: str


class CarrierAway(Exception):
    """The carrier cannot be reached or takes nothing from us now; later it may."""


class CarrierRefused(Exception):
    """A text is not taken, and never will be. `wants_none` when the receiver said so."""

    def __init__(self, why: str, *, wants_none: bool = False) -> None:
        super().__init__(why)
        self.wants_none = wants_none


class Carrier(Protocol):
    async def send(self, text: OutgoingText) -> str:
        """Hand over one text; the carrier's name for it. Raises CarrierAway or CarrierRefused."""
