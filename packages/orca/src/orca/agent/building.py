"""What a node does for images beside running them: builds one when it is asked to, brings one to
the control plane, and fetches one that is of another node.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from orca.agent.carrying import Carrier
from orca.contexts import BYTES_MAX, Shelf, digest_of
from orca.link import LINE_LENGTH_MAX, LINES_MAX, Make
from orca.runtime import BuildFailed, BuildSpec, ImageMissing, Runtime

LOOK_SECONDS = 0.2
LINES_KEPT = 500
"""Of a build; what comes after those only counts if it ends there."""
LAST_LINES = 8
SHA256 = "sha256:"

Say = Callable[[Sequence[str]], Awaitable[None]]
Key = tuple[str, bool]


@dataclass
class Making:
    """A build under way, whoever waits for it."""

    context: str
    lines: list[str] = field(default_factory=list)
    last: deque[str] = field(default_factory=lambda: deque(maxlen=LAST_LINES))
    task: asyncio.Task[str] | None = None

    def hear(self, line: str) -> None:
        said = line[:LINE_LENGTH_MAX]
        self.last.append(said)
        if len(self.lines) < LINES_KEPT:
            self.lines.append(said)


@dataclass
class Builds:
    """One node's. A build that is asked for again, after the link was lost, is the same one."""

    cluster: str
    runtime: Runtime
    carrier: Carrier
    folder: Path
    shelf: Shelf = field(init=False)
    under_way: dict[Key, Making] = field(default_factory=dict)
    fetching: dict[str, asyncio.Lock] = field(default_factory=dict)
    """By the images: one that has to be brought here first holds up no other."""

    def __post_init__(self) -> None:
        self.shelf = Shelf(self.folder, bytes_max=BYTES_MAX)
        self.shelf.sweep((), older_than_seconds=0)  # of an agent that has died

    async def make(self, question: Make, say: Say) -> str:
        """The id of the image. Raises BuildFailed, NotGiven, WayLost, EngineAway."""
        making = self.begun(question)
        task = making.task
        assert task is not None
        said = 0
        while not task.done() or said < len(making.lines):
            await asyncio.wait([task], timeout=LOOK_SECONDS)
            lines = making.lines[said : said + LINES_MAX]
            if lines:
                await say(lines)
            said += len(lines)
        return await asyncio.shield(task)

    def begun(self, question: Make) -> Making:
        key = (question.name, question.is_fresh)
        if key not in self.under_way:
            making = Making(question.context)
            making.task = asyncio.create_task(self.work(question, making))
            self.under_way[key] = making
            making.task.add_done_callback(partial(self.forget, key))
        return self.under_way[key]

    def forget(self, key: Key, task: asyncio.Task[str]) -> None:
        gone = self.under_way.pop(key)
        if all(each.context != gone.context for each in self.under_way.values()):
            self.shelf.drop(gone.context)
        if not task.cancelled():
            task.exception()  # whoever waited for it may be gone

    async def work(self, question: Make, making: Making) -> str:
        if not self.shelf.has(question.context):
            async with aclosing(self.carrier.fetch(f"/contexts/{question.context}")) as parts:
                await self.shelf.put(question.context, parts, digest_of(question.context))
        try:
            if question.is_fresh:
                return await self.made_anew(question, making)
            return await self.made(question, making, uses_cache=True)
        except BuildFailed as failed:
            words = " / ".join([*making.last, str(failed)])
            raise BuildFailed(words) from failed

    async def made_anew(self, question: Make, making: Making) -> str:
        """Where it is not to be had what the images mean that it begins with, those here count."""
        try:
            return await self.made(question, making, uses_cache=False, pulls=True)
        except BuildFailed as failed:
            making.hear(f"{failed}")
            making.hear("It is tried with the images that lie on this node.")
        return await self.made(question, making, uses_cache=False)

    async def made(
        self, question: Make, making: Making, *, uses_cache: bool, pulls: bool = False
    ) -> str:
        tag = f"orca-build/{self.cluster}:{question.name[:32]}"
        spec = BuildSpec(tag, question.dockerfile, question.args, uses_cache, pulls)
        context = self.shelf.path_of(question.context)
        return await self.runtime.build(context, spec, making.hear)

    async def hand(self, image: str) -> None:
        """To the control plane. Raises ImageMissing, NotGiven, WayLost, EngineAway."""
        if await self.runtime.find_image(image) is None:
            raise ImageMissing(f"There is no image {image} here.")
        async with aclosing(self.runtime.save(image)) as parts:
            await self.carrier.bring(f"/images/{image.removeprefix(SHA256)}", parts)

    async def fetch(self, image: str) -> None:
        """From the control plane, once for all copies that wait for it. Raises NotGiven, WayLost,
        ImageMissing, ImageUnreadable, EngineAway.
        """
        async with self.fetching.setdefault(image, asyncio.Lock()):
            if await self.runtime.find_image(image) is not None:
                return
            path = f"/images/{image.removeprefix(SHA256)}"
            async with aclosing(self.carrier.fetch(path)) as parts:
                await self.runtime.load(parts)
            if await self.runtime.find_image(image) is None:
                raise ImageMissing(f"What was loaded is not {image}.")

    async def close(self) -> None:
        """What is under way is begun again by the next agent, when it is asked for again."""
        tasks = [making.task for making in self.under_way.values() if making.task]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
