"""What a rail knows of a job, and when nobody needs to be waited for any longer."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from basis.escrow import Close, Expire, JobKey, Key, Release

DAY = 86_400
OPEN_SECONDS_MAX = 30 * DAY
ACCEPT_SECONDS_MAX = 7 * DAY
LEG_SECONDS_MAX = 30 * DAY
SILENCE_SECONDS = 2 * DAY
"""Who receives has this long to confirm or to dispute; then anybody may release the pay."""
RULING_SECONDS = 14 * DAY
"""The arbiter has this long to rule; then anybody may have the pay of the leg halved."""
BUDGET_MAX = (1 << 63) - 1
BASIS_POINTS = 10_000


class JobStatus(IntEnum):
    OPEN = 1
    AWARDED = 2
    DONE = 3


class LegState(IntEnum):
    OFFERED = 0
    ACCEPTED = 1
    ARRIVED = 2
    DISPUTED = 3
    SETTLED = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """`due` is when the current leg must have arrived; 0 before it has its turn. `since` is when
    it arrived, or when the arrival was disputed.
    """

    courier: Key
    pay: int
    duration: int
    due: int = 0
    since: int = 0
    state: LegState = LegState.OFFERED


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Money in escrow: the budget less what was paid. `done` legs are settled, in order."""

    key: JobKey
    coordinator: Key
    arbiter: Key
    budget: int
    paid: int = 0
    award_by: int
    accept_by: int = 0
    status: JobStatus = JobStatus.OPEN
    done: int = 0
    legs: tuple[Leg, ...] = ()

    @property
    def escrow(self) -> int:
        return self.budget - self.paid

    @property
    def current(self) -> Leg:
        """The leg whose turn it is."""
        return self.legs[self.done]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counters:
    """What couriers did on one rail. A fact of the rail, and not yet an opinion about them."""

    accepted: int = 0
    completed: int = 0
    breached: int = 0


@dataclass(frozen=True, slots=True)
class Move:
    """What a wallet gained or, below zero, gave."""

    wallet: Key
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WayOut:
    """A command that anybody at all may give once `after` is over, and that brings the job nearer
    to its end.
    """

    command: Release | Expire | Close
    after: int


def way_out(job: Job) -> WayOut:
    """What a stranger can do about this job and when: money in escrow waits with a date on it."""
    if job.status is JobStatus.OPEN:
        return WayOut(command=Expire(job=job.key), after=job.award_by)
    if job.status is JobStatus.DONE:
        return WayOut(command=Close(job=job.key), after=0)
    leg = job.current
    release = Release(job=job.key, leg=job.done, courier=leg.courier)
    if leg.state is LegState.ARRIVED:
        return WayOut(command=release, after=leg.since + SILENCE_SECONDS)
    if leg.state is LegState.DISPUTED:
        return WayOut(command=release, after=leg.since + RULING_SECONDS)
    return WayOut(command=Expire(job=job.key, courier=leg.courier), after=leg.due)
