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


def rests_on(state: State, clock: int) -> bool:
    """Whether it still rests when time has gone on: as long as no node becomes away or lost by it,
    whatever it is that happens at that moment.
    """
    limits = (state.patience.away_ms, state.patience.lost_ms)
    return state.rests and not any(
        state.clock - node.heard <= limit < clock - node.heard
        for node in state.nodes.values()
        for limit in limits
    )
