"""No state in which money is stuck: a search through every state that a job can reach."""

from __future__ import annotations

from collections.abc import Iterator

from basis.escrow import (
    Accept,
    Arrive,
    Close,
    Confirm,
    Dispute,
    Expire,
    JobCommand,
    Key,
    Refused,
    Release,
    Replace,
    Resolve,
)
from swarmhaul.settlement.rules import apply
from swarmhaul.settlement.states import DAY, Job, LegState, way_out
from swarmhaul.settlement.tests.cast import (
    ALICE,
    ARBITER,
    BOB,
    CAROL,
    COORDINATOR,
    HOUR,
    JOB,
    NOW,
    PAY,
    SHIPPER,
    STRANGER,
    awarding,
    opening,
)

WAITS = (0, HOUR + 1, 3 * HOUR, 2 * DAY + 1, 14 * DAY + 1)
STEPS_MAX = 9
State = tuple[Job, int]
"""A job, and how long the clock of the search stands behind its deadlines."""


def commands_for(job: Job) -> Iterator[tuple[JobCommand, Key]]:
    """Everything that could be done by those whom it concerns."""
    yield awarding(ALICE, BOB, now=NOW), COORDINATOR
    yield Expire(job=JOB), SHIPPER
    yield Close(job=JOB), STRANGER
    if not job.legs or job.done == len(job.legs):
        return
    leg, courier = job.done, job.current.courier
    yield Expire(job=JOB, courier=courier), STRANGER
    for number, each in enumerate(job.legs):
        yield Accept(job=JOB, leg=number), each.courier
        yield Replace(job=JOB, leg=number, courier=CAROL, pay=PAY), COORDINATOR
    yield Arrive(job=JOB, leg=leg), courier
    for recipient in (SHIPPER, BOB, CAROL):
        yield Confirm(job=JOB, leg=leg, courier=courier), recipient
        yield Dispute(job=JOB, leg=leg, reason=bytes(32)), recipient
    yield Release(job=JOB, leg=leg, courier=courier), STRANGER
    for breach in (False, True):
        yield Resolve(job=JOB, leg=leg, courier=courier, share=3_333, breach=breach), ARBITER


def following(state: State) -> Iterator[State]:
    job, now = state
    for wait in WAITS:
        for command, signer in commands_for(job):
            try:
                outcome = apply(job, command, signer=signer, now=now + wait)
            except Refused:
                continue
            assert sum(move.amount for move in outcome.moves) == job.escrow - (
                outcome.job.escrow if outcome.job else 0
            )
            if outcome.job is not None:
                yield outcome.job, now + wait


def shape(state: State) -> tuple[object, ...]:
    """States that differ only in how late it is, where that changes nothing, are one."""
    job, now = state
    lateness = tuple(sum(now > limit for limit in (leg.due, leg.due + DAY)) for leg in job.legs)
    legs = tuple((leg.courier, leg.pay, leg.state) for leg in job.legs)
    return job.status, job.done, job.paid, legs, lateness, now > job.accept_by, now > job.award_by


def reachable() -> list[State]:
    opened = apply(None, opening(), signer=SHIPPER, now=NOW).job
    assert opened is not None
    found: dict[tuple[object, ...], State] = {}
    waiting: list[State] = [(opened, NOW)]
    while waiting:
        state = waiting.pop()
        if shape(state) not in found:
            found[shape(state)] = state
            waiting.extend(following(state))
    return list(found.values())


def test_from_every_reachable_state_a_stranger_alone_brings_all_money_home() -> None:
    """Without the shipper, any courier, the arbiter or the coordinator, by waiting."""
    states = reachable()
    for start in states:
        state: Job | None
        state, now = start
        brought_home = 0
        for _ in range(STEPS_MAX):
            if state is None:
                break
            way = way_out(state)
            now = max(now, way.after + 1)
            outcome = apply(state, way.command, signer=STRANGER, now=now)
            brought_home += sum(move.amount for move in outcome.moves)
            state = outcome.job
        assert state is None, start
        assert brought_home == start[0].escrow
    print(f"{len(states)} kinds of states, and from each a stranger brings the money home")
    assert len(states) > 100


def test_the_search_sees_every_state_of_a_leg() -> None:
    states = reachable()
    assert {leg.state for job, _ in states for leg in job.legs} == set(LegState)
    assert any(job.done == 2 for job, _ in states)


def test_no_row_of_replacements_puts_the_refund_off() -> None:
    job = apply(None, opening(), signer=SHIPPER, now=NOW).job
    job = apply(job, awarding(ALICE), signer=COORDINATOR, now=NOW).job
    assert job is not None
    due, now = job.current.due, NOW + HOUR + 1
    for courier in (BOB, CAROL, ALICE):
        command = Replace(job=JOB, leg=0, courier=courier, pay=PAY)
        job = apply(job, command, signer=COORDINATOR, now=now).job
        assert job is not None
    assert way_out(job).after == due
