"""Where requests go: to copies that are ready, in the shares of a canary if there is one."""

from __future__ import annotations

from orca.planning.states import Copy, Phase, Routes, ServiceState, State, Upstream
from orca.spec import domains_of

WHOLE = 10_000


def routes_of(state: State) -> Routes:
    return {
        name: upstreams_of(state, service)
        for name, service in sorted(state.services.items())
        if domains_of(service.spec)
    }


def upstreams_of(state: State, service: ServiceState) -> tuple[Upstream, ...]:
    ready = [copy for copy in service.copies if copy.phase is Phase.SERVING and copy.is_ready]
    # Where nobody can be heard, who was ready last is better than nobody.
    heard = [copy for copy in ready if state.is_available(copy)] or ready
    rollout = service.rollout
    new = [copy for copy in heard if copy.release.number == service.target.number]
    old = [copy for copy in heard if copy.release.number != service.target.number]
    if not (rollout and rollout.is_canary and new and old):
        return shared(heard, WHOLE)
    weight = service.spec.deploy.canary_weight * WHOLE // 100
    return tuple(sorted((*shared(new, weight), *shared(old, WHOLE - weight)), key=by_copy))


def shared(copies: list[Copy], whole: int) -> tuple[Upstream, ...]:
    """Equal shares that add up: what is left over goes to the first ones."""
    ordered = sorted(copies, key=lambda copy: copy.id)
    each, over = divmod(whole, max(1, len(ordered)))
    return tuple(
        Upstream(copy.id, copy.node, each + (index < over), copy.address)
        for index, copy in enumerate(ordered)
    )


def by_copy(upstream: Upstream) -> tuple[str, int, int]:
    return (upstream.copy.service, upstream.copy.slot, upstream.copy.generation)
