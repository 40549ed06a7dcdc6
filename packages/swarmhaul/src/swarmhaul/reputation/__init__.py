"""What an observer thinks of others: a fold over what that observer saw, and nobody else's word."""

from swarmhaul.reputation.queries import (
    list_best,
    list_lines,
    list_scores,
    load_head,
    load_standing,
)
from swarmhaul.reputation.referrals import (
    REFERRALS_MAX,
    AlreadyMet,
    ReferrerUnknown,
    TooManyReferrals,
)
from swarmhaul.reputation.schemas import Line, Sighting, StandingView, seen_in
from swarmhaul.reputation.scores import (
    BASE,
    FIRST_MEETING_CEILING,
    ONE,
    STRANGER,
    Seen,
    SeenKind,
    Standing,
    after,
    basis_points,
    estimate_after,
    fold,
    score_after,
)
from swarmhaul.reputation.service import (
    LIVES_SECONDS,
    REFER,
    SEEN,
    Deed,
    LogMoved,
    Pen,
    SightingUnfit,
    append,
    note,
    refer,
)
from swarmhaul.reputation.watching import Step, list_observers, list_steps

__all__ = [
    "BASE", "FIRST_MEETING_CEILING", "LIVES_SECONDS", "ONE", "REFER", "REFERRALS_MAX", "SEEN",
    "STRANGER", "AlreadyMet", "Deed", "Line", "LogMoved", "Pen", "ReferrerUnknown", "Seen",
    "SeenKind", "Sighting", "SightingUnfit", "Standing", "StandingView", "Step", "TooManyReferrals",
    "after", "append", "basis_points", "estimate_after", "fold", "list_best", "list_lines",
    "list_observers", "list_scores", "list_steps", "load_head", "load_standing", "note", "refer",
    "score_after", "seen_in",
]  # fmt: skip
