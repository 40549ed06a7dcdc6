"""What every rail keeps. One suite; it runs on each of them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from swarmhaul.settlement import (
    Accept,
    Arrive,
    Award,
    Close,
    Confirm,
    Counters,
    Deposit,
    Expire,
    JobKey,
    Move,
    Offer,
    Release,
    Replace,
    Resolve,
    Withdraw,
    way_out,
)
from swarmhaul.settlement.states import DAY, LegState
from swarmhaul.settlement.tests.cast import (
    ALICE,
    ARBITER,
    BOB,
    CAROL,
    COORDINATOR,
    HOUR,
    JOB,
    KEYS,
    NOW,
    PAY,
    SHIPPER,
    STRANGER,
    TREASURY,
    awarding,
    offers,
    opening,
)
from tests.settlement.houses import FUNDS, LAMPORTS_MIN, House
from tests.settlement.steps import ARRIVE, CONFIRM, DISPUTE, award_to, refusal


def test_a_relay_of_two_is_paid_to_the_unit_and_the_rest_comes_back(here: House) -> None:
    award_to(here, ALICE, BOB)
    here.do(ARRIVE, ALICE)
    assert here.do(CONFIRM, BOB).moves == (Move(ALICE, PAY),)
    here.do(Arrive(job=JOB, leg=1), BOB)
    here.do(Confirm(job=JOB, leg=1, courier=BOB), SHIPPER)
    assert here.do(Close(job=JOB), STRANGER).moves == (Move(SHIPPER, 2 * PAY),)
    assert here.rail.read_job(JOB) is None
    expected = dict.fromkeys(here.balances(), FUNDS) | {
        "shipper": FUNDS - 2 * PAY,
        "alice": FUNDS + PAY,
        "bob": FUNDS + PAY,
    }
    assert here.balances() == expected
    assert here.rail.read_counters(ALICE) == Counters(accepted=1, completed=1)


def test_opening_locks_the_budget_at_once_and_never_more_than_there_is(here: House) -> None:
    assert refusal(here, opening(budget=FUNDS - LAMPORTS_MIN + 1), SHIPPER) == "InsufficientFunds"
    here.do(opening(budget=FUNDS - LAMPORTS_MIN), SHIPPER)
    assert here.balances()["shipper"] == LAMPORTS_MIN
    assert here.do(Expire(job=JOB), SHIPPER).moves == (Move(SHIPPER, FUNDS - LAMPORTS_MIN),)


def test_every_odd_amount_is_refused(here: House) -> None:
    for odd in (-1, 0, 1 << 63, 1 << 64):
        assert refusal(here, opening(budget=odd), SHIPPER) in {"BudgetInvalid", "MalformedCommand"}
        deposit = Deposit(wallet=ALICE, amount=odd)
        assert refusal(here, deposit, TREASURY) in {"AmountInvalid", "MalformedCommand"}
        assert refusal(here, Withdraw(amount=odd), ALICE) in {"AmountInvalid", "MalformedCommand"}


def test_legs_never_cost_more_than_the_budget_however_large_their_sum(here: House) -> None:
    here.do(opening(), SHIPPER)
    for legs, why in (
        (offers(ALICE, BOB, pay=2 * PAY + 1), "BudgetExceeded"),
        ((Offer(ALICE, (1 << 64) - 1, HOUR), Offer(BOB, 2, HOUR)), "PayInvalid"),
        ((Offer(ALICE, 0, HOUR),), "PayInvalid"),
    ):
        assert refusal(here, replace(awarding(), legs=legs), COORDINATOR) == why


def test_the_coordinator_pays_neither_itself_nor_one_courier_twice_in_a_row(here: House) -> None:
    here.do(opening(), SHIPPER)
    for couriers in ((COORDINATOR,), (SHIPPER,), (ARBITER,), (ALICE, ALICE)):
        assert refusal(here, awarding(*couriers), COORDINATOR) == "SelfDealing"
    own = replace(opening(), job=JobKey(SHIPPER, bytes(16)), arbiter=COORDINATOR)
    assert refusal(here, own, SHIPPER) == "ArbiterNotIndependent"


def test_nobody_confirms_their_own_leg_or_another_out_of_order(here: House) -> None:
    award_to(here, ALICE, BOB)
    assert refusal(here, CONFIRM, BOB) == "LegNotArrived"
    assert refusal(here, Arrive(job=JOB, leg=1), BOB) == "LegOutOfOrder"
    here.do(ARRIVE, ALICE)
    for wrong in (ALICE, SHIPPER, COORDINATOR, STRANGER):
        assert refusal(here, CONFIRM, wrong) == "WrongRecipient"
    assert refusal(here, Confirm(job=JOB, leg=1, courier=BOB), SHIPPER) == "LegOutOfOrder"
    assert refusal(here, replace(CONFIRM, courier=BOB), BOB) == "WrongCourier"
    here.do(CONFIRM, BOB)
    assert refusal(here, CONFIRM, BOB) == "LegOutOfOrder"


def test_nobody_is_bound_to_a_leg_that_they_did_not_accept(here: House) -> None:
    """An award alone touches nobody's name, whoever gave it."""
    here.do(opening(), SHIPPER)
    here.do(awarding(ALICE), COORDINATOR)
    assert refusal(here, Accept(job=JOB, leg=0), BOB) == "NotCourier"
    job = here.rail.read_job(JOB)
    assert job is not None
    here.watch.now = job.current.due + 1
    here.do(Expire(job=JOB, courier=ALICE), STRANGER)
    assert here.rail.read_counters(ALICE) == Counters()
    assert here.balances() == dict.fromkeys(here.balances(), FUNDS)


