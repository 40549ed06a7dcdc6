"""The program in C and the rules in Python, against each other: any commands in any order."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from swarmhaul.settlement import (
    BUDGET_MAX,
    LEG_SECONDS_MAX,
    NOBODY,
    Accept,
    Arrive,
    Award,
    Close,
    Command,
    Confirm,
    Deposit,
    Dispute,
    Expire,
    Job,
    JobKey,
    JobStatus,
    Key,
    LegState,
    Offer,
    Open,
    Refused,
    Release,
    Replace,
    Resolve,
    Withdraw,
    way_out,
)
from swarmhaul.settlement.tests.cast import (
    ALICE,
    ARBITER,
    BOB,
    CAROL,
    COORDINATOR,
    HOUR,
    JOB,
    KEYS,
    SHIPPER,
    STRANGER,
    TREASURY,
)
from tests.settlement.houses import MEMORY, House, house

DAY = 86_400
OTHER_JOB = JobKey(SHIPPER, b"another parcel..")
WAITS = (0, 0, 0, 0, 1, HOUR, HOUR + 1, 2 * HOUR, 2 * DAY, 2 * DAY + 1, 14 * DAY + 1, 31 * DAY)
COURIERS = (ALICE, BOB, CAROL)
WHOEVER = st.sampled_from([key for key in KEYS.values() if key != TREASURY])
PAYS = st.sampled_from([0, 1, 2, 999, 1_000_000, 1_000_001, 3_000_000, BUDGET_MAX, 2**64 - 1])
SECONDS = st.sampled_from([-1, 0, 1, HOUR, 7 * DAY, 7 * DAY + 1, LEG_SECONDS_MAX, 31 * DAY])
SHARES = st.sampled_from([0, 1, 3_333, 5_000, 9_999, 10_000, 10_001, 65_535])
Given = tuple[Command, Key]


@st.composite
def likely(draw: st.DrawFn, job: Job | None, now: int) -> Given:
    """A command that the job may be waiting for."""
    if job is None:
        budget = draw(st.sampled_from([1, 3_000_000, 10_000_001]))
        return Open(
            job=JOB, budget=budget, award_by=now + HOUR, coordinator=COORDINATOR, arbiter=ARBITER
        ), SHIPPER
    if job.status is JobStatus.OPEN:
        couriers = draw(st.lists(st.sampled_from(COURIERS), min_size=1, max_size=4))
        pay = draw(st.sampled_from([1, job.budget // len(couriers)]))
        legs = tuple(Offer(courier, max(1, pay), HOUR) for courier in couriers)
        return Award(job=JOB, accept_by=now + HOUR, legs=legs), COORDINATOR
    if job.status is JobStatus.DONE:
        return Close(job=JOB), STRANGER
    return draw(st.sampled_from(list(steps(job))))


def steps(job: Job) -> list[Given]:
    """What those whom it concerns may do while the load is on its way."""
    number, leg = job.done, job.current
    following = job.legs[number + 1].courier if number + 1 < len(job.legs) else SHIPPER
    offered = [
        (Accept(job=JOB, leg=i), each.courier)
        for i, each in enumerate(job.legs)
        if each.state is LegState.OFFERED
    ]
    way = way_out(job).command
    return [
        *offered,
        *offered,
        (Replace(job=JOB, leg=number, courier=CAROL, pay=leg.pay), COORDINATOR),
        (Arrive(job=JOB, leg=number), leg.courier),
        (Arrive(job=JOB, leg=number), leg.courier),
        (Confirm(job=JOB, leg=number, courier=leg.courier), following),
        (Confirm(job=JOB, leg=number, courier=leg.courier), following),
        (Dispute(job=JOB, leg=number, reason=bytes(32)), following),
        (Resolve(job=JOB, leg=number, courier=leg.courier, share=3_333, breach=False), ARBITER),
        (Resolve(job=JOB, leg=number, courier=leg.courier, share=9_999, breach=True), ARBITER),
        (way, STRANGER),
    ]


@st.composite
def odd(draw: st.DrawFn, now: int) -> Given:
    """Any command with any fields, from anybody."""
    leg, courier = st.integers(0, 5), st.sampled_from([*COURIERS, SHIPPER, ARBITER, NOBODY])
    job = st.sampled_from([JOB, JOB, JOB, OTHER_JOB])
    moment = SECONDS.map(lambda seconds: now + seconds)
    offer = st.builds(Offer, courier, PAYS, SECONDS)
    parties = st.sampled_from([COORDINATOR, SHIPPER, ARBITER])
    kinds: list[Callable[[], st.SearchStrategy[Command]]] = [
        lambda: st.builds(
            Open, job=job, budget=PAYS, award_by=moment, coordinator=parties, arbiter=parties
        ),
        lambda: st.builds(
            Award, job=job, accept_by=moment, legs=st.lists(offer, max_size=8).map(tuple)
        ),
        lambda: st.builds(Accept, job=job, leg=leg),
        lambda: st.builds(Replace, job=job, leg=leg, courier=courier, pay=PAYS),
        lambda: st.builds(Arrive, job=job, leg=leg),
        lambda: st.builds(Confirm, job=job, leg=leg, courier=courier),
        lambda: st.builds(Release, job=job, leg=leg, courier=courier),
        lambda: st.builds(Dispute, job=job, leg=leg, reason=st.just(bytes(32))),
        lambda: st.builds(
            Resolve, job=job, leg=leg, courier=courier, share=SHARES, breach=st.booleans()
        ),
        lambda: st.builds(Expire, job=job, courier=courier),
        lambda: st.builds(Close, job=job),
        lambda: st.builds(Withdraw, amount=PAYS),
        lambda: st.builds(Deposit, wallet=courier, amount=PAYS),
    ]
    return draw(draw(st.sampled_from(kinds))()), draw(WHOEVER)


def answer(here: House, command: Command, signer: Key) -> object:
    try:
        return here.do(command, signer).moves
    except Refused as refused:
        return refused.code


def standing(here: House) -> tuple[object, ...]:
    counters = [here.rail.read_counters(courier) for courier in COURIERS]
    return here.balances(), here.rail.list_jobs(), counters


def play(data: st.DataObject, ledger: House, svm: House, *, steps_max: int) -> None:
    money = ledger.money()
    for _ in range(data.draw(st.integers(1, steps_max))):
        ledger.watch.now += data.draw(st.sampled_from(WAITS))
        svm.watch.now = ledger.watch.now
        job = ledger.rail.read_job(JOB)
        is_likely = data.draw(st.integers(0, 3)) > 0
        drawn = likely(job, ledger.watch.now) if is_likely else odd(ledger.watch.now)
        command, signer = data.draw(drawn)
        told = answer(ledger, command, signer)
        assert answer(svm, command, signer) == told, command
        assert standing(svm) == standing(ledger), command
        if isinstance(told, tuple) and isinstance(command, Deposit | Withdraw):
            money += sum(move.amount for move in told)
        assert ledger.money() == money
    bring_home(ledger, svm)
    assert svm.money() == money


def bring_home(ledger: House, svm: House) -> None:
    """From wherever it went, a stranger ends it all on both rails, by waiting."""
    while jobs := ledger.rail.list_jobs():
        way = way_out(jobs[0])
        now = max(ledger.watch.now, way.after + 1)
        ledger.watch.now = svm.watch.now = now
        assert ledger.do(way.command, STRANGER).moves == svm.do(way.command, STRANGER).moves
    assert svm.rail.list_jobs() == []
    assert svm.balances() == ledger.balances()


def compare(data: st.DataObject, *, steps_max: int) -> None:
    with tempfile.TemporaryDirectory(dir=MEMORY) as folder, ExitStack() as stack:
        ledger = stack.enter_context(house("ledger", Path(folder)))
        svm = stack.enter_context(house("svm", Path(folder)))
        ledger.fund_everybody()
        svm.fund_everybody()
        play(data, ledger, svm, steps_max=steps_max)


QUICK = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow], database=None
)


@QUICK
@given(st.data())
def test_both_rails_say_and_hold_the_same_and_all_money_comes_home(data: st.DataObject) -> None:
    compare(data, steps_max=25)


@pytest.mark.long
@settings(QUICK, max_examples=3_000)
@given(st.data())
def test_both_rails_say_and_hold_the_same_through_thousands_of_lives(data: st.DataObject) -> None:
    compare(data, steps_max=60)
