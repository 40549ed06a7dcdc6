"""Volumes outlive their services: where those of a removed one are is known until somebody gives
them up on purpose.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from basis.errors import Conflict, NotFound
from orca.planning.events import GiveUp
from orca.planning.states import ALL_SLOTS, Kept, ServiceState, State
from orca.spec import Volume


class NothingKept(NotFound):
    """No volumes of a service of this name."""


class VolumesInUse(Conflict):
    """Volumes of a service that is deployed."""


def kept_of(service: ServiceState, known: Kept | None) -> Kept | None:
    """All volumes that any release of it may have had, and those that were kept before."""
    if not service.homes:
        return known
    releases = [*service.history, service.target]
    of_releases = [volume for release in releases for volume in release.service.volumes]
    by_name = {each.name: each for each in (*(known.volumes if known else ()), *of_releases)}
    homes = {**(known.homes if known else {}), **service.homes}
    return Kept(tuple(volume for _, volume in sorted(by_name.items())), homes)


def with_kept(state: State, service: ServiceState) -> State:
    """The state in which this one is forgotten, and what it leaves is not."""
    found = kept_of(service, state.kept.get(service.id))
    services = {name: each for name, each in state.services.items() if name != service.id}
    kept = {**state.kept, service.id: found} if found else state.kept
    return replace(state, services=services, kept=kept)


def homes_for(state: State, service: str) -> Mapping[int, str]:
    """Where a service that comes again finds its volumes."""
    kept = state.kept.get(service)
    return kept.homes if kept else {}


def without_node(kept: Mapping[str, Kept], node: str) -> Mapping[str, Kept]:
    left = {
        name: replace(each, homes={slot: at for slot, at in each.homes.items() if at != node})
        for name, each in kept.items()
    }
    return {name: each for name, each in left.items() if each.homes}


def load_kept(state: State, service: str) -> Kept:
    """What may be given up. Raises NothingKept, VolumesInUse."""
    if service in state.services:
        raise VolumesInUse(f"{service} is deployed: its volumes are its own. Remove it first.")
    if service not in state.kept:
        known = ", ".join(sorted({*state.kept} - {*state.services})) or "none"
        raise NothingKept(f"No volumes of {service} are kept. Those of these are: {known}.")
    return state.kept[service]


def give_up(state: State, event: GiveUp) -> State:
    kept = load_kept(state, event.service)
    left = without_node({event.service: kept}, event.node)
    others = {name: each for name, each in state.kept.items() if name != event.service}
    return replace(state, kept={**others, **left})


def volumes_on(kept: Kept, node: str) -> list[tuple[Volume, int]]:
    """Each volume that may be there, with its slot."""
    return [
        (volume, slot)
        for slot, at in sorted(kept.homes.items())
        for volume in kept.volumes
        if at == node and (slot == ALL_SLOTS) == (volume.per == "service")
    ]
