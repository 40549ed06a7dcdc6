"""How long a session may be asked for, used and left alone, and how many one place may have."""

from __future__ import annotations

CHALLENGE_SECONDS = 300
"""To sign it takes a moment; what nobody signs is forgotten."""
IDLE_SECONDS = 1_800
SESSION_SECONDS_MAX = 86_400
SESSIONS_MAX = 50
"""Of one address, asked for or bound, at the same time."""
