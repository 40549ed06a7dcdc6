"""Where a text message can be, and how long to wait before it is tried again. Pure."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

FIRST_WAIT_SECONDS = 10
WAIT_SECONDS_MAX = 3_600
SPREAD = 0.25
"""By how much of itself a wait may be longer: what failed together is not tried together."""


class TextState(StrEnum):
    WAITING = "WAITING"
    SENT = "SENT"
    """The carrier took it, and has not said yet what became of it."""
    DELIVERED = "DELIVERED"
    GIVEN_UP = "GIVEN_UP"
    """Refused for good, not delivered, or no longer of use. Waits for a person."""
    NEEDLESS = "NEEDLESS"
    """What it was about had gone before it was sent."""
    STOPPED = "STOPPED"
    """Whoever has the number asked for no more texts."""
    SHOWN = "SHOWN"
    """Only written down: the house wants to see before it sends."""


NOT_SENT = (TextState.GIVEN_UP, TextState.STOPPED)
AFTER: dict[TextState, frozenset[TextState]] = {
    TextState.SENT: frozenset({TextState.WAITING, TextState.GIVEN_UP}),
    TextState.DELIVERED: frozenset({TextState.WAITING, TextState.SENT, TextState.GIVEN_UP}),
    TextState.GIVEN_UP: frozenset({TextState.WAITING, TextState.SENT}),
}
"""From where the carrier's word may move a text: what it says comes late, twice and in any order,
and nothing takes back that a text arrived."""


def wait_after(tries: int, chance: float) -> timedelta:
    """Ten seconds, then twice as long each time, at most an hour, and up to a quarter more by
    `chance`, from 0 to 1.
    """
    seconds = min(FIRST_WAIT_SECONDS * 2 ** min(tries - 1, 20), WAIT_SECONDS_MAX)
    return timedelta(seconds=seconds * (1 + SPREAD * chance))
