"""From what is known to what is wanted: every service has its turn, then all that is to begin is
placed together, then the proxies are told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from orca.planning.asking import nodes_of, placed_in
from orca.planning.releases import Release
from orca.planning.routing import routes_of
from orca.planning.states import ALL_SLOTS, Copy, ServiceState, State
from orca.planning.turns import beginnings_of, take_turn
from orca.planning.volumes import with_kept
from orca.scheduling import Ask, CopyId, Placed, Schedule, schedule


def settle(state: State) -> State:
    """The state with every decision that can be made now."""
    turned = state
    for name in sorted(state.services):
        service = take_turn(turned, turned.services[name])
        if service is not turned.services[name]:
            turned = replace(turned, services={**turned.services, name: service})
    known = begin(turned)
    for service in [*known.services.values()]:
        if is_over(service):
            known = with_kept(known, service)
    return replace(known, routes=routes_of(known))


def is_over(service: ServiceState) -> bool:
    """A removed service is forgotten when nothing of it runs. Its volumes are kept."""
    return service.is_removed and not service.copies


def begin(state: State) -> State:
    """New copies, each with a node; for the others the reasons why there is none."""
    releases: dict[CopyId, Release] = {}
    asks: list[Ask] = []
    waits: dict[str, list[str]] = {}
    for name, service in sorted(state.services.items()):
        beginnings, waits[name] = beginnings_of(state, service)
        for ask, release in beginnings:
            releases[ask.copy] = release
            asks.append(ask)
    found = schedule(nodes_of(state), placed_in(state), asks) if asks else Schedule((), ())
    for refusal in found.refused:
        waits[refusal.copy.service].append(refusal.words)
    services = {
        name: waiting(begun(state, service, found.placed, releases), tuple(waits[name]))
        for name, service in state.services.items()
    }
    return replace(state, services=services)


def waiting(service: ServiceState, waits: tuple[str, ...]) -> ServiceState:
    return service if waits == service.waits else replace(service, waits=waits)


def begun(
    state: State,
    service: ServiceState,
    placed: Iterable[Placed],
    releases: dict[CopyId, Release],
) -> ServiceState:
    copies = [
        Copy(one.ask.copy, releases[one.ask.copy], one.node, one.gpus, since=state.clock)
        for one in placed
        if one.ask.copy.service == service.id
    ]
    if not copies:
        return service
    generations = max([service.generations, *(copy.id.generation for copy in copies)])
    homes = {slot: node for copy in copies for slot, node in homes_with(copy)}
    return replace(
        service,
        copies=(*service.copies, *copies),
        generations=generations,
        homes={**homes, **service.homes},
    )


def homes_with(copy: Copy) -> Iterator[tuple[int, str]]:
    """A volume is made where its first copy is, and stays there."""
    for volume in copy.release.service.volumes:
        yield (ALL_SLOTS if volume.per == "service" else copy.id.slot), copy.node
