"""What every engine can do for a node: have images, run containers, say what runs, and tell when
that changes. Containers are known by their labels; their names are for people.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol

from basis.errors import Conflict, Invalid, NotFound, Unavailable
from basis.kit.secret import Secret
from orca.scheduling import CopyId

OUTPUT_BYTES_MAX = 1_000_000
STARTED = "start"
DIED = "die"
GONE = "destroy"
HEALTH = "health_status"
TELLING = (STARTED, DIED, GONE, HEALTH)


@dataclass(frozen=True, slots=True)
class VolumeUse:
    """A volume of the engine by its name, and where the container sees it."""

    name: str
    path: str


@dataclass(frozen=True, slots=True)
class FolderUse:
    """A folder of the node, and where the container sees it."""

    host: str
    path: str
    read_only: bool = True


@dataclass(frozen=True, slots=True)
class HealthCommand:
    """A command that the engine runs inside: healthy when it ends with 0."""

    command: tuple[str, ...]
    interval_secs: float = 10
    timeout_secs: float = 3
    failures: int = 3
    initial_delay_secs: float = 0


@dataclass(frozen=True, slots=True)
class ContainerSpec:
    """All that an engine has to know to make a container."""

    cluster: str
    copy: CopyId
    release: int
    made_of: str
    image: str
    command: tuple[str, ...] | None = None
    env: Mapping[str, Secret] = field(default_factory=dict)
    port: int | None = None
    address: str = "127.0.0.1"
    """Where the port is published: of this node, never the whole world."""
    volumes: tuple[VolumeUse, ...] = ()
    folders: tuple[FolderUse, ...] = ()
    network: str = ""
    aliases: tuple[str, ...] = ()
    memory_bytes: int = 256 << 20
    cpu_milli: int = 250
    health: HealthCommand | None = None
    stop_grace_secs: int = 10
    nvidia: tuple[int, ...] = ()
    """GPUs that only this container has, as `nvidia-smi` counts them."""
    devices: tuple[str, ...] = ()
    """Device files of the node that it sees under the same names."""

    @property
    def name(self) -> str:
        return name_of(self.cluster, self.copy)


@dataclass(frozen=True, slots=True)
class BuildSpec:
    """What an engine has to know to make an image of a context. `tag` is what people see it by, and
    keeps it from being taken for waste. It has no label of ours: containers inherit those of their
    image, and so would those in which the builder works.
    """

    tag: str
    dockerfile: str = "Dockerfile"
    args: Mapping[str, str] = field(default_factory=dict)
    uses_cache: bool = True
    pulls: bool = False
    """Whether it is asked what the images it begins with mean now."""


Told = Callable[[str], None]
"""Gets the lines of a build as they come."""

Health = Literal["none", "starting", "healthy", "unhealthy"]


@dataclass(frozen=True, slots=True)
class Container:
    """A container as its engine sees it. `port` is the one of the node that leads to it; `inner` is
    its own address, which only its node reaches.
    """

    name: str
    copy: CopyId
    release: int
    made_of: str
    is_running: bool
    is_restarting: bool = False
    exit_code: int | None = None
    is_out_of_memory: bool = False
    restarts: int = 0
    health: Health = "none"
    address: str = ""
    port: int | None = None
    inner: str = ""
    started: str = ""
    """When it started last, as a text that is another after each start."""


@dataclass(frozen=True, slots=True)
class Executed:
    """What a command inside a container came to."""

    code: int
    output: str


@dataclass(frozen=True, slots=True)
class Happened:
    """Something became of a container: one of TELLING."""

    what: str
    copy: CopyId


class EngineAway(Unavailable):
    """The engine cannot be asked just now."""


class ImageMissing(NotFound):
    """No image of that name, neither on the node nor where it is pulled from."""


class ImageUnreadable(Invalid):
    """A saved image that the engine does not take."""


class BuildFailed(Invalid):
    """The instructions of a build do not work out; what the engine said is in the message."""


class RegistryAway(Unavailable):
    """The registry of an image does not answer, or not well: trying again may help."""


class ContainerMissing(NotFound):
    """No container of that name."""


class VolumeInUse(Conflict):
    """A container has it, running or not."""


class NameTaken(Conflict):
    """There is a container of that name already."""


class NotOurs(Invalid):
    """A container that bears the name of the cluster, and is no copy of anything."""


class NetworkInUse(Conflict):
    """Something runs in the network."""


class StartRefused(Invalid):
    """The engine made the container and cannot start it; its words are in the message."""


class Runtime(Protocol):
    """EngineAway can come of everything."""

    async def find_image(self, name: str) -> str | None:
        """The id of an image that is on the node."""

    async def resolve(self, name: str) -> str:
        """Which image the name means now: what its registry says, as `repository@sha256:…`, or by
        its id one of the node that never came from a registry. Raises ImageMissing, RegistryAway.
        """

    async def pull(self, name: str) -> None:
        """Raises ImageMissing, RegistryAway."""

    async def build(self, context: Path, spec: BuildSpec, told: Told) -> str:
        """The id of the image that the engine's own builder makes of a tar. Raises BuildFailed."""

    def save(self, image: str) -> AsyncGenerator[bytes, None]:
        """An image by its id, with all its layers and no name. Raises ImageMissing."""

    async def load(self, saved: AsyncIterable[bytes]) -> None:
        """What another engine has saved. Raises ImageUnreadable."""

    async def create(self, spec: ContainerSpec) -> None:
        """Made and not started, with its network and volumes. Raises ImageMissing, NameTaken."""

    async def start(self, name: str) -> None:
        """Starting what runs is nothing. Raises ContainerMissing, StartRefused."""

    async def stop(self, name: str) -> None:
        """Asked to end, killed when the grace it was made with is over. Raises
        ContainerMissing.
        """

    async def remove(self, name: str) -> None:
        """Gone when this returns, running or not; named volumes stay. Raises ContainerMissing."""

    async def remove_volume(self, name: str) -> None:
        """Gone with all that is in it when this returns, also when it was not there. Raises
        VolumeInUse while there is a container that has it.
        """

    async def list(self, cluster: str) -> Sequence[Container]:
        """All of this cluster, running or not, in the order of their copies."""

    async def inspect(self, name: str) -> Container:
        """Raises ContainerMissing."""

    async def list_networks(self, cluster: str) -> Sequence[str]:
        """Those that were made for containers of this cluster, in the order of their names."""

    async def remove_network(self, name: str) -> None:
        """Gone when this returns. Raises NetworkInUse."""

    async def logs(self, name: str, *, tail: int) -> str:
        """The last lines of both outputs. Raises ContainerMissing."""

    async def execute(self, name: str, command: Sequence[str]) -> Executed:
        """Raises ContainerMissing, also for one that does not run."""

    def events(self, cluster: str) -> AsyncGenerator[Happened, None]:
        """What happens from now on, by a connection of its own until it is closed. Raises
        EngineAway when the engine goes away.
        """

    async def close(self) -> None:
        """Containers go on."""