def test_a_late_courier_is_the_only_one_whose_name_suffers(here: House) -> None:
    award_to(here, ALICE, BOB)
    here.do(ARRIVE, ALICE)
    here.do(CONFIRM, BOB)
    here.watch.now += HOUR + 1
    assert here.do(Expire(job=JOB, courier=BOB), STRANGER).moves == (Move(SHIPPER, 3 * PAY),)
    assert here.rail.read_counters(ALICE) == Counters(accepted=1, completed=1)
    assert here.rail.read_counters(BOB) == Counters(accepted=1, breached=1)


def test_who_has_not_received_the_load_is_not_late(here: House) -> None:
    """The clock of a leg starts at its hand-over."""
    award_to(here, ALICE, BOB)
    here.watch.now += HOUR
    here.do(ARRIVE, ALICE)
    here.do(CONFIRM, BOB)
    job = here.rail.read_job(JOB)
    assert job is not None
    assert job.current.due == here.watch.now + HOUR
    assert refusal(here, Expire(job=JOB, courier=BOB), STRANGER) == "ExpireTooEarly"


def test_silence_pays_the_courier_and_a_dispute_stops_that(here: House) -> None:
    award_to(here, ALICE)
    here.do(ARRIVE, ALICE)
    here.watch.now += 2 * DAY + 1
    assert refusal(here, DISPUTE, SHIPPER) == "DisputeTooLate"
    assert here.do(Release(job=JOB, leg=0, courier=ALICE), STRANGER).moves == (Move(ALICE, PAY),)


