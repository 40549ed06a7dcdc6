"""What a service was declared as, and what becomes of its containers when that changes.

Templates are compared, never what they are filled with: a secret that changes restarts nothing.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import msgspec

from orca.spec import Service

MADE_OF = (
    "image", "build", "command", "port", "env", "resources", "volumes", "mounts", "network",
    "aliases", "stop_grace_secs",
)  # fmt: skip
"""What a container is made of: a change of these needs a new one. So does a change of the command
that the engine itself asks for readiness.
"""

AROUND = (
    "name", "replicas", "domain", "domains", "routes", "strip_prefix", "rate_limit", "health",
    "readiness", "liveness", "placement", "depends_on", "deploy",
)  # fmt: skip
"""What is around it: who asks it what, how many there are and where. Changes in place."""


@dataclass(frozen=True, slots=True)
class Declaration:
    """A service as it is to be, with the ids it depends on and its image by digest."""

    id: str
    service: Service
    depends_on: tuple[str, ...] = ()
    digest: str = ""
    is_sought: bool = False
    """Whether it is still to be found out which image its name means. Nothing of it begins before.
    """
    context: str = ""
    """Of a service that is built: the SHA-256 of all that it is built from."""


@dataclass(frozen=True, slots=True)
class Release:
    """A declaration that was deployed. `number` counts the releases of the service."""

    number: int
    declared: Declaration
    restores: int | None = None
    """The release that this one brought back."""
    has_served: bool = False
    """Whether all replicas of it were ready at once."""

    @property
    def service(self) -> Service:
        return self.declared.service


class Change(StrEnum):
    """What a deploy means for a service."""

    NEW = "new"
    REPLACED = "replaced"
    IN_PLACE = "in place"
    UNCHANGED = "unchanged"
    REMOVED = "removed"


def fingerprint(service: Service) -> str:
    """What a container is made of, as one short text. It is a label of the container."""
    parts = {name: part_of(service, name) for name in (*MADE_OF, "readiness")}
    return hashlib.sha256(msgspec.json.encode(parts, order="sorted")).hexdigest()[:32]


def part_of(service: Service, name: str) -> Any:
    """What of a field the engine is told when it makes a container; it asks no other probe. Of a
    build not where its folder lies: what is in it is known by the digest.
    """
    if name == "build" and service.build is not None:
        return msgspec.structs.replace(service.build, context=".")
    if name == "readiness":
        probe = service.readiness
        return probe if probe and probe.command else None
    return getattr(service, name) if name in MADE_OF else None


def renewing_fields(before: Service, after: Service) -> tuple[str, ...]:
    """The fields because of which a new container is needed."""
    changed = changed_fields(before, after)
    return tuple(name for name in changed if part_of(before, name) != part_of(after, name))


def changed_fields(before: Service, after: Service) -> tuple[str, ...]:
    return tuple(name for name in service_fields() if getattr(before, name) != getattr(after, name))


def service_fields() -> tuple[str, ...]:
    return Service.__struct_fields__


def change_between(before: Declaration, after: Declaration) -> Change:
    """Other files to build from are another image, though the declaration says the same."""
    is_same = before.context == after.context
    return change_of(before.service, after.service) if is_same else Change.REPLACED


def change_of(before: Service | None, after: Service) -> Change:
    if before is None:
        return Change.NEW
    changed = changed_fields(before, after)
    if not changed:
        return Change.UNCHANGED
    return Change.REPLACED if renewing_fields(before, after) else Change.IN_PLACE
