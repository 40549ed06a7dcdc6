"""What a chain costs at least from here on: the search looks at nothing that cannot win."""

from __future__ import annotations

import numpy as np

from swarmhaul.matching.hops import UNREACHED, Hops
from swarmhaul.matching.places import Indexes

PAIRS_AT_ONCE = 1_000_000
PAIRS_MAX = 5_000_000
"""After so many candidates what is left gets a bound that is too low, which is safe: the search
then looks at more, and finds the same.
"""
FIRST_CHUNK = 4
GRID_WORN = 0.7
"""A grid is made anew when fewer than this share of its points are still open."""


def completions(hops: Hops) -> list[Indexes]:
    """Row r, bid i: what at least comes behind bid i in a chain that may have r more legs. Exact
    but for this: operators differ between neighbours only, and the budget is not looked at.

    Each row comes from the one before: the cheapest bid that can follow, and its own completion
    (R. Bellman, On a routing problem, 1958).
    """
    none_left = np.full(len(hops.book), UNREACHED, np.int64)
    none_left[hops.live[hops.is_end[hops.live]]] = 0
    rows = [none_left]
    for _ in range(1, hops.trip.leg_count_max):
        rows.append(one_more_leg(hops, rows[-1]))
    return rows


def one_more_leg(hops: Hops, before: Indexes) -> Indexes:
    """Cheapest targets first. A source that was reached by one no dearer than the next is settled
    and never asked again, so a crowd at one place is looked at once and not squared.
    """
    after = before.copy()
    targets, values = targets_by_value(hops, before)
    sources, position, looked_at, size = in_time(hops, targets), 0, 0, FIRST_CHUNK
    grid, grid_size = None, 0
    while position < len(targets):
        sources = sources[after[sources] > values[position]]
        if not len(sources):
            break
        if looked_at > PAIRS_MAX:
            after[sources] = np.minimum(after[sources], values[position])
            break
        if grid is None or len(sources) < GRID_WORN * grid_size:
            grid, grid_size = hops.dropoffs(sources), len(sources)
        chunk = targets[position : position + size]
        counts = np.cumsum(grid.count_near(hops.book.pickups.take(chunk)))
        chunk = chunk[: max(1, int(np.searchsorted(counts, PAIRS_AT_ONCE, side="right")))]
        looked_at += int(counts[len(chunk) - 1])
        asked, found = grid.near(hops.book.pickups.take(chunk))
        fits = hops.follows(found, chunk[asked])
        np.minimum.at(after, found[fits], values[position + asked[fits]])
        position, size = position + len(chunk), size * 4
    return after


def targets_by_value(hops: Hops, before: Indexes) -> tuple[Indexes, Indexes]:
    targets = hops.live[before[hops.live] < UNREACHED]
    values = hops.book.keys[targets] + before[targets]
    cheaper = values < hops.best
    targets, values = targets[cheaper], values[cheaper]
    order = np.argsort(values, kind="stable")
    return targets[order], values[order]


def in_time(hops: Hops, targets: Indexes) -> Indexes:
    """Whoever arrives before the last of the targets leaves."""
    if not len(targets):
        return targets
    last = hops.book.pickup_until[targets].max() - hops.trip.dwell_seconds
    sources: Indexes = hops.live[hops.book.arrives_by[hops.live] <= last]
    return sources
