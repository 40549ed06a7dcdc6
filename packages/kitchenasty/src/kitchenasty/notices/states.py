"""Where a letter can be, and how long to wait before it is tried again. Pure."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

FIRST_WAIT_SECONDS = 10
WAIT_SECONDS_MAX = 3_600


class NoticeState(StrEnum):
    WAITING = "WAITING"
    SENT = "SENT"
    GIVEN_UP = "GIVEN_UP"
    """Refused for good, or still not sent when it had become useless. Waits for a person."""
    NEEDLESS = "NEEDLESS"
    """What it was about had gone before it was sent."""
    STOPPED = "STOPPED"
    """An advertisement, and whoever reads there asked for none."""


def wait_after(tries: int) -> timedelta:
    """Ten seconds, then twice as long each time, at most an hour."""
    return timedelta(seconds=min(FIRST_WAIT_SECONDS * 2 ** min(tries - 1, 20), WAIT_SECONDS_MAX))