def test_only_who_takes_the_load_over_says_that_it_came_or_did_not(here: House) -> None:
    """Between two couriers it is the second; the shipper has the last word only."""
    award_to(here, ALICE, BOB)
    assert refusal(here, DISPUTE, BOB) == "LegNotArrived"
    here.do(ARRIVE, ALICE)
    for wrong in (ALICE, SHIPPER, COORDINATOR, ARBITER, CAROL):
        assert refusal(here, DISPUTE, wrong) == "WrongRecipient"
        assert refusal(here, CONFIRM, wrong) == "WrongRecipient"
    here.do(DISPUTE, BOB)
    for said in (CONFIRM, DISPUTE):
        assert refusal(here, said, BOB) == "LegDisputed"
    assert refusal(here, Arrive(job=JOB, leg=1), BOB) == "LegOutOfOrder"
    ruling = Resolve(job=JOB, leg=0, courier=ALICE, share=2_500, breach=False)
    assert here.do(ruling, ARBITER).moves == (Move(ALICE, PAY // 4),)
    # The arbiter says that it came: it goes on, and the last word is the shipper's.
    last, word = Arrive(job=JOB, leg=1), Confirm(job=JOB, leg=1, courier=BOB)
    here.do(last, BOB)
    assert refusal(here, replace(DISPUTE, leg=1), ALICE) == "WrongRecipient"
    assert here.do(word, SHIPPER).moves == (Move(BOB, PAY),)
    here.do(Close(job=JOB), STRANGER)
    assert here.money() == FUNDS * (len(KEYS) - 1)


def test_who_has_not_accepted_the_next_leg_neither_confirms_nor_disputes(here: House) -> None:
    here.do(opening(), SHIPPER)
    here.do(awarding(ALICE, BOB), COORDINATOR)
    here.do(Accept(job=JOB, leg=0), ALICE)
    here.do(ARRIVE, ALICE)
    for wrong in (BOB, SHIPPER):
        assert refusal(here, CONFIRM, wrong) == "MissingNextLeg"
    assert refusal(here, DISPUTE, BOB) == "WrongRecipient"
    # Somebody has to be able to say that nothing came.
    here.do(DISPUTE, SHIPPER)
    job = here.rail.read_job(JOB)
    assert job is not None
    assert job.current.state is LegState.DISPUTED


@pytest.mark.parametrize("share", [0, 1, 3_333, 9_999, 10_000])
@pytest.mark.parametrize("breach", [False, True])
def test_a_ruling_splits_exactly_and_no_unit_is_left(here: House, share: int, breach: bool) -> None:
    odd = PAY + 1
    here.do(opening(budget=3 * odd), SHIPPER)
    here.do(replace(awarding(), legs=(Offer(ALICE, odd, HOUR),)), COORDINATOR)
    here.do(Accept(job=JOB, leg=0), ALICE)
    here.do(ARRIVE, ALICE)
    here.do(DISPUTE, SHIPPER)
    assert refusal(here, CONFIRM, SHIPPER) == "LegDisputed"
    ruling = Resolve(job=JOB, leg=0, courier=ALICE, share=share, breach=breach)
    assert refusal(here, ruling, COORDINATOR) == "NotArbiter"
    here.do(ruling, ARBITER)
    if not breach:
        here.do(Close(job=JOB), STRANGER)
    assert here.rail.list_jobs() == []
    assert here.balances()["alice"] == FUNDS + odd * share // 10_000
    assert here.money() == FUNDS * (len(KEYS) - 1)


def test_an_arbiter_who_is_gone_freezes_nothing_for_ever(here: House) -> None:
    award_to(here, ALICE)
    here.do(ARRIVE, ALICE)
    here.do(DISPUTE, SHIPPER)
    release = Release(job=JOB, leg=0, courier=ALICE)
    assert refusal(here, release, STRANGER) == "RulingNotOver"
    here.watch.now += 14 * DAY + 1
    here.do(release, STRANGER)
    here.do(Close(job=JOB), STRANGER)
    assert here.balances()["alice"] == FUNDS + PAY // 2


def test_the_refund_needs_no_coordinator(here: House) -> None:
    here.do(opening(), SHIPPER)
    assert refusal(here, Expire(job=JOB), STRANGER) == "ExpireTooEarly"
    here.watch.now += HOUR + 1
    assert refusal(here, awarding(ALICE), COORDINATOR) == "AwardTooLate"
    assert here.do(Expire(job=JOB), STRANGER).moves == (Move(SHIPPER, 4 * PAY),)


def test_who_does_not_accept_is_replaced_and_the_refund_is_not_put_off(here: House) -> None:
    here.do(opening(), SHIPPER)
    here.do(awarding(ALICE, BOB), COORDINATOR)
    replacing = Replace(job=JOB, leg=0, courier=CAROL, pay=3 * PAY)
    assert refusal(here, replacing, COORDINATOR) == "ReplaceTooEarly"
    before = here.rail.read_job(JOB)
    here.watch.now += HOUR + 1
    assert refusal(here, replacing, STRANGER) == "NotCoordinator"
    assert refusal(here, replace(replacing, pay=3 * PAY + 1), COORDINATOR) == "BudgetExceeded"
    assert refusal(here, replace(replacing, courier=BOB), COORDINATOR) == "SelfDealing"
    here.do(replacing, COORDINATOR)
    job = here.rail.read_job(JOB)
    assert before is not None
    assert job is not None
    assert (job.current.courier, job.current.due) == (CAROL, before.current.due)
    here.watch.now = job.current.due + 1
    assert here.do(Expire(job=JOB, courier=CAROL), STRANGER).moves == (Move(SHIPPER, 4 * PAY),)


def test_a_stranger_alone_ends_a_job_that_everybody_left(here: House) -> None:
    award_to(here, ALICE, BOB)
    here.do(ARRIVE, ALICE)
    while (job := here.rail.read_job(JOB)) is not None:
        way = way_out(job)
        here.watch.now = max(here.watch.now, way.after + 1)
        here.do(way.command, STRANGER)
    assert here.balances()["alice"] == FUNDS + PAY
    assert here.money() == FUNDS * (len(KEYS) - 1)


def test_a_job_that_ended_can_be_opened_anew(here: House) -> None:
    award_to(here, ALICE)
    here.watch.now += HOUR + 1
    here.do(Expire(job=JOB, courier=ALICE), STRANGER)
    award_to(here, BOB)
    job = here.rail.read_job(JOB)
    assert job is not None
    assert job.current.courier == BOB


def test_eight_legs_fit(here: House) -> None:
    couriers = (ALICE, BOB) * 4
    here.do(opening(budget=8 * PAY), SHIPPER)
    legs = tuple(Offer(courier, PAY, HOUR) for courier in couriers)
    here.do(Award(job=JOB, accept_by=NOW + HOUR, legs=legs), COORDINATOR)
    for leg, courier in enumerate(couriers):
        here.do(Accept(job=JOB, leg=leg), courier)
    for leg, courier in enumerate(couriers):
        here.do(Arrive(job=JOB, leg=leg), courier)
        recipient = couriers[leg + 1] if leg < 7 else SHIPPER
        here.do(Confirm(job=JOB, leg=leg, courier=courier), recipient)
    here.do(Close(job=JOB), STRANGER)
    assert here.balances()["shipper"] == FUNDS - 8 * PAY
