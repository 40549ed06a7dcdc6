"""What an observer thinks of others: a fold over what that observer saw, and nobody else's word."""

from swarmhaul.reputation.scores import (
    BASE,
    FIRST_MEETING_CEILING,
    ONE,
    STRANGER,
    Evidence,
    Seen,
    SeenKind,
    Standing,
    basis_points,
    first_meeting,
    fold,
    score_after,
    self_estimate,
)

__all__ = [
    "BASE",
    "FIRST_MEETING_CEILING",
    "ONE",
    "STRANGER",
    "Evidence",
    "Seen",
    "SeenKind",
    "Standing",
    "basis_points",
    "first_meeting",
    "fold",
    "score_after",
    "self_estimate",
]
