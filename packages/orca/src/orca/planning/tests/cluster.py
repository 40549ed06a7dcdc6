"""A small cluster that obeys at once, for tests of decisions: its nodes run what they are told to,
report every second, and can be silenced. The simulation has the unruly one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from orca.planning import (
    Declaration,
    Deploy,
    Event,
    Join,
    Report,
    Run,
    Seen,
    ServiceState,
    State,
    Step,
    Tick,
    Upstream,
    step,
)
from orca.scheduling import CopyId, Node
from orca.spec import Service

GIB = 1 << 30


def node(name: str, **fields: Any) -> Node:
    return Node(name, **{"cpu_milli": 4_000, "memory_bytes": 8 * GIB, **fields})


def declared(name: str = "shop/web", **fields: Any) -> Declaration:
    """A service with a domain of its own; `depends_on` takes whole ids."""
    short = name.rpartition("/")[2]
    given = {"name": short, "image": f"{short}:1", "port": 80, "domain": f"{short}.example"}
    service = msgspec.convert({**given, **fields}, Service)
    return Declaration(name, service, service.depends_on, digest=f"sha256:{service.image}")


@dataclass
class FakeNode:
    """What a node was told and what it runs, with the moment each became what it is."""

    start: int = 1
    number: int = 0
    applied: int = 0
    routes: int = 0
    wanted: dict[CopyId, str] = field(default_factory=dict)
    running: dict[CopyId, str] = field(default_factory=dict)
    engine: str = ""
    edge: str = ""
    is_blind: bool = False
    is_silent: bool = False
    is_deaf: bool = False

    def work(self) -> None:
        if not self.engine:
            self.running = self.wanted


@dataclass
class Cluster:
    """`broken` says by image why its containers never become ready; `begun` counts containers."""

    state: State = field(default_factory=State)
    now: int = 1_000_000
    nodes: dict[str, FakeNode] = field(default_factory=dict)
    broken: dict[str, Seen] = field(default_factory=dict)
    tables: dict[str, Mapping[str, tuple[Upstream, ...]]] = field(default_factory=dict)
    watches: list[Callable[[State, State], None]] = field(default_factory=list)

    def tell(self, event: Event) -> None:
        before = self.state
        self.state, steps = step(before, event, self.now)
        for watch in self.watches:
            watch(before, self.state)
        for one in steps:
            self.obey(one)

    def obey(self, one: Step) -> None:
        fake = self.nodes[one.node]
        if fake.is_silent or fake.is_deaf:
            return
        known = fake.applied if isinstance(one, Run) else fake.routes
        if one.revision <= known and known != one.instead_of:
            return
        if isinstance(one, Run):
            fake.applied = one.revision
            fake.wanted = {each.copy: each.declared.service.image or "" for each in one.wanted}
            fake.work()
        else:
            fake.routes = fake.routes if fake.edge else one.revision
            self.tables[one.node] = one.table

    def join(self, *nodes: Node) -> None:
        for one in nodes:
            self.nodes.setdefault(one.name, FakeNode())
            self.tell(Join(one))

    def report(self, name: str) -> None:
        fake = self.nodes[name]
        if fake.is_silent:
            return
        fake.number += 1
        fake.work()
        known = {} if fake.is_blind else fake.running
        self.tell(
            Report(
                name,
                fake.start,
                fake.number,
                fake.applied,
                fake.routes,
                tuple(self.seen(copy, image) for copy, image in sorted(known.items())),
                is_blind=fake.is_blind,
                engine=fake.engine,
                edge=fake.edge,
            )
        )

    def seen(self, copy: CopyId, image: str) -> Seen:
        wrong = self.broken.get(image)
        if wrong is None:
            return Seen(copy, is_ready=True)
        return Seen(copy, is_ready=False, crashes=wrong.crashes, reason=wrong.reason)

    def wait(self, seconds: int = 30) -> None:
        for _ in range(seconds):
            self.now += 1_000
            self.tell(Tick())
            for name in sorted(self.nodes):
                self.report(name)

    def deploy(self, *services: Declaration, is_whole: bool = False, seconds: int = 30) -> None:
        self.tell(Deploy(services, is_whole=is_whole))
        self.wait(seconds)

    def service(self, name: str = "shop/web") -> ServiceState:
        return self.state.services[name]

    def running(self, name: str = "shop/web") -> dict[str, str]:
        """The containers of a service by their names, with their nodes."""
        return {
            str(copy): at
            for at, fake in sorted(self.nodes.items())
            for copy in sorted(fake.running)
            if copy.service == name
        }

    def images(self, name: str = "shop/web") -> list[str]:
        return sorted(
            image
            for fake in self.nodes.values()
            for copy, image in fake.running.items()
            if copy.service == name
        )

    def shares(self, name: str = "shop/web") -> dict[str, int]:
        return {str(each.copy): each.share for each in self.state.routes[name]}


def three_nodes() -> Cluster:
    cluster = Cluster()
    cluster.join(node("a"), node("b"), node("c"))
    return cluster
