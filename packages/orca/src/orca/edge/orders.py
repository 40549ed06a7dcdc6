"""What an edge is told: its doors, whole sites, certificates with their keys, and challenges."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

import msgspec

from orca.edge.sites import Site

NOT_AN_EDGE = "none"


@dataclass(frozen=True, slots=True)
class Doors:
    """Where requests come in. A proxy with other doors is another proxy."""

    http_port: int = 80
    https_port: int = 443
    trusted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Served:
    """A certificate with all above it and its key, both PEM, and the domains that it is for."""

    domains: tuple[str, ...]
    chain: str
    key: str = field(repr=False)
    digest: str


@dataclass(frozen=True, slots=True)
class EdgeOrders:
    """All that an edge is to do, whole."""

    doors: Doors = Doors()
    sites: tuple[Site, ...] = ()
    certificates: tuple[Served, ...] = ()
    challenges: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_idle(self) -> bool:
        """Whether a node that runs no proxy does all of this."""
        return not (self.sites or self.challenges)


def digest_of(orders: EdgeOrders | None) -> str:
    """By it an edge says what it obeys."""
    if orders is None:
        return NOT_AN_EDGE
    return hashlib.sha256(msgspec.json.encode(orders, order="deterministic")).hexdigest()
