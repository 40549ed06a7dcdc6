"""Random jobs with bids that meet at hubs, so that relays, conflicts and near misses are common."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

from swarmhaul.matching.bids import Bid, Trip
from swarmhaul.matching.places import Place

CORNERS = (
    (48.1, 11.5),
    (0.0, 0.0),
    (-33.9, 151.2),
    (64.1, -21.9),
    (-17.7, 179.98),
    (0.01, -179.99),
)


@dataclass
class Draw:
    trip: Trip
    bids: list[Bid]


def draw(seed: int) -> Draw:
    lots = random.Random(seed)
    latitude, longitude = lots.choice(CORNERS)
    hubs = [
        (latitude + lots.random() * 0.06, longitude + lots.random() * 0.08)
        for _ in range(lots.choice([2, 3, 3, 4, 5]))
    ]
    radius = lots.choice([150.0, 400.0, 1_500.0])

    def somewhere(hub: tuple[float, float] | None = None) -> Place:
        up, along = hub or lots.choice(hubs)
        spread = radius / 300_000
        return Place(up + lots.gauss(0, spread), (along + lots.gauss(0, spread) + 540) % 360 - 180)

    trip = Trip(
        origin=somewhere(hubs[0]),
        destination=somewhere(hubs[-1]),
        budget=lots.choice([120, 300, 2_000, 2_000]),
        ready_at=lots.choice([0, 1_000]),
        deliver_by=lots.choice([8_000, 20_000]),
        leg_count_max=lots.choice([1, 2, 3, 4, 5]),
        radius_m=radius,
        dwell_seconds=lots.choice([0, 120]),
    )
    operators = lots.choice([1, 2, 3, 6, 30])
    bids = [draw_bid(lots, number, operators, somewhere) for number in range(lots.randrange(36))]
    return Draw(trip, bids)


def draw_bid(
    lots: random.Random, number: int, operators: int, somewhere: Callable[[], Place]
) -> Bid:
    pickup_until = lots.randrange(0, 9_000)
    return Bid(
        id=f"b{number:03}",
        operator=f"o{lots.randrange(operators)}",
        pickup=somewhere(),
        dropoff=somewhere(),
        # Few prices, so that there are ties.
        cost=lots.choice([10, 20, 30, 100, lots.randrange(1, 200)]),
        pickup_until=pickup_until,
        arrives_by=pickup_until + lots.randrange(1, 1_200),
        score=lots.randrange(0, 10_001),
    )
