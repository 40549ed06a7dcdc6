"""What comes of a command: the job as it is then, money that moves, and what is counted."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from basis.escrow import JobKey, Key
from swarmhaul.settlement.refusals import (
    JobNotAwarded,
    LegOutOfOrder,
    NoSuchJob,
    NoSuchLeg,
    WrongCourier,
)
from swarmhaul.settlement.states import Job, JobStatus, Leg, Move


class Deed(StrEnum):
    ACCEPTED = "accepted"
    COMPLETED = "completed"
    BREACHED = "breached"


@dataclass(frozen=True, slots=True)
class Count:
    courier: Key
    deed: Deed


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """`job` is None when it ended. What moves in and out of wallets moves out of and into the
    escrow of the job.
    """

    key: JobKey
    job: Job | None
    moves: tuple[Move, ...] = ()
    counts: tuple[Count, ...] = ()
    holds: Key | None = None
    """Whose wallet must hold the smallest balance for this."""


def settled(job: Job | None, *moves: Move, key: JobKey, counts: tuple[Count, ...] = ()) -> Outcome:
    """An outcome without moves of nothing."""
    return Outcome(
        key=key, job=job, moves=tuple(move for move in moves if move.amount), counts=counts
    )


def awarded(job: Job | None) -> Job:
    if job is None:
        raise NoSuchJob
    if job.status is not JobStatus.AWARDED:
        raise JobNotAwarded
    return job


def find_leg(job: Job | None, number: int) -> tuple[Job, Leg]:
    job = awarded(job)
    if number >= len(job.legs):
        raise NoSuchLeg
    return job, job.legs[number]


def find_current(job: Job | None, number: int) -> tuple[Job, Leg]:
    job, leg = find_leg(job, number)
    if number != job.done:
        raise LegOutOfOrder
    return job, leg


def find_courier(job: Job | None, number: int, courier: Key) -> tuple[Job, Leg]:
    job, leg = find_current(job, number)
    if courier != leg.courier:
        raise WrongCourier
    return job, leg
