"""What passes through the control plane's disk: contexts that people bring and nodes build from,
and images that nodes hand to each other.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from basis.errors import NotFound
from orca.contexts import BYTES_MAX, Shelf
from orca.control.control import Control
from orca.control.nodes import Links, NodeAway, NotAnswered
from orca.planning import State, kept_for

logger = logging.getLogger(__name__)

IMAGE_BYTES_MAX = 16 << 30
SHA256 = "sha256:"
SWEEP_SECONDS = 600
UNUSED_SECONDS = 3_600
"""What nobody uses stays so long: somebody may just have brought it."""

Lent = tuple[str, str]
"""A node, and the name of what it may have just now."""


class ImageNowhere(NotFound):
    """No node that is connected has the image."""


@dataclass
class Depot:
    """Two shelves, and who may take from them and put there. Nobody may who was not asked to."""

    contexts: Shelf
    images: Shelf
    lent: Counter[Lent] = field(default_factory=Counter)
    awaited: Counter[Lent] = field(default_factory=Counter)
    coming: dict[str, asyncio.Task[None]] = field(default_factory=dict)

    @contextmanager
    def lending(self, node: str, context: str) -> Iterator[None]:
        """As long as it builds from that."""
        with counted(self.lent, (node, context)):
            yield

    def may_fetch(self, node: str, context: str) -> bool:
        return self.lent[node, context] > 0

    def may_bring(self, node: str, name: str) -> bool:
        return self.awaited[node, name] > 0

    async def have(self, links: Links, image: str, nodes: Sequence[str]) -> Path:
        """The saved image, fetched from the first of the nodes that has it. Whoever asks meanwhile
        waits for the same. Raises ImageNowhere, NodeAway.
        """
        name = image.removeprefix(SHA256)
        if not self.images.has(name):
            task = self.coming.get(name)
            if task is None:
                task = asyncio.create_task(self._fetch(links, name, nodes))
                self.coming[name] = task
                task.add_done_callback(lambda _: self.coming.pop(name, None))
            await asyncio.shield(task)
        self.images.touch(name)
        return self.images.path_of(name)

    async def _fetch(self, links: Links, name: str, nodes: Sequence[str]) -> None:
        """Raises ImageNowhere, and NodeAway if one that may have it was lost on the way."""
        lost: NodeAway | None = None
        for node in nodes:
            try:
                with counted(self.awaited, (node, name)):
                    await links.hand(node, SHA256 + name)
            except NotAnswered as refusal:
                logger.info("%s does not hand over %s: %s", node, name[:12], refusal)
            except NodeAway as away:
                lost = away
            if self.images.has(name):
                return
        words = f"No node that is connected hands over the image {SHA256}{name[:12]}."
        raise lost or ImageNowhere(words)

    async def go_on(self, control: Control) -> None:
        """For ever."""
        while True:
            try:
                for gone in self.sweep(control.state):
                    logger.info("%s is not used any more and was taken away", gone[:12])
            except OSError as error:
                logger.warning("the depot was not swept: %s", error)
            await asyncio.sleep(SWEEP_SECONDS)

    def sweep(self, state: State, *, older_than_seconds: float = UNUSED_SECONDS) -> list[str]:
        """What no release that may come back is made of. The names of what is gone."""
        kept = {name.removeprefix(SHA256) for name in kept_for(state)}
        shelves = (self.contexts, self.images)
        return [
            name
            for shelf in shelves
            for name in shelf.sweep(kept, older_than_seconds=older_than_seconds)
        ]


@contextmanager
def counted(counts: Counter[Lent], key: Lent) -> Iterator[None]:
    counts[key] += 1
    try:
        yield
    finally:
        counts[key] -= 1
        if not counts[key]:
            del counts[key]


def open_depot(folder: Path) -> Depot:
    return Depot(
        Shelf(folder / "contexts", bytes_max=BYTES_MAX),
        Shelf(folder / "images", bytes_max=IMAGE_BYTES_MAX),
    )
