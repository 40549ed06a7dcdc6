"""What a key signs about a session. Amounts are lamports, instants seconds since 1970."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

BIND = "session.bind"
END = "session.end"
LIVES_SECONDS_MAX = 600

Instant = Annotated[int, Meta(ge=0, lt=1 << 40)]
Limit = Annotated[int, Meta(ge=0, le=8_000_000_000_000)]
UUID = r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\Z"
SessionId = Annotated[str, Meta(pattern=UUID)]


class SessionTerms(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """Exactly these fields: what is signed and not understood is refused, not ignored."""


class SpendingLimits(SessionTerms, frozen=True, kw_only=True):
    """What may be signed in a session: money locked for one job or taken off the rail at once, for
    all of them together, and named in one bid. 0: nothing.
    """

    once_max: Limit
    total_max: Limit
    bid_max: Limit


class BindSession(SessionTerms, frozen=True, kw_only=True):
    """Whoever signs this holds the session until `ends_at`, within these limits."""

    session: SessionId
    challenge: Annotated[str, Meta(min_length=20, max_length=64)]
    ends_at: Instant
    limits: SpendingLimits


class EndSession(SessionTerms, frozen=True, kw_only=True):
    session: SessionId
