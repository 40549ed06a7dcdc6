"""How long the matcher takes, on the kinds of books that occur and on those that are hard."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

from swarmhaul.matching import Bid, Place, Trip, find_chain, open_book

SIZES = (1_000, 10_000, 100_000)
ROUNDS = 5
SOL = 10**9
HEADINGS = ("workload", "bids", "open book ms", "match ms", "legs", "cost SOL", "proven")


@dataclass
class Workload:
    trip: Trip
    bids: list[Bid]


def bid(number: int, agent: int, pickup: Place, dropoff: Place, sol: float, *, at: int = 0) -> Bid:
    """`at`, in seconds: how far along the way the load is expected there."""
    return Bid(
        id=f"b{number:06}",
        operator=f"a{agent}",
        pickup=pickup,
        dropoff=dropoff,
        cost=round(sol * SOL),
        pickup_until=at,
        arrives_by=at + 1,
    )


def trip(origin: Place, destination: Place, *, legs: int = 3, radius_m: float = 2_000) -> Trip:
    return Trip(
        origin=origin,
        destination=destination,
        budget=5 * SOL,
        leg_count_max=legs,
        radius_m=radius_m,
        dwell_seconds=0,
    )


def sparse(count: int) -> Workload:
    """The published book: one of the cheapest goes all the way, so nothing else needs a look."""
    bids = [
        bid(
            i,
            i % 50,
            Place(48.137 + i % 10 * 0.005, 11.575 + i % 13 * 0.005),
            Place(48.173 + i % 8 * 0.005, 11.547 + i % 9 * 0.005),
            0.02 + i % 30 * 0.01,
        )
        for i in range(count)
    ]
    return Workload(trip(Place(48.137, 11.575), Place(48.173, 11.547)), bids)


def chain(count: int) -> Workload:
    """Relays over one midpoint with prices drawn by lot, and a third that leads nowhere."""
    lots = random.Random(7)
    origin, middle, destination = (
        Place(48.10, 11.50), Place(48.14, 11.55), Place(48.18, 11.60)
    )  # fmt: skip
    ways = [(origin, middle), (middle, destination), (Place(47.9, 11.2), Place(47.95, 11.3))]
    bids = [
        bid(i, i % 50, *ways[i % 3], lots.uniform(0.025, 0.3), at=10 * (i % 3))
        for i in range(count)
    ]
    return Workload(trip(origin, destination), bids)


def city(count: int) -> Workload:
    """Legs of 3 to 9 km anywhere in 40 by 40 km; the way is 16 km."""
    lots = random.Random(11)
    bids = []
    for i in range(count):
        pickup = Place(48.0 + lots.uniform(0, 0.36), 11.3 + lots.uniform(0, 0.54))
        length, north = lots.uniform(0.027, 0.081), lots.uniform(-1, 1)
        east = (1 - north * north) ** 0.5 * lots.choice((-1, 1)) / 0.667
        dropoff = Place(pickup.latitude + length * north, pickup.longitude + length * east)
        going_north = round((pickup.latitude - 48) * 1_000_000)
        bids.append(bid(i, i % 500, pickup, dropoff, lots.uniform(0.02, 0.3), at=going_north))
    return Workload(trip(Place(48.11, 11.46), Place(48.25, 11.50), legs=4), bids)


def hub(count: int) -> Workload:
    """Three true hops between hubs of 300 m and 24 agents, so that every path meets conflicts."""
    lots = random.Random(13)
    hubs = [Place(48.10 + i * 0.04, 11.50 + i * 0.05) for i in range(4)]

    def near(place: Place) -> Place:
        return Place(place.latitude + lots.gauss(0, 0.001), place.longitude + lots.gauss(0, 0.001))

    bids = [
        bid(
            i,
            i % 24,
            near(hubs[i % 3]),
            near(hubs[i % 3 + 1]),
            lots.uniform(0.03, 0.3),
            at=10 * (i % 3),
        )
        for i in range(count)
    ]
    return Workload(trip(hubs[0], hubs[3], radius_m=600), bids)


WORKLOADS: dict[str, Callable[[int], Workload]] = {
    "sparse": sparse,
    "chain": chain,
    "city": city,
    "hub": hub,
}


def print_matching() -> None:
    """Medians of some rounds. A book is opened once and kept while bids come in."""
    print(f"\n| {' | '.join(HEADINGS)} |\n|---|" + "--:|" * (len(HEADINGS) - 1), flush=True)
    for name, make in WORKLOADS.items():
        for size in SIZES:
            print(f"| {' | '.join([name, f'{size:,}', *measured(make(size))])} |", flush=True)


def measured(workload: Workload) -> list[str]:
    opened, matched = [], []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        book = open_book(workload.bids, workload.trip)
        middle = time.perf_counter()
        found = find_chain(workload.trip, book)
        opened.append(middle - start)
        matched.append(time.perf_counter() - middle)
    times = [f"{statistics.median(each) * 1_000:.2f}" for each in (opened, matched)]
    if found is None:
        return [*times, "none", "", ""]
    proven = "yes" if found.is_proven else "no"
    return [*times, str(len(found.bids)), f"{found.cost / SOL:.6f}", proven]
