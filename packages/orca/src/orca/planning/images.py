"""Which image a release means. Its name may move on; what it meant when it was deployed stays."""

from __future__ import annotations

from dataclasses import replace

from orca.planning.events import ImageAway, ImageFound
from orca.planning.releases import Release
from orca.planning.states import ServiceState, State

SEARCHES_MAX = 3
"""So often an image is looked for before its release gives way to the one before it."""


def found(state: State, event: ImageFound) -> State:
    """An answer that comes when something else is wished for already changes nothing."""
    service = sought_by(state, event.service, event.release)
    if service is None or service.rollout is None:
        return state
    declared = replace(service.target.declared, digest=event.digest, is_sought=False)
    rollout = replace(service.rollout, tries=0, why="")
    target = replace(service.target, declared=declared)
    known = replace(service, rollout=rollout).with_target(target)
    return replace(state, services={**state.services, service.id: known})


def away(state: State, event: ImageAway) -> State:
    service = sought_by(state, event.service, event.release)
    if service is None or service.rollout is None:
        return state
    tries = SEARCHES_MAX if event.is_final else service.rollout.tries + event.is_try
    rollout = replace(service.rollout, tries=tries, why=event.why)
    known = replace(service, rollout=rollout)
    return replace(state, services={**state.services, service.id: known})


def sought_by(state: State, name: str, release: int) -> ServiceState | None:
    service = state.services.get(name)
    is_sought = service and service.target.number == release and service.target.declared.is_sought
    return service if is_sought else None


def image_missing(service: ServiceState, release: Release) -> str | None:
    """Why nothing of a release can begin as long as nobody said which image it is."""
    if not release.declared.is_sought:
        return None
    why = service.rollout.why if service.rollout else ""
    usual = "It is built." if release.declared.context else "It is looked up."
    return f"{service.id} waits for its image. {why or usual}"


def search_failed(service: ServiceState) -> str | None:
    """Why the image of a release on its way is not to be had: it was looked for often enough."""
    rollout = service.rollout
    if not service.target.declared.is_sought or rollout is None or rollout.tries < SEARCHES_MAX:
        return None
    return rollout.why


def is_pinned(name: str) -> bool:
    """Whether it can mean one image only."""
    return "@sha256:" in name or is_id(name)


def is_id(name: str) -> bool:
    """An image of one node, which nothing can be pulled by."""
    return name.startswith("sha256:")
