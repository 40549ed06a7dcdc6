"""What becomes of an order that is handed to couriers of a market. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class HandoffState(StrEnum):
    """WAITING is not on the market yet, LISTED takes bids, FOUND has couriers, CARRIED is under
    way, ARRIVED waits for the word that it was received. The others are ends.
    """

    WAITING = "WAITING"
    LISTED = "LISTED"
    LEFT = "LEFT"
    """Nobody takes it for the money, which is on its way back."""
    FOUND = "FOUND"
    CARRIED = "CARRIED"
    ARRIVED = "ARRIVED"
    DISPUTED = "DISPUTED"
    DELIVERED = "DELIVERED"
    NOBODY = "NOBODY"
    """Nobody carries it for the money, and the money is back."""
    REFUSED = "REFUSED"
    IMPOSSIBLE = "IMPOSSIBLE"
    """Where it goes, or where it begins, is not known."""
    BROKEN = "BROKEN"
    """Somebody had promised to carry it and did not."""
    WITHDRAWN = "WITHDRAWN"


S = HandoffState
ENDS = frozenset({S.DELIVERED, S.NOBODY, S.REFUSED, S.IMPOSSIBLE, S.BROKEN, S.WITHDRAWN})
UNDER_WAY = frozenset({S.CARRIED, S.ARRIVED, S.DISPUTED, S.DELIVERED})
"""The load has left the kitchen, whatever the screens there say."""
LOST = frozenset({S.NOBODY, S.REFUSED, S.IMPOSSIBLE, S.BROKEN})
"""The house has to do something itself."""
MOVED_ON = frozenset({"arrived", "disputed", "settled"})


@dataclass(frozen=True, slots=True)
class Leg:
    """A part of the way as the market shows it. `pay` is in lamports."""

    number: int
    agent: str
    pay: int
    status: str


def state_of(status: str, legs: Sequence[Leg], *, wanted_back: bool) -> HandoffState:
    """What a job of the market means for the house. The market's word counts alone: whatever was
    heard twice, or not at all, it comes out the same.
    """
    if status in ("awarded", "in-transit"):
        return on_the_way(legs)
    if status == "refunded":
        if wanted_back:
            return S.WITHDRAWN
        return S.BROKEN if any(leg.status != "offered" for leg in legs) else S.NOBODY
    return {
        "opening": S.WAITING,
        "refused": S.REFUSED,
        "unmatched": S.LEFT,
        "delivered": S.DELIVERED,
    }.get(status, S.LISTED)


def on_the_way(legs: Sequence[Leg]) -> HandoffState:
    last = legs[-1].status if legs else ""
    if last == "disputed":
        return S.DISPUTED
    if last in ("arrived", "settled"):
        return S.ARRIVED
    return S.CARRIED if legs and legs[0].status in MOVED_ON else S.FOUND
