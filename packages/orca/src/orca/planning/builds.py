"""Services that are built from their files: which build that is, whether it was made already, and
what has to be kept for those that may come back.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import msgspec

from orca.planning.releases import Declaration, Release
from orca.planning.states import ServiceState, State


def build_of(declared: Declaration) -> str:
    """The digest of a build: of its files, the instructions that are taken, and what they are
    given. Wherever the folder lies, and whichever service it is for.
    """
    build = declared.service.build
    assert build is not None
    parts = [declared.context, build.dockerfile, dict(build.args)]
    return hashlib.sha256(msgspec.json.encode(parts, order="sorted")).hexdigest()


def is_built_anew(declared: Declaration) -> bool:
    """Whether somebody asked for a new image of the same files, as what they begin with may have
    moved on.
    """
    return declared.is_sought and bool(declared.digest)


def built_already(state: State, declared: Declaration) -> str | None:
    """The image of the same build, for another service or an earlier release."""
    wanted = build_of(declared)
    for release in releases_in(state):
        known = release.declared
        is_known = known.context and known.digest and not known.is_sought
        if is_known and build_of(known) == wanted:
            return known.digest
    return None


def kept_for(state: State) -> frozenset[str]:
    """The contexts and images of all releases that run or may come back."""
    declared = [release.declared for release in releases_in(state)]
    return frozenset({*(each.context for each in declared), *(each.digest for each in declared)})


def releases_in(state: State) -> Iterator[Release]:
    for service in state.services.values():
        yield from releases_of(service)


def releases_of(service: ServiceState) -> Iterator[Release]:
    """The newest first."""
    yield service.target
    if service.rollout and service.rollout.before:
        yield service.rollout.before
    yield from (copy.release for copy in service.copies)
    yield from reversed(service.history)
