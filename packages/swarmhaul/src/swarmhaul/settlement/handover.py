"""What a command does to a job while the load is on its way, and how a job ends."""

from __future__ import annotations

from dataclasses import replace

from basis.escrow import (
    Arrive,
    Close,
    Confirm,
    Dispute,
    Expire,
    Key,
    Release,
    Resolve,
)
from swarmhaul.settlement.outcome import (
    Count,
    Deed,
    Outcome,
    find_courier,
    find_current,
    settled,
)
from swarmhaul.settlement.refusals import (
    DisputeTooLate,
    ExpireTooEarly,
    JobDone,
    JobNotDone,
    LegArrived,
    LegDisputed,
    LegNotAccepted,
    LegNotArrived,
    LegNotDisputed,
    MissingNextLeg,
    NoSuchJob,
    NotArbiter,
    NotCourier,
    RulingNotOver,
    ShareInvalid,
    SilenceNotOver,
    WrongCourier,
    WrongRecipient,
)
from swarmhaul.settlement.states import (
    BASIS_POINTS,
    RULING_SECONDS,
    SILENCE_SECONDS,
    Job,
    JobStatus,
    Leg,
    LegState,
    Move,
)


def arrive(job: Job | None, command: Arrive, signer: Key, now: int) -> Outcome:
    job, leg = find_current(job, command.leg)
    if signer != leg.courier:
        raise NotCourier
    if leg.state is LegState.OFFERED:
        raise LegNotAccepted
    if leg.state is not LegState.ACCEPTED:
        raise LegArrived
    arrived = replace(leg, state=LegState.ARRIVED, since=now)
    return Outcome(key=job.key, job=with_leg(job, command.leg, arrived))


def confirm(job: Job | None, command: Confirm, signer: Key, now: int) -> Outcome:
    job, leg = find_courier(job, command.leg, command.courier)
    check_arrived(leg)
    following = next_leg(job)
    if following is not None and following.state is LegState.OFFERED:
        raise MissingNextLeg
    if signer != (following.courier if following else job.key.shipper):
        raise WrongRecipient
    return settle(job, leg.pay, now, Deed.COMPLETED)


def release(job: Job | None, command: Release, _signer: Key, now: int) -> Outcome:
    job, leg = find_courier(job, command.leg, command.courier)
    if leg.state is LegState.DISPUTED:
        if now <= leg.since + RULING_SECONDS:
            raise RulingNotOver
        # Nobody gains by an arbiter who is gone: each side bears half, and nothing is counted.
        return settle(job, leg.pay // 2, now, None)
    check_arrived(leg)
    if now <= leg.since + SILENCE_SECONDS:
        raise SilenceNotOver
    return settle(job, leg.pay, now, Deed.COMPLETED)


def dispute(job: Job | None, command: Dispute, signer: Key, now: int) -> Outcome:
    job, leg = find_current(job, command.leg)
    check_arrived(leg)
    following = next_leg(job)
    # While nobody has accepted the next leg, only the shipper can say that nothing came.
    is_taken = following is not None and following.state is not LegState.OFFERED
    if signer != (following.courier if following and is_taken else job.key.shipper):
        raise WrongRecipient
    if now > leg.since + SILENCE_SECONDS:
        raise DisputeTooLate
    disputed = replace(leg, state=LegState.DISPUTED, since=now)
    return Outcome(key=job.key, job=with_leg(job, command.leg, disputed))


def resolve(job: Job | None, command: Resolve, signer: Key, now: int) -> Outcome:
    job, leg = find_courier(job, command.leg, command.courier)
    if signer != job.arbiter:
        raise NotArbiter
    if leg.state is not LegState.DISPUTED:
        raise LegNotDisputed
    if command.share > BASIS_POINTS:
        raise ShareInvalid
    pay = leg.pay * command.share // BASIS_POINTS
    if not command.breach:
        return settle(job, pay, now, Deed.COMPLETED)
    return settled(
        None,
        Move(leg.courier, pay),
        Move(job.key.shipper, job.escrow - pay),
        key=job.key,
        counts=(Count(leg.courier, Deed.BREACHED),),
    )


def expire(job: Job | None, command: Expire, signer: Key, now: int) -> Outcome:
    if job is None:
        raise NoSuchJob
    if job.status is JobStatus.DONE:
        raise JobDone
    if job.status is JobStatus.OPEN:
        if now <= job.award_by and signer != job.key.shipper:
            raise ExpireTooEarly
        return refund(job)
    leg = job.current
    if command.courier != leg.courier:
        raise WrongCourier
    if leg.state is LegState.ARRIVED:
        raise LegArrived
    if leg.state is LegState.DISPUTED:
        raise LegDisputed
    if now <= leg.due:
        raise ExpireTooEarly
    # Only who has the load, or should have it, broke its word.
    if leg.state is LegState.ACCEPTED:
        return refund(job, Count(leg.courier, Deed.BREACHED))
    return refund(job)


def close(job: Job | None, _command: Close, _signer: Key, _now: int) -> Outcome:
    if job is None:
        raise NoSuchJob
    if job.status is not JobStatus.DONE:
        raise JobNotDone
    return refund(job)


def check_arrived(leg: Leg) -> None:
    if leg.state is LegState.DISPUTED:
        raise LegDisputed
    if leg.state is not LegState.ARRIVED:
        raise LegNotArrived


def settle(job: Job, pay: int, now: int, deed: Deed | None) -> Outcome:
    """The current leg is over, its courier gets `pay`, and the clock of the next one starts."""
    leg = job.current
    legs = list(job.legs)
    legs[job.done] = replace(leg, state=LegState.SETTLED)
    done = job.done + 1
    if done < len(legs):
        legs[done] = replace(legs[done], due=now + legs[done].duration)
    status = JobStatus.AWARDED if done < len(legs) else JobStatus.DONE
    paid = replace(job, paid=job.paid + pay, done=done, legs=tuple(legs), status=status)
    counts = (Count(leg.courier, deed),) if deed else ()
    return settled(paid, Move(leg.courier, pay), key=job.key, counts=counts)


def refund(job: Job, *counts: Count) -> Outcome:
    return settled(None, Move(job.key.shipper, job.escrow), key=job.key, counts=counts)


def next_leg(job: Job) -> Leg | None:
    return job.legs[job.done + 1] if job.done + 1 < len(job.legs) else None


def with_leg(job: Job, number: int, leg: Leg) -> Job:
    return replace(job, legs=(*job.legs[:number], leg, *job.legs[number + 1 :]))
