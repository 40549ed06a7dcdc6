"""Services that are built from their files: one node is asked to, what it says meanwhile is told,
and what it has made is brought to where other nodes find it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial

from orca.control.control import Control
from orca.control.depot import Depot, ImageNowhere
from orca.control.nodes import NodeAway, NotAnswered, NotBuilt
from orca.control.telling import Note
from orca.link import Make
from orca.planning import (
    ImageAway,
    ImageFound,
    ServiceState,
    build_of,
    built_already,
    is_built_anew,
)
from orca.spec import fill, is_digest

TOLD_LINES_MAX = 100
"""Of one build; people have other events to read."""
NOBODY = "No node is connected that could build it."

Key = tuple[str, bool]
"""A build by its digest, and whether it is made of nothing but its files."""


@dataclass
class Builder:
    """One build of each kind at a time, for all services that wait for it."""

    control: Control
    depot: Depot
    makings: dict[Key, asyncio.Task[str]] = field(default_factory=dict)

    async def answer_for(
        self, service: ServiceState, nodes: Sequence[str]
    ) -> ImageFound | ImageAway:
        """What the plan is told. One of the nodes is asked, the first that can be."""
        number, declared = service.target.number, service.target.declared
        is_fresh = is_built_anew(declared)
        if not is_fresh and (known := built_already(self.control.state, declared)):
            return ImageFound(service.id, number, known)
        try:
            image = await asyncio.shield(self.begun((build_of(declared), is_fresh), service, nodes))
        except NotBuilt as failed:
            return ImageAway(service.id, number, str(failed), is_final=True)
        except NodeAway as away:
            return ImageAway(service.id, number, str(away), is_try=False)
        except (NotAnswered, ImageNowhere) as refusal:
            return ImageAway(service.id, number, str(refusal))
        return ImageFound(service.id, number, image)

    def begun(self, key: Key, service: ServiceState, nodes: Sequence[str]) -> asyncio.Task[str]:
        if key not in self.makings:
            task = asyncio.create_task(self.make(service, nodes))
            self.makings[key] = task
            task.add_done_callback(partial(self.forget, key))
        return self.makings[key]

    def forget(self, key: Key, making: asyncio.Task[str]) -> None:
        self.makings.pop(key, None)
        if not making.cancelled():
            making.exception()  # whoever waited for it may be gone

    async def make(self, service: ServiceState, nodes: Sequence[str]) -> str:
        """Raises NotBuilt, NodeAway, NotAnswered, ImageNowhere."""
        why: NotAnswered | NodeAway = NodeAway(NOBODY)
        for node in nodes:
            try:
                image = await self.made_on(node, service)
            except NodeAway:
                continue
            except NotAnswered as refusal:
                why = NotAnswered(f"{node} says: {refusal}")
                continue
            if not is_digest(image):
                # All nodes run what this one says: it must be an id, and nothing to be pulled.
                why = NotAnswered(f"{node} names no image by its id: not believed.")
                continue
            if len(self.control.state.nodes) > 1:
                await self.depot.have(self.control.links, image, [node])
            return image
        raise why

    async def made_on(self, node: str, service: ServiceState) -> str:
        declared = service.target.declared
        build = declared.service.build
        assert build is not None
        question = Make(
            next(self.control.links.numbers),
            build_of(declared),
            declared.context,
            build.dockerfile,
            {name: filled(value) for name, value in build.args.items()},
            is_built_anew(declared),
        )
        await self.control.note([Note(service.id, f"is built on {node}")])
        hearing = Hearing(self.control, service.id)
        with self.depot.lending(node, declared.context):
            try:
                return await self.control.links.make(node, question, hearing.hear)
            except NotBuilt as failed:
                raise NotBuilt(f"{node} could not build it: {failed}") from None

    def close(self) -> None:
        for making in [*self.makings.values()]:
            making.cancel()


@dataclass
class Hearing:
    """The lines of one build as events of its service."""

    control: Control
    service: str
    left: int = TOLD_LINES_MAX

    async def hear(self, lines: Sequence[str]) -> None:
        taken = [line for line in map(plain, lines) if line][: self.left]
        if not taken:
            return
        self.left -= len(taken)
        notes = [Note(self.service, f"build: {line}") for line in taken]
        if not self.left:
            notes.append(Note(self.service, "build: … more is not told"))
        await self.control.note(notes)


def filled(value: str) -> str:
    """There are no secrets in it: only `$${` has to become `${`."""
    return str(fill(value, project="", of_project={}, of_all={}))


def plain(line: str) -> str:
    """For people, whose terminals do what they are told."""
    return "".join(sign if sign.isprintable() else " " for sign in line).strip()
