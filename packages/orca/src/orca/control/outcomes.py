"""What long work comes to, and what is known of a copy that it waits for. Pure."""

from __future__ import annotations

from enum import StrEnum

from orca.planning import Copy, Phase, ServiceState, State

CRASHES_MAX = 3


class Outcome(StrEnum):
    """RUNNING until everything that the job is about has come to something."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


Found = tuple[Outcome, str]
"""What one part of it came to, in words where there is something to say."""


def ends_later(state: State, copy: Copy) -> bool:
    return copy.phase is Phase.ENDING and state.is_out_of_sight(copy.node)


def is_overdue(state: State, service: ServiceState, copy: Copy) -> bool:
    """It should have been ready by now."""
    within = service.spec.deploy.ready_within_secs * 1_000
    return not copy.is_ready and (copy.crashes >= CRASHES_MAX or state.clock - copy.since > within)
