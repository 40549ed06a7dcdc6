"""What a courier has to do for a job that it has a part in, as the rail has it. Pure."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from functools import partial

from basis.escrow import Accept, Arrive, Confirm, JobCommand, JobKey, Release
from basis.kit.signing import read_key
from swarmhaul.agents.road import Pace, Ride, can_make
from swarmhaul.client import BidTerms, JobTold, RailJobTold, WorkTerms
from swarmhaul.matching import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Haul:
    """A job with legs of ours. `parts` says what we bid for each; without one we owe nothing."""

    job: JobTold
    terms: WorkTerms
    rail: RailJobTold
    me: str
    parts: dict[int, BidTerms]

    @property
    def key(self) -> JobKey:
        return JobKey(read_key(self.job.shipper), bytes.fromhex(self.terms.id))

    def is_mine(self, number: int) -> bool:
        return number < len(self.rail.legs) and self.rail.legs[number].courier == self.me

    def state(self, number: int) -> str:
        return self.rail.legs[number].state


class Rank(IntEnum):
    """What goes before what: a load in hand is brought, then one that waits is fetched."""

    BRING = 0
    FETCH = 1
    APPROACH = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """Go to the pickup of a part, or with the load to its dropoff, and then give the command."""

    rank: Rank
    number: int
    haul: Haul
    part: BidTerms
    not_before: float = 0.0
    command: JobCommand | None = None

    @property
    def place(self) -> Place:
        """Where to be for it."""
        spot = self.part.dropoff if self.rank is Rank.BRING else self.part.pickup
        return spot.place

    @property
    def rings(self) -> bool:
        """Whether it ends at somebody's door."""
        return self.rank is Rank.BRING and self.number == len(self.haul.rail.legs) - 1

    @property
    def order(self) -> tuple[int, int, str, int]:
        return (self.rank, self.part.pickup_until, self.haul.job.id, self.number)

    @property
    def leg(self) -> tuple[str, int]:
        return self.haul.job.id, self.number


def acceptances(haul: Haul, fits: Callable[[BidTerms], bool]) -> list[Accept]:
    """Legs that were offered to us for no less than we asked for them, and that still fit: an offer
    may come long after the bid, when another has failed.
    """
    return [
        Accept(job=haul.key, leg=number)
        for number, part in haul.parts.items()
        if haul.is_mine(number)
        and haul.state(number) == "offered"
        and haul.rail.legs[number].pay >= part.cost
        and fits(part)
    ]


def release_due(haul: Haul, now: float) -> Release | None:
    """Nobody said anything about our arrival, and the time for that is over."""
    rail, number = haul.rail, haul.rail.done
    is_over = rail.way_out == "Release" and now > rail.way_out_after
    if not (is_over and haul.is_mine(number)):
        return None
    return Release(job=haul.key, leg=number, courier=read_key(haul.me))


def tasks_of(
    haul: Haul, *, loaded: Container[tuple[str, int]], now: float, speed: float
) -> Iterator[Task]:
    """The rides that are ours to make. `loaded` are first legs whose load was picked up: nobody
    signs for that, so nobody but ourselves can know.
    """
    rail = haul.rail
    for number, part in haul.parts.items():
        if not haul.is_mine(number) or haul.state(number) != "accepted":
            continue
        task = partial(Task, haul=haul, part=part, number=number)
        if number == rail.done and (number or (haul.job.id, number) in loaded):
            yield task(rank=Rank.BRING, command=Arrive(job=haul.key, leg=number))
        elif number == rail.done:
            ready = ready_at(haul, speed)
            yield task(rank=Rank.FETCH if ready <= now else Rank.APPROACH, not_before=ready)
        elif number == rail.done + 1 and haul.state(rail.done) == "arrived":
            paid = read_key(rail.legs[rail.done].courier)
            confirm = Confirm(job=haul.key, leg=rail.done, courier=paid)
            yield task(rank=Rank.FETCH, command=confirm)
        else:
            yield task(rank=Rank.APPROACH)


def ready_at(haul: Haul, speed: float) -> float:
    """When the load of the first leg is there, in a time that goes `speed` times as quick since we
    accepted it.
    """
    first = haul.rail.legs[0]
    accepted = first.due - first.duration
    return accepted + max(0, haul.terms.ready_at - accepted) / speed


def fits_beside(
    tasks: Iterable[Task], part: BidTerms, *, pace: Pace, at: Place, now: float, patience: int
) -> bool:
    """Whether it can be ridden in time beside all that was accepted. A load in hand goes first, and
    has no way to its pickup any more.
    """
    rides = [
        Ride(pickup=at, dropoff=task.place, ready_at=0, arrives_by=task.part.arrives_by)
        if task.rank is Rank.BRING
        else ride_of(task.part, patience=patience)
        for task in tasks
    ]
    return can_make(pace, [*rides, ride_of(part, patience=patience)], at=at, now=now)


def rides_of(haul: Haul, *, patience: int) -> Iterator[Ride]:
    """What is still promised."""
    for number, part in haul.parts.items():
        if haul.is_mine(number) and haul.state(number) in {"offered", "accepted"}:
            yield ride_of(part, patience=patience)


def ride_of(part: BidTerms, *, patience: int) -> Ride:
    return Ride(
        pickup=part.pickup.place,
        dropoff=part.dropoff.place,
        ready_at=part.pickup_until - patience,
        arrives_by=part.arrives_by,
    )
