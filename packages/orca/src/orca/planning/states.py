"""Everything the control plane knows and wants, as one value that is stored whole.

Times are milliseconds on a clock of its own (`clock`) that never runs back and never leaps, however
the clock on the wall does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from orca.planning.releases import Release
from orca.scheduling import CopyId, Node
from orca.spec import Service, Volume

HISTORY_MAX = 20
CRASHES_MAX = 3
AHEAD_BELIEVED = 100_000_000
"""So far ahead nodes may be of a backup. Nobody decides more between two of them, and after each
word of a person there is room for millions of such leaps.
"""
ALL_SLOTS = -1
"""Stands for the slot of a volume that all slots share."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a node may say nothing until it is away, and until it is taken for lost."""

    away_ms: int = 15_000
    lost_ms: int = 40_000
    edge_ms: int = 60_000
    """For so long what a proxy in trouble may still lead to is not ended."""

    @property
    def leap_ms_max(self) -> int:
        """No single leap of the clock makes a node away."""
        return self.away_ms * 2 // 3


class Phase(StrEnum):
    """STARTING until it is ready for the first time, then SERVING; DRAINING while proxies let go
    of it, ENDING until its node says that it is gone.
    """

    STARTING = "starting"
    SERVING = "serving"
    DRAINING = "draining"
    ENDING = "ending"


LIVE = (Phase.STARTING, Phase.SERVING)


@dataclass(frozen=True, slots=True)
class Copy:
    """One container that is wanted, or not yet gone. `left_at` is the revision that let it go."""

    id: CopyId
    release: Release
    node: str
    gpus: tuple[int, ...] = ()
    phase: Phase = Phase.STARTING
    since: int = 0
    is_ready: bool = False
    crashes: int = 0
    reason: str = ""
    left_at: int = 0
    address: str = ""
    """Where its node has published it; another one after each start."""

    @property
    def is_live(self) -> bool:
        return self.phase in LIVE


@dataclass(frozen=True, slots=True)
class Rollout:
    """A release on its way. `before` is the last that served, and what is gone back to."""

    before: Release | None
    is_canary: bool = False
    is_back: bool = False
    has_failed: bool = False
    tries: int = 0
    why: str = ""
    """How often its image was looked for in vain, and why it was not found the last time."""


@dataclass(frozen=True, slots=True)
class ServiceState:
    """A service: what it is to be, and what there is of it."""

    id: str
    target: Release
    rollout: Rollout | None = None
    copies: tuple[Copy, ...] = ()
    history: tuple[Release, ...] = ()
    generations: int = 0
    scaled: int | None = None
    is_stopped: bool = False
    is_removed: bool = False
    verdict: str = ""
    """How the last rollout ended, if it did not end well."""
    waits: tuple[str, ...] = ()
    """What is being waited for, in words."""
    homes: Mapping[int, str] = field(default_factory=dict)
    """Where the volume of each slot is, or of ALL_SLOTS."""

    @property
    def spec(self) -> Service:
        return self.target.service

    @property
    def replicas(self) -> int:
        if self.is_stopped or self.is_removed:
            return 0
        return self.spec.replicas if self.scaled is None else self.scaled

    def with_copies(self, copies: tuple[Copy, ...]) -> ServiceState:
        """Itself, if they are the same: most looks change nothing."""
        return self if copies == self.copies else replace(self, copies=copies)

    def with_target(self, target: Release) -> ServiceState:
        """The same release, of which more is known: in its history too."""
        known = (target if each.number == target.number else each for each in self.history)
        return replace(self, target=target, history=tuple(known))

    def home_of(self, slot: int) -> str | None:
        return self.homes.get(ALL_SLOTS) or self.homes.get(slot)


@dataclass(frozen=True, slots=True)
class Kept:
    """What services that were removed have left: volumes, and where those of each slot are."""

    volumes: tuple[Volume, ...]
    homes: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class NodeState:
    """A node, when it was heard last, and the newest of what it said."""

    node: Node
    heard: int
    last: tuple[int, int] = (0, 0)
    """Its start and its report: what comes late is older and is not listened to."""
    applied: int = 0
    """The revision of what it obeys."""
    routes: int = 0
    """The revision of the routes that its proxy obeys."""
    due: int = 0
    """The revision that last changed what it shall run."""
    engine: str = ""
    """What is wrong with its engine, in words: nothing is begun or ended there meanwhile."""
    edge: str = ""
    """What is wrong with its proxy, in words."""
    edge_since: int = 0
    """When that began."""
    never_given: tuple[int, int] = (0, 0)
    """What it says that it obeys, of orders and of routes, and that nobody here ever gave. Either
    this state is an older one, or the node is wrong.
    """
    is_overruled: bool = False
    """A person has said that it is the node."""

    @property
    def ahead(self) -> int:
        return max(self.never_given)

    @property
    def was_heard(self) -> bool:
        """Since the control plane was started: what was said before is not kept."""
        return self.last != (0, 0)


