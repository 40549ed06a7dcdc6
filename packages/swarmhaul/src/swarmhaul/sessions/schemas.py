"""Sessions as everybody may see them: an id opens nothing, so it hides nothing."""

from __future__ import annotations

from datetime import datetime

import msgspec

from swarmhaul.sessions.terms import SpendingLimits


class Challenge(msgspec.Struct, frozen=True, kw_only=True):
    """What has to be signed: a statement for `market` and `purpose` whose terms hold `session` and
    `challenge`, how long the session is to last and within which limits. It waits `until`.
    """

    session: str
    challenge: str
    market: str
    purpose: str
    until: datetime


class SessionView(msgspec.Struct, frozen=True, kw_only=True):
    """`key` is None until it is bound. `spent` counts what was signed, in lamports."""

    id: str
    key: str | None
    limits: SpendingLimits
    spent: int
    expires_at: datetime
    used_at: datetime
    is_over: bool
