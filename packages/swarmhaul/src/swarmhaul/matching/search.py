"""The cheapest chain of distinct operators within the budget, found best first."""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from swarmhaul.matching.bids import Book
from swarmhaul.matching.hops import Hops
from swarmhaul.matching.places import Indexes, haversines

Operators = frozenset[int]


class Found(NamedTuple):
    """A chain: what it is compared as, and its bids by their row in the book."""

    key: int
    path: tuple[int, ...]


class Next(NamedTuple):
    """What can come next, cheapest completion first."""

    rows: list[int]
    values: list[int]


class Entry(NamedTuple):
    """The n-th of the bids that can follow a path. Its next sibling waits behind it: nothing is put
    on the heap before it is needed.
    """

    bound: int
    key: int
    cost: int
    path: tuple[int, ...]
    position: int


@dataclass(slots=True)
class Label:
    """Who carries so far, and what they cost."""

    operators: Operators
    cost: int


class Search:
    """A* (P. E. Hart, N. J. Nilsson, B. Raphael 1968) with `completions` as the estimate, which
    never says too much. Of the paths that end in one bid after as many legs only those are kept
    that some completion may need (representative families: B. Monien 1985, D. Lokshtanov et al.
    2016), so their number is bounded and the answer still exact.
    """

    def __init__(self, hops: Hops, bounds: Sequence[Indexes], best: Found | None) -> None:
        self.hops = hops
        self.bounds = bounds
        self.best = best
        self.best_key = hops.best
        self.labels_made = 0
        self._pickups = hops.pickups(hops.live)
        self._next: dict[tuple[int, int], Next] = {}
        self._families: defaultdict[tuple[int, int], list[Label]] = defaultdict(list)
        self._heap: list[Entry] = []

    def run(self, labels_max: int) -> bool:
        """Whether what was found is proven to be the cheapest, and not only the best so far."""
        self._put(0, 0, (), 0)
        while self._heap:
            entry = heapq.heappop(self._heap)
            if entry.bound >= self.best_key:
                return True
            if self.labels_made >= labels_max:
                return False
            self._take(entry)
        return True

    def next_of(self, path: tuple[int, ...], key: int) -> Next:
        """What can follow the last of the path, for as many legs as are left behind it, and is not
        too dear already. Whoever asks again for the same place has come there no cheaper.
        """
        place = (path[-1] if path else -1, len(path))
        if place not in self._next:
            self._next[place] = self._look_around(path, key)
        return self._next[place]

    def is_free(self, row: int, path: tuple[int, ...], cost: int) -> bool:
        """Whether its operator is not in the path yet, and the budget has room for it."""
        book = self.hops.book
        operator = book.operators[row]
        is_new = all(book.operators[other] != operator for other in path)
        return is_new and cost + int(book.costs[row]) <= self.hops.trip.budget

    def _take(self, entry: Entry) -> None:
        row = self.next_of(entry.path, entry.key).rows[entry.position]
        self._put(entry.key, entry.cost, entry.path, entry.position + 1)
        self.labels_made += 1
        if not self.is_free(row, entry.path, entry.cost):
            return
        path = (*entry.path, row)
        key, cost = (
            entry.key + int(self.hops.book.keys[row]),
            entry.cost + int(self.hops.book.costs[row]),
        )
        legs_left = self.hops.trip.leg_count_max - len(path)
        family = self._families[row, len(path)]
        label = Label(operators_of(self.hops.book, path), cost)
        if not is_needed(label, family, legs_left):
            return
        family.append(label)
        if self.hops.is_end[row] and key < self.best_key:
            self.best, self.best_key = Found(key, path), key
        if legs_left:
            self._put(key, cost, path, 0)

    def _put(self, key: int, cost: int, path: tuple[int, ...], position: int) -> None:
        values = self.next_of(path, key).values
        if position < len(values) and key + values[position] < self.best_key:
            heapq.heappush(self._heap, Entry(key + values[position], key, cost, path, position))

    def _look_around(self, path: tuple[int, ...], key: int) -> Next:
        hops, book = self.hops, self.hops.book
        completion = self.bounds[hops.trip.leg_count_max - len(path) - 1]
        here = book.dropoffs.take(np.array(path[-1:], np.int64))
        rows = np.sort(self._pickups.around(here)) if path else hops.starts
        # The cheap question first: in a crowd it leaves a handful.
        rows = rows[book.keys[rows] + completion[rows] < self.best_key - key]
        if path:
            there = book.pickups.directions_of(rows)
            rows = rows[haversines(here.directions, there) <= self._pickups.radius]
            rows = rows[hops.follows(np.full(len(rows), path[-1]), rows)]
        values = book.keys[rows] + completion[rows]
        order = np.argsort(values, kind="stable")
        return Next(rows[order].tolist(), values[order].tolist())


def operators_of(book: Book, path: tuple[int, ...]) -> Operators:
    return frozenset(int(book.operators[row]) for row in path)


def is_needed(label: Label, family: Sequence[Label], legs_left: int) -> bool:
    """Whether some completion of at most so many legs fits this label and none of those that came
    before it, which are no dearer: it would have to meet an operator in each of them.
    """
    apart = [
        earlier.operators - label.operators for earlier in family if earlier.cost <= label.cost
    ]
    return can_meet(apart, legs_left)


def can_meet(groups: Sequence[Operators], count: int) -> bool:
    """Whether so many operators are enough to have one out of each group (a hitting set)."""
    if not groups:
        return True
    if not count:
        return False
    return any(
        can_meet([group for group in groups if one not in group], count - 1)
        for one in sorted(groups[0])
    )
