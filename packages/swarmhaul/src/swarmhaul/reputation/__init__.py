"""What an observer thinks of others: a fold over what that observer saw, and nobody else's word."""

from swarmhaul.reputation.queries import (
    list_best,
    list_lines,
    list_scores,
    load_head,
    load_standing,
)
from swarmhaul.reputation.schemas import Line, Sighting, StandingView
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
from swarmhaul.reputation.service import (
    LIVES_SECONDS,
    SEEN,
    Deed,
    LogMoved,
    Pen,
    SightingUnfit,
    append,
    note,
)
from swarmhaul.reputation.watching import Step, list_observers, list_steps

__all__ = [
    "BASE", "FIRST_MEETING_CEILING", "LIVES_SECONDS", "ONE", "SEEN", "STRANGER", "Deed", "Evidence",
    "Line", "LogMoved", "Pen", "Seen", "SeenKind", "Sighting", "SightingUnfit", "Standing",
    "StandingView", "Step", "append", "basis_points", "first_meeting", "fold", "list_best",
    "list_lines", "list_observers", "list_scores", "list_steps", "load_head", "load_standing",
    "note", "score_after", "self_estimate",
]  # fmt: skip
