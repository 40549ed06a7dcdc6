"""Into which parts a way can be cut: everybody computes the same places to hand over at, so that
bids of strangers meet there. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from swarmhaul.matching import Place

DETOUR_MAX = 1.25
"""A way over a hub may be so many times as long as the straight one."""
HUBS_MAX = 4
THIRDS = (1 / 3, 1 / 2, 2 / 3)
"""Where no hub is near the way, it is cut at these shares of it."""
APART_M_MIN = 400.0
"""Of two places nearer to each other than this, one is enough."""


@dataclass(frozen=True, slots=True)
class Stop:
    """A place on the way; `share` says how far along it is, from 0 to 1."""

    place: Place
    share: float


@dataclass(frozen=True, slots=True)
class Part:
    pickup: Stop
    dropoff: Stop

    @property
    def metres(self) -> float:
        return self.pickup.place.metres_to(self.dropoff.place)

    @property
    def share(self) -> float:
        """Of the whole way."""
        return self.dropoff.share - self.pickup.share


def parts_of(origin: Place, destination: Place, hubs: Sequence[Place] = ()) -> list[Part]:
    """The whole way, and what lies between any two of its stops, in the order of the way."""
    stops = [Stop(origin, 0.0), *stops_between(origin, destination, hubs), Stop(destination, 1.0)]
    return [Part(pickup, dropoff) for pickup, dropoff in combinations(stops, 2)]


def stops_between(origin: Place, destination: Place, hubs: Sequence[Place]) -> list[Stop]:
    """The hubs near the way that lengthen it least, or where there is none, shares of the way."""
    straight = origin.metres_to(destination)
    if straight < 2 * APART_M_MIN:
        return []
    near = sorted(
        (over, hub.latitude, hub.longitude, stop)
        for hub, (over, stop) in {hub: over_hub(origin, destination, hub) for hub in hubs}.items()
        if over <= DETOUR_MAX * straight
    )
    found = spread([stop for *_, stop in near], origin, destination)[:HUBS_MAX]
    if not found:
        found = spread([Stop(between(origin, destination, share), share) for share in THIRDS],
                       origin, destination)  # fmt: skip
    return sorted(found, key=lambda stop: stop.share)


def over_hub(origin: Place, destination: Place, hub: Place) -> tuple[float, Stop]:
    """How long the way over the hub is, and how far along it the hub lies."""
    first, second = origin.metres_to(hub), hub.metres_to(destination)
    return first + second, Stop(hub, first / (first + second))


def spread(stops: Sequence[Stop], origin: Place, destination: Place) -> list[Stop]:
    """The first of those that lie too near to each other, or to an end."""
    kept: list[Stop] = []
    for stop in stops:
        taken = (origin, destination, *(one.place for one in kept))
        if all(stop.place.metres_to(place) >= APART_M_MIN for place in taken):
            kept.append(stop)
    return kept


def between(origin: Place, destination: Place, share: float) -> Place:
    """On the straight line of a map; longitudes go the short way around. Rounded to millionths of a
    degree, 11 cm, as bids are: so everybody means the same place.
    """
    across = (destination.longitude - origin.longitude + 540) % 360 - 180
    longitude = (origin.longitude + across * share + 540) % 360 - 180
    latitude = origin.latitude + (destination.latitude - origin.latitude) * share
    return Place(round(latitude, 6), round(longitude, 6))
