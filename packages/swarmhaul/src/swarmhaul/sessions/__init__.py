"""Sessions of programs that act for a key: bound to it by a challenge that it signed, within limits
that it set, for a while.
"""

from swarmhaul.sessions.queries import load_session
from swarmhaul.sessions.refusals import (
    BoundBefore,
    ChallengeWrong,
    LimitsUnfit,
    NoSuchSession,
    NotBound,
    NotYourSession,
    OverLimit,
    SessionOver,
    TooManySessions,
)
from swarmhaul.sessions.schemas import Challenge, SessionView
from swarmhaul.sessions.service import (
    ask_challenge,
    bind,
    check_bid,
    count_spending,
    end,
    forget_sessions,
    hold,
)
from swarmhaul.sessions.states import (
    CHALLENGE_SECONDS,
    IDLE_SECONDS,
    SESSION_SECONDS_MAX,
    SESSIONS_MAX,
)
from swarmhaul.sessions.terms import (
    BIND,
    END,
    LIVES_SECONDS_MAX,
    BindSession,
    EndSession,
    SpendingLimits,
)

__all__ = [
    "BIND", "CHALLENGE_SECONDS", "END", "IDLE_SECONDS", "LIVES_SECONDS_MAX", "SESSIONS_MAX",
    "SESSION_SECONDS_MAX", "BindSession", "BoundBefore", "Challenge", "ChallengeWrong",
    "EndSession", "LimitsUnfit", "NoSuchSession", "NotBound", "NotYourSession", "OverLimit",
    "SessionOver", "SessionView", "SpendingLimits", "TooManySessions", "ask_challenge", "bind",
    "check_bid", "count_spending", "end", "forget_sessions", "hold", "load_session",
]  # fmt: skip
