"""Where a delivery can be, why an endpoint is off, how long to wait before another try. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from basis.kit.retry_after import RETRY_AFTER_MAX

WAITS_SECONDS = (5, 30, 300, 1_800, 3_600, 7_200, 14_400)
"""After the first try, the second and so on; after more tries the last one again."""
JITTER = 0.2
"""A wait is longer or shorter by up to this share, so that not all come back at once."""
TRIED_FOR = timedelta(days=3)
PATIENCE = timedelta(days=5)
"""An endpoint that took nothing for so long is switched off."""
OUTAGE = timedelta(minutes=5)
"""What waits is tried at once when a receiver that was away for longer takes something again."""
STATUS_GONE = 410


class DeliveryState(StrEnum):
    WAITING = "WAITING"
    DELIVERED = "DELIVERED"
    DEAD = "DEAD"
    """Tried for three days, or refused for good. Waits for a person."""


class OffReason(StrEnum):
    BY_HAND = "BY_HAND"
    GONE = "GONE"
    """The receiver said that it is not there any more (410)."""
    FAILING = "FAILING"
    """It took nothing for days."""


def is_taken(status: int | None) -> bool:
    """Whether the receiver has it. A redirect is no yes: nobody follows it."""
    return status is not None and 200 <= status < 300


def next_try(
    now: datetime, *, tries: int, until: datetime, chance: float, retry_after: timedelta | None
) -> datetime | None:
    """When to try again after so many tries, `chance` lying between 0 and 1; None if never: the
    last try is made when the time is over.
    """
    if now >= until:
        return None
    wait = wait_after(tries, chance)
    if retry_after is not None:
        wait = max(wait, min(retry_after, RETRY_AFTER_MAX))
    return min(now + wait, until)


def wait_after(tries: int, chance: float) -> timedelta:
    seconds = WAITS_SECONDS[min(tries, len(WAITS_SECONDS)) - 1]
    return timedelta(seconds=seconds * (1 - JITTER + 2 * JITTER * chance))
