"""What a service was declared as, and what becomes of its containers when that changes.

Templates are compared, never what they are filled with: a secret that changes restarts nothing.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum

import msgspec

from orca.spec import Service

MADE_OF = (
    "image", "build", "command", "port", "env", "resources", "volumes", "mounts", "network",
    "aliases",
)  # fmt: skip
"""What a container is made of: a change of these needs a new one."""

AROUND = (
    "name", "replicas", "domain", "domains", "routes", "strip_prefix", "rate_limit", "health",
    "readiness", "liveness", "placement", "depends_on", "stop_grace_secs", "deploy",
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
    parts = {name: getattr(service, name) for name in MADE_OF}
    # An engine asks by a command that its container was made with.
    if asked := asked_inside(service):
        parts["asked"] = asked
    return hashlib.sha256(msgspec.json.encode(parts, order="sorted")).hexdigest()[:32]


def changed_fields(before: Service, after: Service) -> tuple[str, ...]:
    return tuple(name for name in service_fields() if getattr(before, name) != getattr(after, name))


def service_fields() -> tuple[str, ...]:
    return Service.__struct_fields__


def change_of(before: Service | None, after: Service) -> Change:
    if before is None:
        return Change.NEW
    changed = changed_fields(before, after)
    if not changed:
        return Change.UNCHANGED
    is_asked_otherwise = "readiness" in changed and (asked_inside(before) or asked_inside(after))
    is_made_anew = is_asked_otherwise or bool(set(changed) & set(MADE_OF))
    return Change.REPLACED if is_made_anew else Change.IN_PLACE


def asked_inside(service: Service) -> tuple[str, ...] | None:
    return service.readiness.command if service.readiness else None
