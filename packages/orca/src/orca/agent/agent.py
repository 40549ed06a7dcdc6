"""One node: makes what runs the same as what is wanted, and says what it sees. It is told levels,
never commands, so whatever was lost on the way comes again.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass, field

from basis.errors import DomainError
from orca.agent.probing import is_well
from orca.agent.remembering import OrdersFile
from orca.agent.specs import image_of, liveness_of, readiness_of, spec_of
from orca.agent.watching import (
    Watch,
    asked,
    back_off,
    is_dead,
    is_liveness_due,
    is_readiness_due,
    looked,
    unprobed,
    watch_of,
)
from orca.planning import Orders, Report, Route, Run, Seen, Wanted, duties, hear, is_id
from orca.runtime import (
    Container,
    ContainerMissing,
    ImageMissing,
    Runtime,
    ending_in_words,
)
from orca.scheduling import CopyId

logger = logging.getLogger(__name__)

REASON_LINES = 3
REASON_CHARACTERS_MAX = 400


@dataclass(slots=True)
class Trouble:
    """What went wrong with a copy beyond what its engine counts, and when to try again."""

    times: int = 0
    words: str = ""
    not_before: float = 0

    def add(self, words: str) -> None:
        self.times += 1
        self.words = words
        self.not_before = time.monotonic() + back_off(self.times)


@dataclass
class Agent:
    """`address` is where ports are published: of this node, for the proxies of the cluster."""

    name: str
    cluster: str
    runtime: Runtime
    file: OrdersFile
    address: str = "127.0.0.1"
    orders: Orders = field(init=False)
    env: Mapping[str, Mapping[str, str]] = field(default_factory=dict, repr=False)
    """By the copies what is set in them, with secrets; in memory only."""
    reports: int = 0
    seen: Mapping[CopyId, Container] = field(default_factory=dict)
    watches: dict[CopyId, Watch] = field(default_factory=dict)
    troubles: dict[CopyId, Trouble] = field(default_factory=dict)
    tails: dict[CopyId, str] = field(default_factory=dict)
    under_way: dict[CopyId, asyncio.Task[None]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.orders = self.file.begin()

    def hear(
        self, message: Run | Route, env: Mapping[str, Mapping[str, str]] | None = None
    ) -> None:
        """On the disk before it is obeyed, so that what a report says is never forgotten again.
        Orders that were overtaken have other secrets than the containers that are wanted now.
        """
        if env is not None and message.revision >= self.orders.applied:
            self.env = env
        orders = hear(self.orders, message)
        if orders != self.orders:
            self.file.save(orders)
            self.orders = orders

    async def work(self) -> None:
        """One round. Raises EngineAway, and then nothing was concluded from what is not seen."""
        containers = await self.runtime.list(self.cluster)
        self.seen = {each.copy: each for each in containers}
        wanted = {each.copy: each for each in self.orders.wanted}
        self.forget(wanted)
        found = duties(self.orders, self.seen)
        for copy in found.end:
            self.do(copy, self.end(self.seen[copy].name))
        for each in found.begin:
            if self.may_try(each.copy):
                self.do(each.copy, self.begin(each))
        await asyncio.gather(
            *(
                self.look(each, self.seen[copy])
                for copy, each in wanted.items()
                if copy in self.seen and copy not in self.under_way
            )
        )

    def forget(self, wanted: Mapping[CopyId, Wanted]) -> None:
        """What is no longer wanted, or not there, is not remembered."""
        for known in (self.watches, self.tails):
            for copy in [copy for copy in known if copy not in self.seen]:
                del known[copy]
        for copy in [copy for copy in self.troubles if copy not in wanted]:
            del self.troubles[copy]

    def do(self, copy: CopyId, work: Coroutine[None, None, None]) -> None:
        """Beside everything else: a slow pull or stop holds nobody up. One thing at a time each."""
        if copy in self.under_way:
            work.close()
            return
        task = asyncio.create_task(self.tried(copy, work))
        self.under_way[copy] = task
        task.add_done_callback(lambda _: self.under_way.pop(copy, None))

    async def tried(self, copy: CopyId, work: Coroutine[None, None, None]) -> None:
        try:
            await work
        except ContainerMissing:
            logger.info("%s is gone already", copy)
        except DomainError as error:
            logger.warning("%s: %s", copy, error)
            self.troubles.setdefault(copy, Trouble()).add(str(error))

    def may_try(self, copy: CopyId) -> bool:
        trouble = self.troubles.get(copy)
        return trouble is None or time.monotonic() >= trouble.not_before

    async def begin(self, wanted: Wanted) -> None:
        env = self.env.get(str(wanted.copy))
        spec = spec_of(self.cluster, self.address, wanted, env)
        await self.have_image(wanted)
        logger.info("%s begins", wanted.copy)
        await self.runtime.create(spec)
        await self.runtime.start(spec.name)

    async def have_image(self, wanted: Wanted) -> None:
        """Raises ImageMissing, RegistryAway."""
        image = image_of(wanted)
        if await self.runtime.find_image(image) is not None:
            return
        if is_id(image):
            name = wanted.declared.service.image
            raise ImageMissing(
                f"{self.name} lacks the image {name} ({image[:19]}), which is of another node and "
                f"in no registry: push it to one, or load it here too (docker save, docker load)."
            )
        await self.runtime.pull(image)

    async def end(self, name: str) -> None:
        logger.info("%s ends", name)
        await self.runtime.stop(name)
        await self.runtime.remove(name)

    async def look(self, wanted: Wanted, container: Container) -> None:
        """A container that is to run: asked how it is, started again if it is down or dead."""
        copy, now = wanted.copy, time.monotonic()
        if not container.is_running:
            self.watches.pop(copy, None)
            await self.note_tail(copy, container)
            if self.may_try(copy):
                self.do(copy, self.start_again(container))
            return
        if container.is_restarting:
            self.watches.pop(copy, None)
            await self.note_tail(copy, container)
            return
        watch = await self.probed(wanted, container, now)
        self.watches[copy] = watch
        if is_dead(watch, wanted.declared.service):
            self.do(copy, self.restart(container, watch))

    async def probed(self, wanted: Wanted, container: Container, now: float) -> Watch:
        service = wanted.declared.service
        watch = watch_of(self.watches.get(wanted.copy), container, now)
        readiness, liveness = readiness_of(service), liveness_of(service)
        if readiness and is_readiness_due(watch, service, now):
            well = await is_well(self.runtime, container, readiness)
            watch = asked(watch, readiness, now, is_well=well)
        if liveness and is_liveness_due(watch, service, now):
            well = await is_well(self.runtime, container, liveness)
            watch = looked(watch, now, is_well=well)
        return unprobed(watch, container, service, now)

    async def start_again(self, container: Container) -> None:
        """Whoever stopped it, it is wanted. That it was down counts, unless it never began."""
        if container.exit_code is not None:
            self.troubles.setdefault(container.copy, Trouble()).add(ending_in_words(container))
        await self.runtime.start(container.name)

    async def restart(self, container: Container, watch: Watch) -> None:
        words = f"it did not answer {watch.failures} times and was restarted"
        self.troubles.setdefault(container.copy, Trouble()).add(words)
        self.watches.pop(container.copy, None)
        await self.runtime.stop(container.name)
        await self.runtime.start(container.name)

    async def note_tail(self, copy: CopyId, container: Container) -> None:
        said = await self.runtime.logs(container.name, tail=REASON_LINES)
        self.tails[copy] = " / ".join(said.split("\n")).strip(" /")

    def report(self) -> Report:
        """All that there is, wanted or not: what is to end is there until it is gone."""
        self.reports += 1
        copies = {*self.seen, *(each.copy for each in self.orders.wanted if self.has_trouble(each))}
        running = tuple(self.seen_as(copy) for copy in sorted(copies))
        orders = self.orders
        return Report(self.name, orders.start, self.reports, orders.applied, orders.routed, running)

    def has_trouble(self, wanted: Wanted) -> bool:
        return wanted.copy in self.troubles

    def seen_as(self, copy: CopyId) -> Seen:
        container, trouble = self.seen.get(copy), self.troubles.get(copy)
        watch = self.watches.get(copy)
        crashes = (container.restarts if container else 0) + (trouble.times if trouble else 0)
        is_ready = watch is not None and watch.is_ready and copy not in self.under_way
        ended = ending_in_words(container) if container else ""
        words = ended or (trouble.words if trouble else "")
        tail = self.tails.get(copy)
        said = f"{words}: {tail}" if ended and tail else words
        reason = "" if is_ready else said[:REASON_CHARACTERS_MAX]
        return Seen(copy, is_ready, crashes, reason, published_at(container))

    async def close(self) -> None:
        """Containers go on; what is under way is begun again by the next agent."""
        for task in [*self.under_way.values()]:
            task.cancel()
        await asyncio.gather(*self.under_way.values(), return_exceptions=True)
        await self.runtime.close()


def published_at(container: Container | None) -> str:
    """Where a proxy reaches it: on one address of this node."""
    if container is None or container.port is None:
        return ""
    host = f"[{container.address}]" if ":" in container.address else container.address
    return f"{host}:{container.port}"
