"""What is done when the exact search takes too long: a good chain in bounded time."""

from __future__ import annotations

import heapq

from swarmhaul.matching.search import Found, Search

WIDTH = 2_000
FOLLOWERS_MAX = 50

Step = tuple[int, int, int, tuple[int, ...]]
"""What it is compared as when completed, so far, what it costs, and its bids."""


def walk_beam(search: Search) -> Found | None:
    """Beam search (B. Lowerre, 1976): leg by leg the `WIDTH` most promising paths, each with its
    `FOLLOWERS_MAX` best followers. Time grows with legs times width, whatever was bid.
    """
    best = search.best
    paths: list[Step] = [(0, 0, 0, ())]
    for _ in range(search.hops.trip.leg_count_max):
        steps = [step for path in paths for step in followers(search, path)]
        for _, key, _, rows in steps:
            if search.hops.is_end[rows[-1]] and (best is None or key < best.key):
                best = Found(key, rows)
        paths = heapq.nsmallest(WIDTH, steps)
    return best


def followers(search: Search, path: Step) -> list[Step]:
    _, key, cost, rows = path
    book = search.hops.book
    steps: list[Step] = []
    if len(rows) == search.hops.trip.leg_count_max:
        return []
    for row, value in zip(*search.next_of(rows, 0), strict=True):
        if key + value >= search.best_key or len(steps) == FOLLOWERS_MAX:
            break
        if search.is_free(row, rows, cost):
            added = (key + int(book.keys[row]), cost + int(book.costs[row]))
            steps.append((key + value, *added, (*rows, row)))
    return steps
