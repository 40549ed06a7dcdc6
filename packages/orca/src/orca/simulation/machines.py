"""Nodes of the simulation: an agent that obeys levels, a disk it remembers them on, containers that
take their time, and crashes of both.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from random import Random

from orca.planning import Orders, Report, Route, Run, Seen, Wanted, duties, hear
from orca.scheduling import CopyId, Node

BAD, CRASHING = "bad", "crashing"
STOP_MS_MAX = 1_500
START_MS_MAX = 3_000
CRASHES_MAX = 9


@dataclass(slots=True)
class Container:
    """A container that runs: when it is ready (never, if what it runs is bad), when it is gone."""

    wanted: Wanted
    ready_at: int | None
    is_crashing: bool
    gone_at: int | None = None
    seen: Seen | None = None
    """As it was reported last."""


@dataclass
class Machine:
    """A server. Its agent may be down while its containers run."""

    node: Node
    chance: Random
    disk: Orders = field(default_factory=Orders)
    containers: dict[CopyId, Container] = field(default_factory=dict)
    number: int = 0
    is_up: bool = True
    is_full: bool = False
    begun: Counter[CopyId] = field(default_factory=Counter)
    died: Counter[CopyId] = field(default_factory=Counter)
    fresh: list[CopyId] = field(default_factory=list)
    """What was begun since somebody looked."""
    obeyed: tuple[Orders, frozenset[CopyId]] | None = None
    """At the last look at its duties: the same again are none."""

    @property
    def is_new(self) -> bool:
        """Nobody has told it anything: the control plane may not know it."""
        return not self.disk.applied

    def boot(self) -> None:
        """An agent that cannot count its start on a full disk does not start."""
        if self.is_full:
            return
        self.is_up = True
        self.number = 0
        self.disk = replace(self.disk, start=self.disk.start + 1)

    def lose_power(self) -> None:
        """Agent and containers end at once. What is on the disk stays."""
        self.is_up = False
        self.died.update(list(self.containers))
        self.containers.clear()

    def hear(self, message: Run | Route) -> None:
        """Old news are not listened to. A full disk can keep no news, so none is obeyed."""
        if not self.is_up or self.is_full:
            return
        self.disk = hear(self.disk, message)

    def work(self, now: int) -> None:
        """What time does to containers, and then the agent to those that are not as wanted."""
        gone = [
            copy
            for copy, container in self.containers.items()
            if container.gone_at is not None and container.gone_at <= now
        ]
        for copy in gone:
            del self.containers[copy]
        if self.is_up:
            self.obey(now)

    def obey(self, now: int) -> None:
        held = self.containers.keys()
        if self.obeyed is not None and self.obeyed[0] is self.disk and self.obeyed[1] == held:
            return
        self.obeyed = (self.disk, frozenset(held))
        found = duties(self.disk, self.containers)
        for copy in found.end:
            container = self.containers[copy]
            if container.gone_at is None:
                container.gone_at = now + self.chance.randint(1, STOP_MS_MAX)
        for each in found.begin:
            self.begin(now, each)

    def begin(self, now: int, wanted: Wanted) -> None:
        takes = self.chance.randint(1, START_MS_MAX)
        image = image_of(wanted)
        is_good = image not in {BAD, CRASHING}
        ready_at = now + takes if is_good else None
        self.containers[wanted.copy] = Container(wanted, ready_at, image == CRASHING)
        self.begun[wanted.copy] += 1
        self.fresh.append(wanted.copy)

    def kill_one(self) -> None:
        """Somebody removes a container behind everybody's back."""
        if self.containers:
            copy = self.chance.choice(sorted(self.containers))
            del self.containers[copy]
            self.died[copy] += 1

    def is_ready(self, copy: CopyId, now: int) -> bool:
        found = self.containers.get(copy)
        return found is not None and is_ready(found, now)

    def report(self, now: int) -> Report:
        self.number += 1
        running = tuple(seen_as(copy, each, now) for copy, each in sorted(self.containers.items()))
        disk = self.disk
        return Report(self.node.name, disk.start, self.number, disk.applied, disk.routed, running)


def seen_as(copy: CopyId, container: Container, now: int) -> Seen:
    """Made anew only when it says something new. What crashes has crashed once more."""
    ready, seen = is_ready(container, now), container.seen
    crashes = 0 if seen is None else seen.crashes
    if container.is_crashing:
        crashes = min(CRASHES_MAX, crashes + 1)
    if seen is None or seen.is_ready != ready or seen.crashes != crashes:
        seen = container.seen = Seen(copy, ready, crashes, "it ended")
    return seen


def is_ready(container: Container, now: int) -> bool:
    return (
        container.ready_at is not None and container.ready_at <= now and container.gone_at is None
    )


def image_of(wanted: Wanted) -> str:
    """What the image is like: its name without the number."""
    return (wanted.declared.service.image or "").partition(":")[0]
