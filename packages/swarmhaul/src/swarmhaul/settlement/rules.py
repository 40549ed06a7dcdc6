"""What a command does to a job: pure functions, from opening a job to the last acceptance.

The program on chain says the same in C. Whatever is refused there is refused here for the same
reason, so the order of the checks is part of the rule.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from basis.escrow import (
    LEG_COUNT_MAX,
    Accept,
    Arrive,
    Award,
    Close,
    Confirm,
    Dispute,
    Expire,
    JobCommand,
    Key,
    Offer,
    Open,
    Release,
    Replace,
    Resolve,
)
from swarmhaul.settlement import handover
from swarmhaul.settlement.outcome import Count, Deed, Outcome, find_leg
from swarmhaul.settlement.refusals import (
    ArbiterNotIndependent,
    AwardTooLate,
    BudgetExceeded,
    BudgetInvalid,
    DeadlineInvalid,
    JobExists,
    JobNotOpen,
    LegCountInvalid,
    LegNotOffered,
    LegTooLate,
    NoSuchJob,
    NotCoordinator,
    NotCourier,
    NotSigned,
    PayInvalid,
    ReplaceTooEarly,
    SelfDealing,
)
from swarmhaul.settlement.states import (
    ACCEPT_SECONDS_MAX,
    BUDGET_MAX,
    LEG_SECONDS_MAX,
    OPEN_SECONDS_MAX,
    Job,
    JobStatus,
    Leg,
    LegState,
    Move,
)

SUM_MAX = (1 << 64) - 1


def apply(job: Job | None, command: JobCommand, *, signer: Key, now: int) -> Outcome:
    """What the command makes of the job, or of there being none. Raises a Refused."""
    return RULES[type(command)](job, command, signer, now)


def open_job(job: Job | None, command: Open, signer: Key, now: int) -> Outcome:
    if signer != command.job.shipper:
        raise NotSigned
    if job is not None:
        raise JobExists
    if not 1 <= command.budget <= BUDGET_MAX:
        raise BudgetInvalid
    check_deadline(command.award_by - now, OPEN_SECONDS_MAX)
    if command.arbiter in (command.job.shipper, command.coordinator):
        raise ArbiterNotIndependent
    opened = Job(
        key=command.job,
        coordinator=command.coordinator,
        arbiter=command.arbiter,
        budget=command.budget,
        award_by=command.award_by,
    )
    locked = Move(signer, -command.budget)
    return Outcome(key=command.job, job=opened, moves=(locked,), holds=signer)


def award(job: Job | None, command: Award, signer: Key, now: int) -> Outcome:
    job = coordinated(job, signer)
    if job.status is not JobStatus.OPEN:
        raise JobNotOpen
    if now > job.award_by:
        raise AwardTooLate
    if not 1 <= len(command.legs) <= LEG_COUNT_MAX:
        raise LegCountInvalid
    check_deadline(command.accept_by - now, ACCEPT_SECONDS_MAX)
    check_offers(job, command.legs)
    first, *rest = [
        Leg(courier=offer.courier, pay=offer.pay, duration=offer.duration) for offer in command.legs
    ]
    first = replace(first, due=command.accept_by + first.duration)
    given = replace(job, accept_by=command.accept_by, status=JobStatus.AWARDED, legs=(first, *rest))
    return Outcome(key=job.key, job=given)


def check_offers(job: Job, offers: tuple[Offer, ...]) -> None:
    total, before = 0, None
    for offer in offers:
        total += offer.pay
        if not offer.pay or total > SUM_MAX:
            raise PayInvalid
        check_deadline(offer.duration, LEG_SECONDS_MAX)
        check_courier(job, offer.courier, before)
        before = offer.courier
    if total > job.budget:
        raise BudgetExceeded


def accept(job: Job | None, command: Accept, signer: Key, now: int) -> Outcome:
    job, leg = find_leg(job, command.leg)
    if signer != leg.courier:
        raise NotCourier
    if leg.state is not LegState.OFFERED:
        raise LegNotOffered
    is_current = command.leg == job.done
    if is_current and now > leg.due:
        raise LegTooLate
    taken = replace(leg, state=LegState.ACCEPTED, due=now + leg.duration if is_current else leg.due)
    return Outcome(
        key=job.key,
        job=handover.with_leg(job, command.leg, taken),
        counts=(Count(signer, Deed.ACCEPTED),),
        holds=signer,
    )


def replace_courier(job: Job | None, command: Replace, signer: Key, now: int) -> Outcome:
    job = coordinated(job, signer)
    job, leg = find_leg(job, command.leg)
    if leg.state is not LegState.OFFERED:
        raise LegNotOffered
    if now <= job.accept_by:
        raise ReplaceTooEarly
    # The due of the leg stays: no row of replacements keeps the shipper from its money.
    if command.leg == job.done and now > leg.due:
        raise LegTooLate
    total = sum(each.pay for each in job.legs) - leg.pay + command.pay
    if not command.pay or total > SUM_MAX:
        raise PayInvalid
    neighbours = job.legs[max(0, command.leg - 1) : command.leg + 2]
    check_courier(job, command.courier, *(each.courier for each in neighbours if each is not leg))
    if total > job.budget:
        raise BudgetExceeded
    offered = replace(leg, courier=command.courier, pay=command.pay)
    return Outcome(key=job.key, job=handover.with_leg(job, command.leg, offered))


def coordinated(job: Job | None, signer: Key) -> Job:
    if job is None:
        raise NoSuchJob
    if signer != job.coordinator:
        raise NotCoordinator
    return job


def check_courier(job: Job, courier: Key, *neighbours: Key | None) -> None:
    if courier in (job.key.shipper, job.coordinator, job.arbiter, *neighbours):
        raise SelfDealing


def check_deadline(seconds: int, seconds_max: int) -> None:
    if not 1 <= seconds <= seconds_max:
        raise DeadlineInvalid


RULES: dict[type[JobCommand], Callable[[Job | None, Any, Key, int], Outcome]] = {
    Open: open_job,
    Award: award,
    Accept: accept,
    Replace: replace_courier,
    Arrive: handover.arrive,
    Confirm: handover.confirm,
    Release: handover.release,
    Dispute: handover.dispute,
    Resolve: handover.resolve,
    Expire: handover.expire,
    Close: handover.close,
}
