"""One node: makes what runs the same as what is wanted, and says what it sees. It is told levels,
never commands, so whatever was lost on the way comes again.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from basis.errors import DomainError
from orca.agent.building import Builds
from orca.agent.carrying import NotGiven
from orca.agent.knowing import Knowledge, is_up, published_at
from orca.agent.probing import judged, judged_by_ports
from orca.agent.remembering import OrdersFile
from orca.agent.specs import image_of, led_to, network_of, spec_of
from orca.agent.watching import Watch, is_dead
from orca.planning import Orders, Report, Route, Run, Wanted, duties, hear, is_id
from orca.runtime import (
    Container,
    ContainerMissing,
    EngineAway,
    ImageMissing,
    Runtime,
    ending_in_words,
)
from orca.scheduling import CopyId

logger = logging.getLogger(__name__)

REASON_LINES = 3
ENGINE_SECONDS = 10.0
"""For so long an engine may think about what runs until it is said that it does not answer."""
LOOK_SECONDS = 1.0
SILENT = "the engine does not answer"
Work = Callable[[], Coroutine[None, None, None]]


async def at_once(_address: str) -> None:
    """Where there is no proxy."""


@dataclass
class Agent:
    """`address` is where ports are published: of this node, for the proxies of the cluster."""

    name: str
    cluster: str
    runtime: Runtime
    file: OrdersFile
    address: str = "127.0.0.1"
    let_go: Callable[[str], Awaitable[None]] = at_once
    """Returns when the proxy of this node sends nothing to an address any more."""
    builds: Builds | None = None
    """How it gets images of other nodes; not without a control plane."""
    orders: Orders = field(init=False)
    env: Mapping[str, Mapping[str, str]] = field(default_factory=dict, repr=False)
    """By the copies what is set in them, with secrets; in memory only."""
    reports: int = 0
    known: Knowledge = field(default_factory=Knowledge)
    under_way: dict[CopyId, asyncio.Task[None]] = field(default_factory=dict)
    looks: dict[CopyId, asyncio.Task[None]] = field(default_factory=dict)
    swept: int = 0
    """The revision after which networks were looked through that nobody needs."""
    sweeping: asyncio.Task[None] | None = None

    def __post_init__(self) -> None:
        self.orders = self.file.begin()

    def hear(
        self, message: Run | Route, env: Mapping[str, Mapping[str, str]] | None = None
    ) -> None:
        """On the disk before it is obeyed, so that what a report says is never forgotten again.
        Orders that were overtaken have other secrets than the containers that are wanted now.
        """
        orders = hear(self.orders, message)
        if orders != self.orders:
            self.file.save(orders)
            self.orders = orders
        if env is not None and message.revision >= orders.applied:
            self.env = env

    async def work(self) -> None:
        """One round. Raises EngineAway, and then nothing was concluded from what is not seen."""
        try:
            containers = await self.listed()
        except EngineAway:
            self.go_on_without()
            raise
        self.known.take(containers, {each.copy for each in self.orders.wanted})
        seen = {each.copy: each for each in containers}
        found = duties(self.orders, seen)
        for copy in found.end:
            self.do(copy, partial(self.end, seen[copy]))
        for each in found.begin:
            if self.known.may_try(each.copy):
                self.do(each.copy, partial(self.begin, each))
        for each in self.orders.wanted:
            if each.copy in seen and each.copy not in self.under_way:
                self.look(each, partial(self.see, each, seen[each.copy]))
        if not (found.begin or found.end or self.under_way) and self.swept < self.orders.applied:
            self.swept = self.orders.applied
            self.sweeping = asyncio.create_task(self.sweep())

    async def listed(self) -> Sequence[Container]:
        """An engine that thinks for long may be dead or only slow: it is waited for, and meanwhile
        what runs is asked by its ports.
        """
        listing = asyncio.create_task(self.runtime.list(self.cluster))
        patience = ENGINE_SECONDS
        try:
            while not (await asyncio.wait([listing], timeout=patience))[0]:
                self.go_on_without()
                patience = LOOK_SECONDS
        finally:
            listing.cancel()
        return listing.result()

    def go_on_without(self) -> None:
        """Nothing can be begun or ended. What runs may go on or not: its ports know."""
        self.known.engine = SILENT
        if self.known.seen is None and not self.known.found:
            self.known.found = led_to(self.name, self.cluster, self.orders)
        known = self.known.found if self.known.seen is None else self.known.seen
        for each in self.orders.wanted:
            container = known.get(each.copy)
            if container and is_up(container) and each.copy not in self.under_way:
                self.look(each, partial(self.see_by_ports, each, container))

    def do(self, copy: CopyId, work: Work) -> None:
        """Beside everything else: a slow pull or stop holds nobody up. One thing at a time each."""
        if copy not in self.under_way:
            self.under_way[copy] = task = asyncio.create_task(self.tried(copy, work))
            task.add_done_callback(lambda _: self.under_way.pop(copy, None))

    async def tried(self, copy: CopyId, work: Work) -> None:
        try:
            await work()
        except ContainerMissing:
            logger.info("%s is gone already", copy)
        except DomainError as error:
            logger.warning("%s: %s", copy, error)
            self.known.trouble(copy, str(error))
        except Exception as error:
            # Of this copy alone, and tried again more and more slowly.
            logger.exception("%s", copy)
            self.known.trouble(copy, f"{type(error).__name__}: {error}")

    async def begin(self, wanted: Wanted) -> None:
        env = self.env.get(str(wanted.copy))
        spec = spec_of(self.cluster, self.address, wanted, env)
        await self.have_image(wanted)
        if self.sweeping is not None:
            # What it needs now may be what nobody needed a moment ago.
            await asyncio.wait([self.sweeping])
        logger.info("%s begins", wanted.copy)
        await self.runtime.create(spec)
        await self.runtime.start(spec.name)

    async def have_image(self, wanted: Wanted) -> None:
        """Raises ImageMissing, RegistryAway."""
        image = image_of(wanted)
        if await self.runtime.find_image(image) is not None:
            return
        if not is_id(image):
            await self.runtime.pull(image)
            return
        words = "Nobody can be asked for it."
        if self.builds is not None:
            try:
                await self.builds.fetch(image)
            except (ImageMissing, NotGiven) as error:
                words = str(error)
            else:
                return
        name = wanted.declared.service.image or "that was built"
        raise ImageMissing(
            f"{self.name} lacks the image {name} ({image[:19]}), which is in no registry. {words} "
            "Bring back a node that has it, push it to a registry, or redeploy."
        )

    async def end(self, container: Container) -> None:
        await self.let_go(published_at(container))
        logger.info("%s ends", container.name)
        await self.runtime.stop(container.name)
        await self.runtime.remove(container.name)

    async def sweep(self) -> None:
        """Networks of services that are gone, as often as something else is wanted. Only when
        nothing begins or ends: an engine takes a network away from whom it has not started yet.
        """
        try:
            for name in await self.runtime.list_networks(self.cluster):
                if name not in {network_of(self.cluster, each) for each in self.orders.wanted}:
                    await self.runtime.remove_network(name)
                    logger.info("the network %s is not needed any more", name)
        except DomainError as error:
            logger.warning("networks are left: %s", error)

    def look(self, wanted: Wanted, looking: Work) -> None:
        """Beside everything else: who answers late or never holds up nobody but itself."""
        copy = wanted.copy
        if copy not in self.looks:
            self.looks[copy] = task = asyncio.create_task(seen_through(copy, looking))
            task.add_done_callback(lambda _: self.looks.pop(copy, None))

    async def see(self, wanted: Wanted, container: Container) -> None:
        """A container that is to run: asked how it is, started again if it is down or dead."""
        copy = wanted.copy
        if not is_up(container):
            self.known.watches.pop(copy, None)
            await self.note_tail(copy, container)
            is_down = not container.is_running and self.known.may_try(copy)
            if is_down and self.is_still(wanted, container):
                self.do(copy, partial(self.start_again, container))
            return
        watch = await judged(self.runtime, container, wanted, self.known.watch_of(container))
        if self.is_still(wanted, container):
            self.known.watches[copy] = watch
            if is_dead(watch, wanted.declared.service):
                self.do(copy, partial(self.restart, container, watch))

    async def see_by_ports(self, wanted: Wanted, container: Container) -> None:
        watch = self.known.watch_of(container)
        watch = await judged_by_ports(container, wanted, watch)
        if self.known.engine:
            self.known.watches[wanted.copy] = watch

    def is_still(self, wanted: Wanted, container: Container) -> bool:
        return self.known.is_still(container) and wanted in self.orders.wanted

    async def start_again(self, container: Container) -> None:
        """Whoever stopped it, it is wanted. That it was down counts, unless it never began."""
        if container.exit_code is not None:
            self.known.trouble(container.copy, ending_in_words(container))
        await self.runtime.start(container.name)

    async def restart(self, container: Container, watch: Watch) -> None:
        words = f"it did not answer {watch.failures} times and was restarted"
        self.known.trouble(container.copy, words)
        self.known.watches.pop(container.copy, None)
        await self.runtime.stop(container.name)
        await self.runtime.start(container.name)

    async def note_tail(self, copy: CopyId, container: Container) -> None:
        said = await self.runtime.logs(container.name, tail=REASON_LINES)
        self.known.tails[copy] = " / ".join(said.split("\n")).strip(" /")

    def report(self) -> Report:
        """All that there is, wanted or not: what is to end is there until it is gone."""
        self.reports += 1
        orders, known = self.orders, self.known
        return Report(
            self.name,
            orders.start,
            self.reports,
            orders.applied,
            orders.routed,
            tuple(
                known.said_of(copy, is_busy=copy in self.under_way)
                for copy in sorted(known.copies())
            ),
            is_blind=known.seen is None,
            engine=known.engine,
        )

    async def close(self) -> None:
        """Containers go on; what is under way is begun again by the next agent."""
        swept = [self.sweeping] if self.sweeping else []
        tasks = [*self.under_way.values(), *self.looks.values(), *swept]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self.builds is not None:
            await self.builds.close()
        await self.runtime.close()


async def seen_through(copy: CopyId, looking: Work) -> None:
    try:
        await looking()
    except ContainerMissing:
        logger.info("%s is gone already", copy)
    except DomainError as error:
        logger.warning("%s was not looked at: %s", copy, error)
    except Exception:
        logger.exception("%s was not looked at", copy)