CLUSTER = "orca.cluster"
SERVICE = "orca.service"
SLOT = "orca.slot"
GENERATION = "orca.generation"
RELEASE = "orca.release"
MADE_OF = "orca.made-of"


def name_of(cluster: str, copy: CopyId) -> str:
    return f"{cluster}.{copy.service.replace('/', '.')}.{copy.slot}.g{copy.generation}"


def labels_of(spec: ContainerSpec) -> dict[str, str]:
    return {
        CLUSTER: spec.cluster,
        SERVICE: spec.copy.service,
        SLOT: str(spec.copy.slot),
        GENERATION: str(spec.copy.generation),
        RELEASE: str(spec.release),
        MADE_OF: spec.made_of,
    }


def copy_in(labels: Mapping[str, str]) -> CopyId:
    """Raises NotOurs: anybody can write a label of ours into an image."""
    try:
        return CopyId(labels[SERVICE], int(labels[SLOT]), int(labels[GENERATION]))
    except (KeyError, ValueError) as error:
        raise NotOurs(f"It has no label {error}.") from error


def ending_in_words(container: Container) -> str:
    """Why a container does not run, for people."""
    if container.is_running and not container.is_restarting:
        return ""
    if container.exit_code is None:
        return "it was never started"
    why = ", out of memory" if container.is_out_of_memory else ""
    return f"it ended with {container.exit_code}{why}"
