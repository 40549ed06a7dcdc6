"""Which bids can be part of a chain, and which can follow which."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from swarmhaul.matching.bids import Book, Trip
from swarmhaul.matching.places import (
    Grid,
    Indexes,
    Points,
    haversine_of,
    haversines,
    metres_between,
)

UNREACHED = 1 << 61
"""More than any chain is compared as, and twice of it still fits 64 bits."""
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hops:
    """The bids of a book as a graph: `starts` are at the origin, `is_end` at the destination, and
    `live` can lie between them on a chain that is cheaper than `best`.
    """

    trip: Trip
    book: Book
    best: int
    live: Indexes
    starts: Indexes
    is_end: Mask

    def follows(self, earlier: Indexes, later: Indexes) -> Mask:
        """Whether each later bid can take over from the earlier one, places apart: by somebody
        else, who waits there for as long as the earlier one may need.
        """
        book = self.book
        waits = book.arrives_by[earlier] + self.trip.dwell_seconds <= book.pickup_until[later]
        is_other = book.operators[earlier] != book.operators[later]
        both: Mask = waits & is_other
        return both

    def pickups(self, rows: Indexes) -> Grid:
        return Grid(self.book.pickups, rows, self.trip.radius_m)

    def dropoffs(self, rows: Indexes) -> Grid:
        return Grid(self.book.dropoffs, rows, self.trip.radius_m)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What holds for every number of legs: which bids keep the job's own limits, and where."""

    trip: Trip
    book: Book
    fits: Mask
    is_start: Mask
    is_end: Mask

    def lay_out(self, leg_count_max: int, best: int) -> Hops:
        """The graph of what can be part of a chain that is compared as less than `best`."""
        trip = replace(self.trip, leg_count_max=leg_count_max)
        live = np.flatnonzero(self.fits & (self.book.keys < best))
        live = live[is_on_the_way(trip, self.book, live)]
        starts = live[self.is_start[live]]
        return Hops(
            trip=trip, book=self.book, best=best, live=live, starts=starts, is_end=self.is_end
        )


def survey(trip: Trip, book: Book) -> Ground:
    near = haversine_of(trip.radius_m)
    origin, destination = ends_of(trip)
    fits = (
        (book.costs <= trip.budget)
        & (book.pickup_until >= trip.ready_at)
        & (book.arrives_by <= trip.deliver_by)
    )
    return Ground(
        trip=trip,
        book=book,
        fits=fits,
        is_start=fits & (haversines(origin.directions, book.pickups.directions) <= near),
        is_end=fits & (haversines(destination.directions, book.dropoffs.directions) <= near),
    )


def ends_of(trip: Trip) -> tuple[Points, Points]:
    return Points.of([trip.origin], trip.origin), Points.of([trip.destination], trip.origin)


def is_on_the_way(trip: Trip, book: Book, live: Indexes) -> Mask:
    """Whether as many legs as are allowed, each as long as the longest, could get there and on."""
    if not len(live):
        return np.empty(0, np.bool_)
    origin, destination = ends_of(trip)
    pickups, dropoffs = book.pickups.take(live), book.dropoffs.take(live)
    step = metres_between(pickups, dropoffs).max() + trip.radius_m
    slack = trip.radius_m * (1 + 1e-9)
    before = np.ceil(np.maximum(0, metres_between(origin, pickups) - slack) / step)
    behind = np.ceil(np.maximum(0, metres_between(dropoffs, destination) - slack) / step)
    possible: Mask = before + 1 + behind <= trip.leg_count_max
    return possible
