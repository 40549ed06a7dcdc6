"""The matcher's rules once more, said as plainly as they can be and tried one by one."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from swarmhaul.matching.bids import Bid, Trip
from swarmhaul.matching.places import EARTH_RADIUS_M, Place


def metres(one: Place, other: Place) -> float:
    """The same distance by angles on the sphere (T. Vincenty, 1975): the matcher compares chords
    through it, so no formula is shared.
    """
    here, there = math.radians(one.latitude), math.radians(other.latitude)
    along = math.radians(other.longitude - one.longitude)
    across = math.cos(there) * math.sin(along)
    ahead = math.cos(here) * math.sin(there) - math.sin(here) * math.cos(there) * math.cos(along)
    inwards = math.sin(here) * math.sin(there) + math.cos(here) * math.cos(there) * math.cos(along)
    return EARTH_RADIUS_M * math.atan2(math.hypot(across, ahead), inwards)


def compared_as(bid: Bid, strength: int) -> int:
    score = min(9_000, max(1_000, bid.score))
    return bid.cost - bid.cost * strength * (score - 5_000) // 100_000_000


def chains(
    trip: Trip, bids: Sequence[Bid], path: tuple[Bid, ...] = ()
) -> Iterator[tuple[Bid, ...]]:
    """Every chain that starts at the origin, also those that do not arrive."""
    if path:
        yield path
    if len(path) == trip.leg_count_max:
        return
    here = path[-1].dropoff if path else trip.origin
    then = path[-1].arrives_by + trip.dwell_seconds if path else trip.ready_at
    for bid in bids:
        if (
            metres(here, bid.pickup) <= trip.radius_m
            and then <= bid.pickup_until
            and bid.arrives_by <= trip.deliver_by
            and bid.operator not in {other.operator for other in path}
            and sum(other.cost for other in path) + bid.cost <= trip.budget
        ):
            yield from chains(trip, bids, (*path, bid))


def cheapest(trip: Trip, bids: Sequence[Bid], strength: int) -> tuple[int, int] | None:
    """What the best chain is compared as, and its number of legs."""
    arriving = (
        (sum(compared_as(bid, strength) for bid in path), len(path))
        for path in chains(trip, bids)
        if metres(path[-1].dropoff, trip.destination) <= trip.radius_m
    )
    return min(arriving, default=None)
