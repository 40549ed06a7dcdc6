"""Links that lose, double, delay and so reorder messages, and are cut, one way or both."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from random import Random
from typing import Any

CONTROL = "control"
CALM_DELAY_MS = 50


@dataclass
class Links:
    """Messages under way between the control plane and its nodes, by the time they arrive."""

    chance: Random
    loss: float
    doubling: float
    delay_ms_max: int
    is_calm: bool = False
    cut: set[tuple[str, str]] = field(default_factory=set)
    under_way: list[tuple[int, int, str, Any]] = field(default_factory=list)
    counter: Iterator[int] = field(default_factory=count)
    sent: int = 0
    lost: int = 0

    def send(self, now: int, source: str, target: str, message: Any) -> None:
        self.sent += 1
        if self.is_calm:
            self.put(now + CALM_DELAY_MS, target, message)
            return
        copies = 2 if self.chance.random() < self.doubling else 1
        for _ in range(copies):
            if (source, target) in self.cut or self.chance.random() < self.loss:
                self.lost += 1
                continue
            self.put(now + self.chance.randint(1, self.delay_ms_max), target, message)

    def put(self, at: int, target: str, message: Any) -> None:
        heapq.heappush(self.under_way, (at, next(self.counter), target, message))

    def arrived(self, until: int) -> Iterator[tuple[int, str, Any]]:
        while self.under_way and self.under_way[0][0] <= until:
            at, _, target, message = heapq.heappop(self.under_way)
            yield at, target, message

    def cut_off(self, node: str) -> None:
        """Both ways, or one: then one side still believes in the other."""
        ways = [(CONTROL, node), (node, CONTROL)]
        self.cut |= set(self.chance.choice([ways, ways[:1], ways[1:]]))

    def join(self, node: str) -> None:
        self.cut -= {(CONTROL, node), (node, CONTROL)}

    def calm(self) -> None:
        self.is_calm = True
        self.cut.clear()
