"""How a printout stands, and when a printer that failed is tried again. Pure."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

PATIENCE = timedelta(hours=6)
"""A docket that comes later than that helps nobody; a person may still print it again."""
LEASE = timedelta(seconds=60)
"""Printing one docket ends by then, or it is taken for interrupted."""
WAIT_LEAST, WAIT_MOST = timedelta(seconds=5), timedelta(seconds=60)


class PrintoutState(StrEnum):
    """PRINTED: the printer said so, or took all of it where it says nothing."""

    WAITING = "WAITING"
    PRINTED = "PRINTED"
    GIVEN_UP = "GIVEN_UP"


class Trouble(StrEnum):
    """Why a printer does not print. AWAY: nobody answers there. PAPER: it has none. COVER: it is
    open, or the printer is off line. SILENT: it took the docket and did not say that it printed it.
    FORBIDDEN: the operator has not named its network.
    """

    AWAY = "AWAY"
    PAPER = "PAPER"
    COVER = "COVER"
    SILENT = "SILENT"
    FORBIDDEN = "FORBIDDEN"


def wait_after(tries: int) -> timedelta:
    """Doubled each time, up to a minute: somebody may be putting paper in."""
    doubled = WAIT_LEAST * (1 << min(tries, 10))
    return min(doubled, WAIT_MOST)
