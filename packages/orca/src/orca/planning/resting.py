"""When all is as it is wanted and only time goes on, nothing has to be looked at again: a cluster
at rest costs its control plane next to nothing.
"""

from __future__ import annotations

from orca.planning.states import Phase, ServiceState, State


def comes_to_rest(looked_at: State, settled: State) -> bool:
    """Whether a look at everything changed nothing, and nothing is under way that time alone would
    end: a copy that starts or is let go, a release on its way, anybody who waits.
    """
    if settled.services != looked_at.services or settled.routes != looked_at.routes:
        return False
    return all(map(stands, settled.services.values()))


def stands(service: ServiceState) -> bool:
    is_serving = all(copy.phase is Phase.SERVING for copy in service.copies)
    return is_serving and service.rollout is None and not service.waits


def rests_on(before: State, after: State) -> bool:
    """Whether it still rests though time went on: as long as no node became away or lost by it."""
    return before.rests and not any(
        before.is_away(name) != after.is_away(name) or before.is_lost(name) != after.is_lost(name)
        for name in after.nodes
    )
