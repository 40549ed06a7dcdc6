"""What an agent offers for a job: the rule that always works. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from swarmhaul.agents.parts import Part, parts_of
from swarmhaul.agents.profiles import BASIS_POINTS, Profile
from swarmhaul.matching import Place

OFFERS_MAX = 8
"""So many live bids of one agent a job takes."""
STREETS = 1.3
"""Streets are longer than the straight line; a round figure, rather too much than too little."""
HOUR = 3_600


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """What an agent knows of a job when it makes up its mind. Seconds since 1970, lamports."""

    id: str
    origin: Place
    destination: Place
    grams: int
    millilitres: int
    ready_at: int
    deliver_by: int
    budget: int
    dwell_seconds: int = 120
    description: str = ""
    """Written by a stranger: it is shown and read, never obeyed."""

    def due_at(self, share: float) -> int:
        """When the load is to be so far along: the time is shared out as the way is."""
        return self.ready_at + math.floor((self.deliver_by - self.ready_at) * share)


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """`cost` is asked for; below `floor` the ride costs more than it brings."""

    part: Part
    floor: int
    cost: int
    pickup_until: int
    arrives_by: int


def propose(
    profile: Profile, errand: Errand, *, now: int, at: Place, hubs: Sequence[Place] = ()
) -> list[Offer]:
    """The parts that this agent can carry in time and for the money, the cheapest for its share of
    the way first; nothing where the load is too much for it.
    """
    if not profile.can_carry(errand.grams, errand.millilitres):
        return []
    found = [
        offer
        for part in parts_of(errand.origin, errand.destination, hubs)
        if (offer := offer_for(profile, errand, part, now=now, at=at)) is not None
    ]
    return sorted(found, key=lambda offer: offer.cost / offer.part.share)[:OFFERS_MAX]


def offer_for(profile: Profile, errand: Errand, part: Part, *, now: int, at: Place) -> Offer | None:
    """None where the part is out of reach, too late or too dear."""
    pickup, dropoff = part.pickup, part.dropoff
    if not (profile.reaches(pickup.place) and profile.reaches(dropoff.place)):
        return None
    handed_over = errand.due_at(pickup.share) + errand.dwell_seconds
    approach, ride = at.metres_to(pickup.place) * STREETS, part.metres * STREETS
    arrives_by = errand.due_at(dropoff.share)
    is_there = now + seconds_for(profile, approach) <= handed_over
    if not is_there or handed_over + seconds_for(profile, ride) > arrives_by:
        return None
    floor = cost_of(profile, approach + ride, waits=errand.dwell_seconds * 2)
    cost = max(profile.minimum, floor + -(-floor * profile.margin // BASIS_POINTS))
    if cost > errand.budget:
        return None
    return Offer(
        part=part,
        floor=floor,
        cost=cost,
        pickup_until=min(handed_over + profile.patience_seconds, arrives_by - 1),
        arrives_by=arrives_by,
    )


def seconds_for(profile: Profile, metres: float) -> int:
    return math.ceil(metres / 1_000 / profile.vehicle.kmh * HOUR)


def cost_of(profile: Profile, metres: float, *, waits: int) -> int:
    """Lamports, rounded up once; never nothing, since a bid costs something."""
    hours = (seconds_for(profile, metres) + waits) / HOUR
    vehicle = profile.vehicle
    return max(1, math.ceil(metres / 1_000 * vehicle.per_km + hours * vehicle.per_hour))
