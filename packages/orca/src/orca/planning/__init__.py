"""From what is declared and what nodes say to what is to be done: one pure function, `step`."""

from orca.planning.apply import (
    REVISIONS_AHEAD,
    Behind,
    EmptyDeploy,
    NoRollout,
    NoSuchNode,
    NoSuchService,
    NothingToGoBackTo,
    described,
)
from orca.planning.asking import in_force, placed_in, reason_for_no_place
from orca.planning.builds import build_of, built_already, is_built_anew, kept_for
from orca.planning.events import (
    COUNT_MAX,
    REASON_LENGTH_MAX,
    Abort,
    Deploy,
    Drain,
    Event,
    Forget,
    GiveUp,
    ImageAway,
    ImageFound,
    Join,
    Lead,
    Promote,
    Redeploy,
    Report,
    Resume,
    Rollback,
    Route,
    Run,
    Scale,
    Seen,
    Step,
    Stop,
    Tick,
    Undrain,
    Wanted,
)
from orca.planning.images import SEARCHES_MAX, is_id, is_pinned, search_failed
from orca.planning.keeping import dump, load
from orca.planning.obeying import Duties, Orders, duties, hear
from orca.planning.plan import Line, make_plan
from orca.planning.releases import AROUND, MADE_OF, Change, Declaration, Release, fingerprint
from orca.planning.states import (
    AHEAD_BELIEVED,
    ALL_SLOTS,
    Copy,
    Kept,
    NodeState,
    Patience,
    Phase,
    Rollout,
    Routes,
    ServiceState,
    State,
    Upstream,
)
from orca.planning.stepping import step, wanted_on
from orca.planning.turns import limits_of, may_stay
from orca.planning.volumes import NothingKept, VolumesInUse, kept_of, load_kept, volumes_on

__all__ = [
    "AHEAD_BELIEVED", "ALL_SLOTS", "AROUND", "COUNT_MAX", "MADE_OF", "REASON_LENGTH_MAX",
    "REVISIONS_AHEAD", "SEARCHES_MAX", "Abort", "Behind", "Change", "Copy", "Declaration", "Deploy",
    "Drain", "Duties", "EmptyDeploy", "Event", "Forget", "GiveUp", "ImageAway", "ImageFound",
    "Join", "Kept", "Lead", "Line", "NoRollout", "NoSuchNode", "NoSuchService", "NodeState",
    "NothingKept", "NothingToGoBackTo", "Orders", "Patience", "Phase", "Promote", "Redeploy",
    "Release", "Report", "Resume", "Rollback", "Rollout", "Route", "Routes", "Run", "Scale", "Seen",
    "ServiceState", "State", "Step", "Stop", "Tick", "Undrain", "Upstream", "VolumesInUse",
    "Wanted", "build_of", "built_already", "described", "dump", "duties", "fingerprint", "hear",
    "in_force", "is_built_anew", "is_id", "is_pinned", "kept_for", "kept_of", "limits_of", "load",
    "load_kept", "make_plan", "may_stay", "placed_in", "reason_for_no_place", "search_failed",
    "step", "volumes_on", "wanted_on",
]  # fmt: skip
