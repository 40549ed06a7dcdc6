"""Bids for parts of one job, in columns: what the matcher reads."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from basis.errors import Invalid
from swarmhaul.matching.nudge import BASIS_POINTS, NUDGE_DEFAULT, Nudge
from swarmhaul.matching.places import Indexes, Place, Points

BUDGET_MAX = 8_000_000_000_000
"""Lamports. With it every sum of a chain, nudged and packed with its number of legs, fits 64 bits,
and cost times nudge does too.
"""
BID_COST_MAX = 1_000_000_000_000
LEG_COUNT_MAX = 8
RADIUS_M_MAX = 5_000
LEG_BITS = 4
SECONDS_MAX = 1 << 40


class BidUnfit(Invalid):
    """A bid that no chain could use, or whose figures cannot be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bid:
    """Somebody carries the load from pickup to dropoff for `cost` lamports: waits at the pickup
    until `pickup_until` and is at the dropoff by `arrives_by` (seconds since 1970).

    `operator` stands behind one or more agents; a chain has nobody twice. `score` is their
    reputation as this observer sees it, in basis points.
    """

    id: str
    operator: str
    pickup: Place
    dropoff: Place
    cost: int
    pickup_until: int
    arrives_by: int
    score: int = 3_000

    def check(self) -> None:
        """Raises BidUnfit."""
        if not (self.pickup.is_on_earth() and self.dropoff.is_on_earth()):
            raise BidUnfit("Latitudes go from -90 to 90, longitudes from -180 to 180.", bid=self.id)
        if not 0 < self.cost <= BID_COST_MAX:
            raise BidUnfit("A bid costs between 1 lamport and 1,000 SOL.", bid=self.id)
        if not 0 <= self.pickup_until < self.arrives_by < SECONDS_MAX:
            raise BidUnfit("A leg arrives after it was picked up.", bid=self.id)
        if not 0 <= self.score <= BASIS_POINTS:
            raise BidUnfit("A score lies between 0 and 10,000 basis points.", bid=self.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trip:
    """What a job asks for. Where one leg ends and the next begins may lie `radius_m` apart, as may
    the first pickup and the origin; each hand-over takes `dwell_seconds`.
    """

    origin: Place
    destination: Place
    budget: int
    ready_at: int = 0
    deliver_by: int = SECONDS_MAX - 1
    leg_count_max: int = 4
    radius_m: float = 250.0
    dwell_seconds: int = 120

    def check(self) -> None:
        """Raises BidUnfit."""
        if not (self.origin.is_on_earth() and self.destination.is_on_earth()):
            raise BidUnfit("Latitudes go from -90 to 90, longitudes from -180 to 180.")
        if not 0 < self.budget <= BUDGET_MAX:
            raise BidUnfit("A budget lies between 1 lamport and 8,000 SOL.")
        if not 1 <= self.leg_count_max <= LEG_COUNT_MAX:
            raise BidUnfit(f"A job has between 1 and {LEG_COUNT_MAX} legs.")
        if not 0 < self.radius_m <= RADIUS_M_MAX or not 0 <= self.dwell_seconds <= 86_400:
            raise BidUnfit("A hand-over lies within 5 km, and takes a day at most.")
        if not 0 <= self.ready_at < self.deliver_by < SECONDS_MAX:
            raise BidUnfit("A job is delivered after it was ready.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """The live bids for one trip, a row each, in the order of their ids: whoever bids first has no
    advantage in what the matcher finds.
    """

    ids: Sequence[str]
    pickups: Points
    dropoffs: Points
    costs: Indexes
    keys: Indexes
    """What bids are compared by: the nudged cost, and one leg in the lowest bits, so that of two
    chains of one price the shorter wins."""
    operators: Indexes
    pickup_until: Indexes
    arrives_by: Indexes

    def __len__(self) -> int:
        return len(self.ids)


def open_book(bids: Iterable[Bid], trip: Trip, nudge: Nudge = NUDGE_DEFAULT) -> Book:
    """Raises BidUnfit, also for an id that comes twice."""
    rows = sorted(bids, key=lambda bid: bid.id)
    for bid in rows:
        bid.check()
    ids = [bid.id for bid in rows]
    if len(set(ids)) != len(ids):
        raise BidUnfit("Two bids have one id.")
    costs = column([bid.cost for bid in rows])
    effective = nudge.compare_as(costs, column([bid.score for bid in rows]))
    numbers: dict[str, int] = {}
    operators = column([numbers.setdefault(bid.operator, len(numbers)) for bid in rows])
    return Book(
        ids=ids,
        pickups=Points.of([bid.pickup for bid in rows], trip.origin),
        dropoffs=Points.of([bid.dropoff for bid in rows], trip.origin),
        costs=costs,
        keys=(effective << LEG_BITS) + 1,
        operators=operators,
        pickup_until=column([bid.pickup_until for bid in rows]),
        arrives_by=column([bid.arrives_by for bid in rows]),
    )


def column(values: Sequence[int]) -> Indexes:
    return np.array(values, np.int64)
