"""Links that lose, double, delay and so reorder messages, and are cut, one way or both. Some are
well for a while: they still double, and lose nothing.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from random import Random
from typing import Any

CONTROL = "control"
CALM_DELAY_MS = 50
WELL_DELAY_MS_MAX = 150


@dataclass
class Links:
    """Messages under way between the control plane and its nodes, by the time they arrive."""

    chance: Random
    loss: float
    doubling: float
    delay_ms_max: int
    is_calm: bool = False
    cut: set[tuple[str, str]] = field(default_factory=set)
    well: set[str] = field(default_factory=set)
    """The nodes whose links are well, both ways, if they are not cut."""
    under_way: list[tuple[int, int, str, Any]] = field(default_factory=list)
    counter: Iterator[int] = field(default_factory=count)
    sent: int = 0
    lost: int = 0

    def send(self, now: int, source: str, target: str, message: Any) -> None:
        self.sent += 1
        if self.is_calm:
            self.put(now + CALM_DELAY_MS, target, message)
            return
        random = self.chance.random
        is_well = (source if target == CONTROL else target) in self.well
        delay_ms_max = WELL_DELAY_MS_MAX if is_well else self.delay_ms_max
        for _ in range(2 if random() < self.doubling else 1):
            if (source, target) in self.cut or (not is_well and random() < self.loss):
                self.lost += 1
                continue
            self.put(now + 1 + int(random() * delay_ms_max), target, message)

    def put(self, at: int, target: str, message: Any) -> None:
        heapq.heappush(self.under_way, (at, next(self.counter), target, message))

    def arrived(self, until: int) -> Iterator[tuple[str, Any]]:
        while self.under_way and self.under_way[0][0] <= until:
            _, _, target, message = heapq.heappop(self.under_way)
            yield target, message

    def hang_up(self) -> None:
        """The control plane died: what was on its way to it reaches nobody. What it had sent still
        arrives.
        """
        kept = [each for each in self.under_way if each[2] != CONTROL]
        self.lost += len(self.under_way) - len(kept)
        heapq.heapify(kept)
        self.under_way = kept

    def cut_off(self, node: str) -> None:
        """Both ways, or one: then one side still believes in the other."""
        ways = [(CONTROL, node), (node, CONTROL)]
        self.cut |= set(self.chance.choice([ways, ways[:1], ways[1:]]))

    def join(self, node: str) -> None:
        self.cut -= {(CONTROL, node), (node, CONTROL)}

    def turn(self, node: str) -> None:
        """From well to ill, or back."""
        self.well ^= {node}

    def are_well(self, node: str) -> bool:
        if self.is_calm:
            return True
        return (
            node in self.well
            and (CONTROL, node) not in self.cut
            and (node, CONTROL) not in self.cut
        )

    def calm(self) -> None:
        self.is_calm = True
        self.cut.clear()
