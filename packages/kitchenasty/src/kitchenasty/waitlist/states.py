"""How it stands with somebody who waits for a table. Pure."""

from __future__ import annotations

from enum import StrEnum

from basis.sentences import word


class WaitState(StrEnum):
    """OFFERED: a table is held until they answer. BOOKED: they have one, or sit already. LEFT: they
    do not want one any more. LAPSED: they did not answer, or come, in time. READY: they wait at the
    door, their table is ready, and it is held until they come.
    """

    WAITING = "WAITING"
    OFFERED = "OFFERED"
    READY = "READY"
    BOOKED = "BOOKED"
    LEFT = "LEFT"
    LAPSED = "LAPSED"


OPEN = (WaitState.WAITING, WaitState.OFFERED, WaitState.READY)
HOLDING = (WaitState.OFFERED, WaitState.READY)
"""While a table is held for them."""
WAIT_WORDS = {
    WaitState.WAITING: word("You are on the waiting list"),
    WaitState.OFFERED: word("There is a table for you"),
    WaitState.READY: word("Your table is ready"),
    WaitState.BOOKED: word("You have a table"),
    WaitState.LEFT: word("You are not on the waiting list any more"),
    WaitState.LAPSED: word("The table went to somebody else"),
}
