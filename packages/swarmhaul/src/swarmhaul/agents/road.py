"""Where a courier is, and which of its rides it can make one after the other. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from swarmhaul.agents.offers import HOUR, STREETS
from swarmhaul.matching import Place


@dataclass(frozen=True, slots=True)
class Pace:
    """How quick a courier is; `speed` is how many times as quick as a clock everything goes."""

    kmh: float
    speed: float = 1.0

    def seconds(self, start: Place, end: Place) -> float:
        return start.metres_to(end) * STREETS / 1_000 / self.kmh * HOUR / self.speed


@dataclass(slots=True)
class Road:
    """A courier stands at `start`, or has been on its way from there to `end` since `since`."""

    pace: Pace
    start: Place
    end: Place
    since: float = 0.0

    def at(self, now: float) -> Place:
        """On a straight line from the one to the other."""
        whole = self.pace.seconds(self.start, self.end)
        gone = now - self.since
        if whole <= 0 or gone >= whole:
            return self.end
        share = max(0.0, gone / whole)
        return Place(
            self.start.latitude + (self.end.latitude - self.start.latitude) * share,
            self.start.longitude + (self.end.longitude - self.start.longitude) * share,
        )

    def head_for(self, place: Place, now: float) -> float:
        """Go there, or go on going there; answers when it is reached."""
        if place != self.end:
            self.start, self.end, self.since = self.at(now), place, now
        return self.since + self.pace.seconds(self.start, self.end)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ride:
    """A part of a way that was promised, or may be."""

    pickup: Place
    dropoff: Place
    ready_at: float
    arrives_by: float


def can_make(pace: Pace, rides: Iterable[Ride], *, at: Place, now: float) -> bool:
    """Whether one courier with one load at a time makes all of them in time, in the order in which
    they are ready.
    """
    for ride in sorted(rides, key=lambda ride: (ride.ready_at, ride.arrives_by)):
        now = max(now + pace.seconds(at, ride.pickup), ride.ready_at)
        now += pace.seconds(ride.pickup, ride.dropoff)
        if now > ride.arrives_by:
            return False
        at = ride.dropoff
    return True
