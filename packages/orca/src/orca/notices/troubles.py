"""What is wrong with a cluster now, in the words that `orca status` uses. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import msgspec

from orca.certificates import CertificateLine
from orca.planning import ServiceState, State

ENDS_SOON = timedelta(days=14)
SOON_PARTS = 6
"""Half of the time in which it should have been renewed: some are good for a few days only."""
REASONS_MAX = 3


class Kind(StrEnum):
    """What a trouble is about."""

    RELEASE = "release.failed"
    SERVICE = "service.unwell"
    NODE = "node.away"
    ENGINE = "engine.away"
    EDGE = "edge.failing"
    DOUBT = "node.doubted"
    CERTIFICATE = "certificate.failing"


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing that is wrong, and stays the same thing as long as kind and name are the same."""

    kind: Kind
    name: str
    words: str

    @property
    def key(self) -> str:
        return f"{self.kind} {self.name}"


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """What people are told: that something began, or that it is over."""

    kind: str
    name: str
    words: str
    is_over: bool = False


def troubles_in(
    state: State, certificates: Sequence[CertificateLine], now: datetime
) -> Iterator[Trouble]:
    for name in sorted(state.services):
        yield from troubles_of_service(state, state.services[name])
    for name in sorted(state.nodes):
        if state.is_away(name):
            seconds = state.silence_of(name) // 1_000
            words = f"The node {name} is away: nothing was heard of it for {seconds} s."
            yield Trouble(Kind.NODE, name, words)
        elif why := state.engine_trouble(name):
            words = f"On the node {name} {why}: what runs there goes on unwatched."
            yield Trouble(Kind.ENGINE, name, words)
        if not state.is_away(name) and (why := state.edge_trouble(name)):
            yield Trouble(Kind.EDGE, name, f"The edge of {name} does not do what it is told: {why}")
    for name, words in state.doubts().items():
        yield Trouble(Kind.DOUBT, name, f"The node {words}.")
    yield from troubles_of_certificates(certificates, now)


def troubles_of_service(state: State, service: ServiceState) -> Iterator[Trouble]:
    """A release that failed is a trouble of its own: the next one that fails is another."""
    if service.is_removed:
        return
    if service.verdict.startswith("Release ") and " failed" in service.verdict:
        number = service.verdict.split(" ")[1]
        words = f"{service.id}: {service.verdict}"
        yield Trouble(Kind.RELEASE, f"{service.id} {number}", words)
    ready = sum(map(state.is_available, service.copies))
    if ready < service.replicas:
        said = [*service.waits, *reasons_of(service)][:REASONS_MAX]
        words = " ".join([f"{service.id} has {ready} of {service.replicas} copies ready.", *said])
        yield Trouble(Kind.SERVICE, service.id, words)


def reasons_of(service: ServiceState) -> Iterable[str]:
    return (
        f"{copy.id} on {copy.node}: {copy.reason}."
        for copy in service.copies
        if copy.is_live and copy.reason
    )


def troubles_of_certificates(
    certificates: Sequence[CertificateLine], now: datetime
) -> Iterator[Trouble]:
    for line in certificates:
        if line.trouble:
            words = f"The certificate {line.name} cannot be had or renewed: {line.trouble}"
            yield Trouble(Kind.CERTIFICATE, line.name, words)
        elif line.ends_at is not None and line.ends_at - now < soon_for(line):
            words = f"The certificate {line.name} ends on {line.ends_at.date()}."
            yield Trouble(Kind.CERTIFICATE, line.name, words)


def soon_for(line: CertificateLine) -> timedelta:
    if line.begins_at is None or line.ends_at is None:
        return ENDS_SOON
    return min(ENDS_SOON, (line.ends_at - line.begins_at) / SOON_PARTS)
