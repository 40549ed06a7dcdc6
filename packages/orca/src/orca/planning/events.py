"""What happens to a cluster: what people ask for, and what nodes report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from msgspec import Meta

from orca.planning.releases import Declaration
from orca.planning.states import Routes
from orca.scheduling import CopyId, Node
from orca.spec import Machine

REASON_LENGTH_MAX = 4_000
COUNT_MAX = 1 << 53
Count = Annotated[int, Meta(ge=0, le=COUNT_MAX)]
Published = Annotated[
    str, Meta(pattern=r"^((\[[0-9a-f:.]+\]|[0-9.]+):[0-9]{1,5})?$", max_length=64)
]
"""What a node may say: it has joined, and may have gone bad since."""


@dataclass(frozen=True, slots=True)
class Deploy:
    """Services are to be as declared. With `is_whole` what is not declared is removed; an empty
    view of all never removes anything.
    """

    services: tuple[Declaration, ...]
    is_whole: bool = False
    machines: Mapping[str, Machine] | None = None
    """What people say of the nodes, by their names; None is as it was."""


@dataclass(frozen=True, slots=True)
class Redeploy:
    """New containers of the same declaration, with the image that its name means now."""

    service: str
    digest: str = ""
    is_sought: bool = False


@dataclass(frozen=True, slots=True)
class ImageFound:
    """Which image the name of a release means: it stays that one, wherever the name goes."""

    service: str
    release: int
    digest: str


@dataclass(frozen=True, slots=True)
class ImageAway:
    """It could not be found out, and why. With `is_try` somebody was asked who could have known;
    with `is_final` asking again would bring the same.
    """

    service: str
    release: int
    why: str
    is_try: bool = True
    is_final: bool = False


@dataclass(frozen=True, slots=True)
class Scale:
    """So many replicas until the declaration says another number."""

    service: str
    replicas: int


@dataclass(frozen=True, slots=True)
class Stop:
    """No replicas until it is resumed. Volumes stay."""

    service: str


@dataclass(frozen=True, slots=True)
class Resume:
    service: str


@dataclass(frozen=True, slots=True)
class Rollback:
    """Back to a release that has served: the one named, or the last before the present one."""

    service: str
    to: int | None = None


@dataclass(frozen=True, slots=True)
class Promote:
    """The canary is good: all replicas become it."""

    service: str


@dataclass(frozen=True, slots=True)
class Abort:
    """The release on its way is not wanted: back to what served before."""

    service: str


@dataclass(frozen=True, slots=True)
class Drain:
    """Bring away what is on the node, and put nothing there."""

    node: str


@dataclass(frozen=True, slots=True)
class Undrain:
    node: str


@dataclass(frozen=True, slots=True)
class Join:
    """A node is there, with what it has. Joining again changes only that."""

    node: Node


@dataclass(frozen=True, slots=True)
class Forget:
    """A node never comes back. Its volumes are lost with it."""

    node: str


@dataclass(frozen=True, slots=True)
class GiveUp:
    """What a removed service has left on a node is gone, since somebody wished it."""

    service: str
    node: str


@dataclass(frozen=True, slots=True)
class Lead:
    """What is known here counts, though nodes obey something newer: a backup was restored. With
    `node` it is that one alone which is wrong, and it alone is told anew.
    """

    node: str | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """A container as its node sees it."""

    copy: CopyId
    is_ready: bool
    crashes: Count = 0
    reason: Annotated[str, Meta(max_length=REASON_LENGTH_MAX)] = ""
    address: Published = ""
    """`host:port` where its node has published it."""
    is_asked: bool = True
    """Without it nobody knows yet whether it is ready: the agent was begun a moment ago."""


@dataclass(frozen=True, slots=True)
class Report:
    """All that runs on a node. `start` counts the starts of its agent, `number` its reports since.
    `applied` and `routes` are the revisions that it obeys. Who is blind has seen nothing since it
    was begun: of what it does not name nothing is known.
    """

    node: str
    start: Count
    number: Count
    applied: Count
    routes: Count
    running: tuple[Seen, ...] = ()
    is_blind: bool = False
    engine: Annotated[str, Meta(max_length=REASON_LENGTH_MAX)] = ""
    """In words what is wrong with its engine, and nothing when it answers."""
    edge: Annotated[str, Meta(max_length=REASON_LENGTH_MAX)] = ""
    """Likewise what is wrong with its proxy."""


@dataclass(frozen=True, slots=True)
class Tick:
    """Time went on."""


Event = (
    Deploy | Redeploy | ImageFound | ImageAway | Scale | Stop | Resume | Rollback | Promote | Abort
    | Drain | Undrain | Join | Forget | GiveUp | Lead | Report | Tick
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wanted:
    """A container that is to run, with all that its node needs for it but the secrets."""

    copy: CopyId
    release: int
    declared: Declaration
    gpus: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Run:
    """The node shall run exactly these. A lower revision than one it obeys is old news, unless it
    obeys exactly the one that this is told instead of.
    """

    node: str
    revision: int
    wanted: tuple[Wanted, ...]
    instead_of: int = 0


@dataclass(frozen=True, slots=True)
class Route:
    """The proxy of this node shall send requests exactly there."""

    node: str
    revision: int
    table: Routes
    instead_of: int = 0


Step = Run | Route