@dataclass(frozen=True, slots=True)
class Upstream:
    """Where requests for a service go, and how many of 10,000."""

    copy: CopyId
    node: str
    share: int
    address: str = ""


Routes = Mapping[str, tuple[Upstream, ...]]


@dataclass(frozen=True, slots=True)
class State:
    """The cluster. `revision` counts every change of what is wanted."""

    services: Mapping[str, ServiceState] = field(default_factory=dict)
    nodes: Mapping[str, NodeState] = field(default_factory=dict)
    routes: Routes = field(default_factory=dict)
    revision: int = 0
    routed_at: int = 0
    """The revision that last changed the routes."""
    clock: int = 0
    wall: int | None = None
    patience: Patience = field(default_factory=Patience)
    kept: Mapping[str, Kept] = field(default_factory=dict)
    """By the services, also when they have come again."""
    rests: bool = False
    """Whether the last look at everything changed nothing, and nothing was under way."""

    @property
    def ahead(self) -> str | None:
        """Why nothing is decided, in words, if this state is older than what its nodes obey. At
        least half of those that were heard say so; fewer are wrong themselves.
        """
        leading = self.leading()
        heard = [
            node for node in self.nodes.values()
            if (node.was_heard or node.ahead) and not self.is_beyond(node)
        ]  # fmt: skip
        if not leading or 2 * len(leading) < len(heard):
            return None
        name = leading[0]
        return (
            f"{name} obeys revision {self.nodes[name].ahead}, and the newest here is "
            f"{self.revision}: this control plane is older than its nodes, as after a restored "
            "backup. What runs goes on, and nothing is decided. To go on from what is known here: "
            f"orca nodes lead. If only this node is wrong: orca nodes lead {name}"
        )

    def leading(self) -> list[str]:
        """Who obeys what this state may have forgotten."""
        return sorted(
            name for name, node in self.nodes.items() if node.ahead and not self.is_beyond(node)
        )

    def is_beyond(self, node: NodeState) -> bool:
        """Whether what it claims is no reason to doubt anybody else."""
        return node.is_overruled or node.ahead > self.revision + AHEAD_BELIEVED

    def doubts(self) -> dict[str, str]:
        """Who is not believed, and why in words."""
        if self.ahead:
            return {}
        return {
            name: f"{name} {why}. To have it told anew: orca nodes lead {name}"
            for name in sorted(self.nodes)
            if (why := self.doubt_of(name))
        }

    def doubt_of(self, name: str) -> str:
        node = self.nodes[name]
        if not node.ahead:
            return ""
        return (
            f"says that it obeys revision {node.ahead}, and the newest that was ever given here is "
            f"{self.revision}. It is not believed: what runs on it goes on, nothing new goes "
            "there, and it does not hear what is wanted"
        )

    def silence_of(self, node: str) -> int:
        """For how long nothing was heard of a node. Of one that is not known, for ever."""
        found = self.nodes.get(node)
        return self.clock - found.heard if found else self.patience.lost_ms + 1

    def is_away(self, node: str) -> bool:
        return self.silence_of(node) > self.patience.away_ms

    def is_doubted(self, node: str) -> bool:
        found = self.nodes.get(node)
        return found is not None and found.ahead > 0

    def is_lost(self, node: str) -> bool:
        return self.silence_of(node) > self.patience.lost_ms

    def engine_trouble(self, node: str) -> str:
        found = self.nodes.get(node)
        return found.engine if found else ""

    def edge_trouble(self, node: str) -> str:
        found = self.nodes.get(node)
        return found.edge if found else ""

    def is_waited_for(self, node: str) -> bool:
        """Whether nothing ends before the proxy of this node has let go of it."""
        found = self.nodes[node]
        is_hopeless = found.edge and self.clock - found.edge_since > self.patience.edge_ms
        return not (is_hopeless or found.ahead or self.is_away(node))

    def is_out_of_sight(self, node: str) -> bool:
        """Nobody knows what runs there now, and nothing is begun or ended there."""
        return self.is_away(node) or self.is_doubted(node) or bool(self.engine_trouble(node))

    def is_available(self, copy: Copy) -> bool:
        return copy.phase is Phase.SERVING and copy.is_ready and not self.is_away(copy.node)
