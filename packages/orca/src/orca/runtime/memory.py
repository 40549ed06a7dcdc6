"""An engine in memory that keeps the contract: for tests of who uses one. Its images are lists of
what they know; a container lives on when the runtime that made it is closed, as a real one does.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import AsyncGenerator, AsyncIterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path

from orca.runtime.contract import (
    DIED,
    GONE,
    STARTED,
    BuildSpec,
    Container,
    ContainerMissing,
    ContainerSpec,
    EngineAway,
    Executed,
    Happened,
    Health,
    ImageMissing,
    NameTaken,
    NetworkInUse,
    StartRefused,
    Told,
    VolumeInUse,
)
from orca.runtime.memory_images import MemoryImage, built, packed, read_image
from orca.spec import by_digest

DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)
NOT_RUNNABLE = 126
KILLED = 137


@dataclass
class Kept:
    """A container of this engine."""

    spec: ContainerSpec
    image: MemoryImage
    seen: Container
    log: str = ""


@dataclass
class MemoryEngine:
    """What a machine has: images, those that can be pulled, containers, volumes."""

    images: dict[str, MemoryImage] = field(default_factory=dict)
    to_pull: dict[str, MemoryImage] = field(default_factory=dict)
    described: dict[str, bytes] = field(default_factory=dict)
    """Of images that were built, by their digests, what the digest is of. Of others it is the name.
    """
    containers: dict[str, Kept] = field(default_factory=dict)
    volumes: set[str] = field(default_factory=set)
    networks: dict[str, str] = field(default_factory=dict)
    """By their names the clusters that they are of."""
    listeners: list[tuple[str, asyncio.Queue[Happened | None]]] = field(default_factory=list)
    moments: count[int] = field(default_factory=count)
    is_away: bool = False

    def name_of(self, image: str) -> str:
        """What it calls an image that is named by its name, its digest or its id."""
        digest = image.rpartition("sha256:")[2]
        every = [*self.images, *self.to_pull]
        return next((name for name in every if digest_of(name) == digest), image)

    def tell(self, kept: Kept, what: str) -> None:
        for cluster, listener in self.listeners:
            if cluster == kept.spec.cluster:
                listener.put_nowait(Happened(what, kept.spec.copy))

    def go_away(self) -> None:
        """As when its daemon is restarted: nobody can ask, and those who listen are cut off."""
        self.is_away = True
        for _, listener in self.listeners:
            listener.put_nowait(None)

    def kill(self, name: str) -> None:
        """Somebody does, from outside: the engine does not bring it back by itself."""
        kept = self.containers[name]
        kept.seen = replace(kept.seen, is_running=False, exit_code=KILLED, port=None)
        self.tell(kept, DIED)


def digest_of(name: str) -> str:
    """Of the image that has this name: made of it, unless the test named it by one."""
    return name if DIGEST.fullmatch(name) else hashlib.sha256(name.encode()).hexdigest()


class MemoryRuntime:
    """A way to an engine in memory."""

    def __init__(self, engine: MemoryEngine) -> None:
        self._engine = engine

    async def close(self) -> None:
        """Nothing to let go of: the engine is not ours."""

    def _load(self, name: str) -> Kept:
        self._ask()
        if name not in self._engine.containers:
            raise ContainerMissing(f"The container {name} is not there.")
        return self._engine.containers[name]

    def _ask(self) -> None:
        if self._engine.is_away:
            raise EngineAway("The engine does not answer.")

    async def find_image(self, name: str) -> str | None:
        self._ask()
        known = self._engine.name_of(name)
        return f"sha256:{digest_of(known)}" if known in self._engine.images else None

    async def resolve(self, name: str) -> str:
        self._ask()
        if name in self._engine.to_pull:
            return by_digest(name, f"sha256:{digest_of(name)}")
        found = await self.find_image(name)
        if found is None:
            raise ImageMissing(f"There is no image {name}.")
        return found

    async def pull(self, name: str) -> None:
        self._ask()
        known = self._engine.name_of(name)
        if known not in self._engine.to_pull:
            raise ImageMissing(f"There is no image {name}.")
        self._engine.images[known] = self._engine.to_pull[known]

    async def build(self, context: Path, spec: BuildSpec, told: Told) -> str:
        self._ask()
        await asyncio.sleep(0)
        image, described = built(context, spec, told, self._engine.images)
        digest = hashlib.sha256(described).hexdigest()
        self._engine.images[digest], self._engine.described[digest] = image, described
        return f"sha256:{digest}"

    async def save(self, image: str) -> AsyncGenerator[bytes, None]:
        known = self._engine.name_of(image)
        self._ask()
        if known not in self._engine.images:
            raise ImageMissing(f"There is no image {image} on this node.")
        described = self._engine.described.get(known, known.encode())
        yield packed(described, self._engine.images[known])

    async def load(self, saved: AsyncIterable[bytes]) -> None:
        content = b"".join([part async for part in saved])
        self._ask()
        described, image = read_image(content)
        digest = hashlib.sha256(described).hexdigest()
        self._engine.images[digest], self._engine.described[digest] = image, described

    async def create(self, spec: ContainerSpec) -> None:
        self._ask()
        known = self._engine.name_of(spec.image)
        if known not in self._engine.images:
            raise ImageMissing(f"There is no image {spec.image} on this node.")
        if spec.name in self._engine.containers:
            raise NameTaken(f"There is a container {spec.name} already.")
        if spec.network:
            self._engine.networks.setdefault(spec.network, spec.cluster)
        self._engine.volumes |= {each.name for each in spec.volumes}
        seen = Container(spec.name, spec.copy, spec.release, spec.made_of, is_running=False)
        image = self._engine.images[known]
        self._engine.containers[spec.name] = Kept(spec, image, seen)

    async def start(self, name: str) -> None:
        kept = self._load(name)
        if kept.seen.is_running:
            return
        if kept.image.is_broken:
            raise StartRefused(f"{name} cannot be started: no such file.")
        kept.log += kept.image.says
        moment = next(self._engine.moments)
        spec = kept.spec
        kept.seen = replace(
            kept.seen,
            is_running=True,
            exit_code=0,
            health=self._health(kept),
            address=spec.address if spec.port else "",
            inner="127.0.0.1",
            port=(kept.image.listens or 40_000 + moment) if spec.port else None,
            started=f"moment {moment}",
        )
        self._engine.tell(kept, STARTED)
        if kept.image.exits is not None:
            self._crash(kept, kept.image.exits)

    def _crash(self, kept: Kept, code: int) -> None:
        """It is brought back at once and ends again; the count is what matters to who looks."""
        kept.seen = replace(
            kept.seen,
            is_restarting=True,
            exit_code=code,
            restarts=kept.seen.restarts + 1,
            port=None,
        )
        self._engine.tell(kept, DIED)

    def _health(self, kept: Kept) -> Health:
        health = kept.spec.health
        if health is None:
            return "none"
        return "healthy" if self._run(kept, health.command).code == 0 else "unhealthy"

    async def stop(self, name: str) -> None:
        kept = self._load(name)
        if kept.seen.is_running:
            kept.seen = replace(
                kept.seen, is_running=False, is_restarting=False, exit_code=KILLED, port=None
            )
            self._engine.tell(kept, DIED)

    async def remove(self, name: str) -> None:
        kept = self._load(name)
        if kept.seen.is_running:
            self._engine.tell(kept, DIED)
        del self._engine.containers[name]
        self._engine.tell(kept, GONE)

    async def remove_volume(self, name: str) -> None:
        self._ask()
        used = {
            each.name for kept in self._engine.containers.values() for each in kept.spec.volumes
        }
        if name in used:
            raise VolumeInUse(f"A container has the volume {name}.")
        self._engine.volumes.discard(name)

    async def list(self, cluster: str) -> Sequence[Container]:
        self._ask()
        found = [
            kept.seen for kept in self._engine.containers.values() if kept.spec.cluster == cluster
        ]
        return sorted(found, key=lambda container: container.copy)

    async def list_networks(self, cluster: str) -> Sequence[str]:
        self._ask()
        return sorted(name for name, of in self._engine.networks.items() if of == cluster)

    async def remove_network(self, name: str) -> None:
        self._ask()
        kept = self._engine.containers.values()
        if any(each.spec.network == name and each.seen.is_running for each in kept):
            raise NetworkInUse(f"Something runs in {name}.")
        self._engine.networks.pop(name, None)

    async def inspect(self, name: str) -> Container:
        return self._load(name).seen

    async def logs(self, name: str, *, tail: int) -> str:
        lines = self._load(name).log.splitlines(keepends=True)
        return "".join(lines[-tail:] if tail else ())

    async def execute(self, name: str, command: Sequence[str]) -> Executed:
        kept = self._load(name)
        if not kept.seen.is_running or kept.seen.is_restarting:
            raise ContainerMissing(f"The container {name} does not run.")
        if kept.image.hangs == " ".join(command):
            await asyncio.Event().wait()
        return self._run(kept, command)

    def _run(self, kept: Kept, command: Sequence[str]) -> Executed:
        """What every small machine knows, and what its image knows besides."""
        if command[0] == "env":
            lines = (f"{name}={value}\n" for name, value in sorted(kept.spec.env.items()))
            return Executed(0, "".join(lines))
        if command[0] == "echo":
            return Executed(0, f"{' '.join(command[1:])}\n")
        known = {"true": Executed(0, ""), "false": Executed(1, ""), **kept.image.commands}
        return known.get(" ".join(command), Executed(NOT_RUNNABLE, "no such command\n"))

    async def events(self, cluster: str) -> AsyncGenerator[Happened, None]:
        self._ask()
        listener: asyncio.Queue[Happened | None] = asyncio.Queue()
        self._engine.listeners.append((cluster, listener))
        try:
            while happened := await listener.get():
                yield happened
        finally:
            self._engine.listeners.remove((cluster, listener))
        raise EngineAway("The engine has closed its stream of events.")
