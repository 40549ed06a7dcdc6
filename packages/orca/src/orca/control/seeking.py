"""Which image each release means: nodes are asked, until one of them knows. Beside everything else,
so that a registry that hangs holds up nothing but what waits for its image.
"""

from __future__ import annotations

import asyncio
import logging
import time
from dataclasses import dataclass, field
from functools import partial

from basis.errors import DomainError
from orca.control.building import Builder
from orca.control.control import Control
from orca.control.nodes import NodeAway, NotAnswered
from orca.planning import ImageAway, ImageFound, NodeState, ServiceState, search_failed
from orca.spec import may_mean

logger = logging.getLogger(__name__)

LOOK_SECONDS = 0.2
BACK_OFF_SECONDS = (0.5, 2, 5, 10, 30, 60)
NOBODY = "No node is connected that could look it up."

Sought = tuple[str, int]
"""A service, and the number of its release."""


@dataclass
class Seeker:
    """One search at a time for each release."""

    control: Control
    searches: dict[Sought, asyncio.Task[None]] = field(default_factory=dict)
    asked_at: dict[Sought, float] = field(default_factory=dict)
    builder: Builder | None = None
    """Of services that are built."""

    async def go_on(self) -> None:
        """For ever."""
        try:
            while True:
                self.look()
                await asyncio.sleep(LOOK_SECONDS)
        finally:
            for search in [*self.searches.values()]:
                search.cancel()
            if self.builder is not None:
                self.builder.close()

    def look(self) -> None:
        services = self.control.state.services.values()
        sought = {(each.id, each.target.number): each for each in services if is_due(each)}
        for gone in [*(self.asked_at.keys() - sought.keys())]:
            del self.asked_at[gone]
        for key, service in sought.items():
            if key in self.searches or time.monotonic() < self.next_time(key, service):
                continue
            search = asyncio.create_task(self.seek(key, service))
            self.searches[key] = search
            search.add_done_callback(partial(self.forget, key))

    def next_time(self, key: Sought, service: ServiceState) -> float:
        """Later each time, by the tries: a deploy that is told again begins them anew."""
        tries = service.rollout.tries if service.rollout else 0
        wait = BACK_OFF_SECONDS[min(tries, len(BACK_OFF_SECONDS) - 1)]
        return self.asked_at[key] + wait if key in self.asked_at else 0

    def forget(self, key: Sought, _search: asyncio.Task[None]) -> None:
        self.searches.pop(key, None)

    async def seek(self, key: Sought, service: ServiceState) -> None:
        try:
            await self.control.tell(await self.answer_for(service))
        except DomainError as error:
            logger.warning("%s: %s", service.id, error)
        self.asked_at[key] = time.monotonic()

    async def answer_for(self, service: ServiceState) -> ImageFound | ImageAway:
        """Of the first node that knows; of those that cannot say it, why the last cannot."""
        if service.target.declared.context:
            assert self.builder is not None
            return await self.builder.answer_for(service, self.nodes_for(service))
        number, image = service.target.number, service.spec.image or ""
        why = ""
        for node in self.nodes_for(service):
            try:
                digest = await self.control.links.seek(node, image)
            except NodeAway as away:
                logger.info("%s: %s", service.id, away)
            except NotAnswered as refusal:
                why = f"{node} says: {refusal}"
            else:
                if may_mean(image, digest):
                    return ImageFound(service.id, number, digest)
                # All nodes run what this one says: it must not name another's repository.
                why = f"{node} names an image that is not {image}: not believed."
        return ImageAway(service.id, number, why or NOBODY, is_try=bool(why))

    def nodes_for(self, service: ServiceState) -> list[str]:
        """Those that are there and where it may run, those that take copies first, and last those
        whose engine would not answer.
        """
        nodes, pinned = self.control.state.nodes, service.spec.placement.node
        there = [name for name in self.control.links.by_node if name in nodes]
        wanted = [name for name in there if pinned in (None, name)]
        return sorted(wanted, key=lambda name: rank(nodes[name]))


def rank(known: NodeState) -> tuple[bool, bool, str]:
    return (known.engine != "", known.node.is_draining, known.node.name)


def is_due(service: ServiceState) -> bool:
    """What cannot be built now cannot be built in a minute: it waits for somebody to mend it."""
    declared = service.target.declared
    has_failed = bool(declared.context) and search_failed(service) is not None
    return declared.is_sought and not service.is_removed and not has_failed
