"""What can be followed, how a phone is reached, what an answer of its push service means. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from basis.kit.retry_after import RETRY_AFTER_MAX

FIRST_WAIT_SECONDS = 15
WAIT_SECONDS_MAX = 3_600
SPREAD = 0.25
"""By how much of itself a wait may be longer: what failed together is not tried together."""
GONE = frozenset({404, 410})
TOO_MANY, SERVER_ERROR = 429, 500


class About(StrEnum):
    """What a phone is told about. The first four are the names of live rooms, and whoever may come
    into the room may be told; ACCOUNT is whatever concerns a guest who signed in there.
    """

    ORDER = "order"
    RESERVATION = "reservation"
    WAITING = "waiting"
    KITCHEN = "kitchen"
    ACCOUNT = "account"


@dataclass(frozen=True, slots=True)
class Subject:
    """What phones are told about: `(About.ORDER, its id)`."""

    about: About
    id: str


class Way(StrEnum):
    WEB = "WEB"
    """A browser, by the push service of whoever made it (RFC 8030)."""
    EXPO = "EXPO"
    """The app for phones, by the service of its framework."""


class Verdict(StrEnum):
    """What follows from an answer."""

    TAKEN = "TAKEN"
    GONE = "GONE"
    """Whoever followed does so no more, or never did."""
    LATER = "LATER"
    REFUSED = "REFUSED"


def judge(status: int) -> Verdict:
    if 200 <= status < 300:
        return Verdict.TAKEN
    if status in GONE:
        return Verdict.GONE
    if status == TOO_MANY or status >= SERVER_ERROR:
        return Verdict.LATER
    return Verdict.REFUSED


def try_again_at(
    now: datetime, *, tries: int, until: datetime, chance: float, retry_after: timedelta | None
) -> datetime | None:
    """When to try again after so many tries, `chance` lying between 0 and 1; None if it would be of
    no use by then.
    """
    seconds = min(FIRST_WAIT_SECONDS * 2 ** min(tries - 1, 20), WAIT_SECONDS_MAX)
    wait = timedelta(seconds=seconds * (1 + SPREAD * chance))
    if retry_after is not None:
        wait = max(wait, min(retry_after, RETRY_AFTER_MAX))
    return None if now + wait >= until else now + wait
