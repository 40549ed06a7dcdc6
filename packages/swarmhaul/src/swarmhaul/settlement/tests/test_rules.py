"""The rules, one by one: who may do what, when, and why not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from basis.escrow import (
    NOBODY,
    Accept,
    Arrive,
    Close,
    Confirm,
    Dispute,
    Expire,
    JobCommand,
    Key,
    Offer,
    Refused,
    Release,
    Replace,
    Resolve,
)
from swarmhaul.settlement.outcome import Count, Deed
from swarmhaul.settlement.refusals import REFUSALS
from swarmhaul.settlement.rules import apply
from swarmhaul.settlement.states import (
    DAY,
    RULING_SECONDS,
    SILENCE_SECONDS,
    Job,
    JobStatus,
    LegState,
    Move,
)
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
    accepted_job,
    arrived_job,
    awarded_job,
    awarding,
    done_job,
    go_through,
    offers,
    opening,
    with_legs,
)


def refusal(job: Job | None, command: JobCommand, signer: Key, now: int = NOW) -> str:
    with pytest.raises(Refused) as refused:
        apply(job, command, signer=signer, now=now)
    return refused.value.code


def open_job() -> Job:
    return go_through((opening(), SHIPPER))


def arrive(leg: int = 0) -> Arrive:
    return Arrive(job=JOB, leg=leg)


def confirm(courier: Key, leg: int = 0) -> Confirm:
    return Confirm(job=JOB, leg=leg, courier=courier)


def release(courier: Key, leg: int = 0) -> Release:
    return Release(job=JOB, leg=leg, courier=courier)


def dispute(leg: int = 0) -> Dispute:
    return Dispute(job=JOB, leg=leg, reason=bytes(32))


def resolve(courier: Key, share: int = 5_000, *, breach: bool = False) -> Resolve:
    return Resolve(job=JOB, leg=0, courier=courier, share=share, breach=breach)


def replacing(courier: Key, pay: int = PAY, leg: int = 0) -> Replace:
    return Replace(job=JOB, leg=leg, courier=courier, pay=pay)


def disputed_job(*couriers: Key) -> Job:
    recipient = couriers[1] if len(couriers) > 1 else SHIPPER
    return go_through((dispute(), recipient), job=arrived_job(*couriers))


def test_numbers_of_refusals_are_given_once_and_in_a_row() -> None:
    kinds = Refused.__subclasses__()
    assert sorted(REFUSALS) == list(range(6_000, 6_000 + len(kinds)))
    assert len({kind.words for kind in kinds}) == len(kinds)


def test_a_relay_of_two_pays_each_once_and_the_shipper_gets_the_rest() -> None:
    job = arrived_job(ALICE, BOB)
    first = apply(job, confirm(ALICE), signer=BOB, now=NOW)
    assert first.moves == (Move(ALICE, PAY),)
    assert first.job is not None
    second = go_through((arrive(1), BOB), job=first.job)
    last = apply(second, confirm(BOB, 1), signer=SHIPPER, now=NOW)
    assert last.moves == (Move(BOB, PAY),)
    assert last.job is not None
    assert last.job.status is JobStatus.DONE
    end = apply(last.job, Close(job=JOB), signer=STRANGER, now=NOW)
    assert end.moves == (Move(SHIPPER, 2 * PAY),)
    assert end.job is None


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"budget": 0}, "BudgetInvalid"),
        ({"budget": 1 << 63}, "BudgetInvalid"),
        ({"award_by": NOW}, "DeadlineInvalid"),
        ({"award_by": NOW + 30 * DAY + 1}, "DeadlineInvalid"),
        ({"arbiter": SHIPPER}, "ArbiterNotIndependent"),
        ({"arbiter": COORDINATOR}, "ArbiterNotIndependent"),
    ],
)
def test_a_job_is_opened_within_bounds(change: dict[str, int | bytes], why: str) -> None:
    assert refusal(None, replace(opening(), **change), SHIPPER) == why  # type: ignore[arg-type]


def test_only_the_shipper_opens_and_no_job_twice() -> None:
    assert refusal(None, opening(), STRANGER) == "NotSigned"
    assert refusal(open_job(), opening(), SHIPPER) == "JobExists"


@pytest.mark.parametrize(
    ("legs", "why"),
    [
        ((), "LegCountInvalid"),
        (offers(*[ALICE, BOB] * 4, ALICE), "LegCountInvalid"),
        ((Offer(ALICE, 0, HOUR),), "PayInvalid"),
        ((Offer(ALICE, (1 << 64) - 1, HOUR), Offer(BOB, 2, HOUR)), "PayInvalid"),
        ((Offer(ALICE, PAY, 0),), "DeadlineInvalid"),
        ((Offer(ALICE, PAY, 30 * DAY + 1),), "DeadlineInvalid"),
        (offers(ALICE, ALICE), "SelfDealing"),
        (offers(SHIPPER), "SelfDealing"),
        (offers(COORDINATOR), "SelfDealing"),
        (offers(ARBITER), "SelfDealing"),
        (offers(ALICE, pay=4 * PAY + 1), "BudgetExceeded"),
        (offers(ALICE, BOB, pay=2 * PAY + 1), "BudgetExceeded"),
    ],
)
def test_an_award_stays_within_the_job(legs: tuple[Offer, ...], why: str) -> None:
    assert refusal(open_job(), with_legs(awarding(), *legs), COORDINATOR) == why


def test_an_award_is_the_coordinators_once_and_in_time() -> None:
    assert refusal(None, awarding(ALICE), COORDINATOR) == "NoSuchJob"
    assert refusal(open_job(), awarding(ALICE), STRANGER) == "NotCoordinator"
    assert refusal(open_job(), awarding(ALICE), COORDINATOR, NOW + HOUR + 1) == "AwardTooLate"
    assert refusal(awarded_job(ALICE), awarding(BOB), COORDINATOR) == "JobNotOpen"
    late = replace(awarding(ALICE), accept_by=NOW + 7 * DAY + 1)
    assert refusal(open_job(), late, COORDINATOR) == "DeadlineInvalid"


def test_a_leg_is_accepted_by_whom_it_was_offered_to_once_and_in_time() -> None:
    job = awarded_job(ALICE, BOB)
    take = Accept(job=JOB, leg=0)
    assert refusal(open_job(), take, ALICE) == "JobNotAwarded"
    assert refusal(job, Accept(job=JOB, leg=2), ALICE) == "NoSuchLeg"
    assert refusal(job, take, BOB) == "NotCourier"
    assert refusal(job, take, ALICE, job.current.due + 1) == "LegTooLate"
    assert refusal(accepted_job(ALICE), take, ALICE) == "LegNotOffered"
    taken = apply(job, take, signer=ALICE, now=NOW + 60)
    assert taken.counts == (Count(ALICE, Deed.ACCEPTED),)
    assert taken.job is not None
    assert taken.job.current.due == NOW + 60 + HOUR


def test_who_does_not_accept_is_replaced_after_a_time_and_for_no_more_than_the_budget() -> None:
    job, later = awarded_job(ALICE, BOB), NOW + HOUR + 1
    assert refusal(job, replacing(CAROL), COORDINATOR) == "ReplaceTooEarly"
    assert refusal(job, replacing(CAROL), STRANGER, later) == "NotCoordinator"
    assert refusal(job, replacing(BOB), COORDINATOR, later) == "SelfDealing"
    assert refusal(job, replacing(CAROL, 0), COORDINATOR, later) == "PayInvalid"
    assert refusal(job, replacing(CAROL, 3 * PAY + 1), COORDINATOR, later) == "BudgetExceeded"
    assert refusal(job, replacing(CAROL), COORDINATOR, job.current.due + 1) == "LegTooLate"
    assert refusal(accepted_job(ALICE), replacing(CAROL), COORDINATOR, later) == "LegNotOffered"
    given = apply(job, replacing(CAROL, 3 * PAY), signer=COORDINATOR, now=later).job
    assert given is not None
    assert (given.current.courier, given.current.due) == (CAROL, job.current.due)


def test_legs_go_strictly_one_after_the_other() -> None:
    job = accepted_job(ALICE, BOB)
    assert refusal(job, arrive(1), BOB) == "LegOutOfOrder"
    assert refusal(job, confirm(BOB, 1), SHIPPER) == "LegOutOfOrder"
    confirmed = go_through((confirm(ALICE), BOB), job=arrived_job(ALICE, BOB))
    assert refusal(confirmed, confirm(ALICE), BOB) == "LegOutOfOrder"
    assert refusal(confirmed, arrive(0), ALICE) == "LegOutOfOrder"


def test_arriving_is_for_the_courier_who_accepted_and_once() -> None:
    assert refusal(awarded_job(ALICE), arrive(), ALICE) == "LegNotAccepted"
    assert refusal(accepted_job(ALICE), arrive(), BOB) == "NotCourier"
    assert refusal(arrived_job(ALICE), arrive(), ALICE) == "LegArrived"


def test_only_who_receives_the_load_confirms_and_only_after_arrival() -> None:
    job = arrived_job(ALICE, BOB)
    assert refusal(accepted_job(ALICE, BOB), confirm(ALICE), BOB) == "LegNotArrived"
    for wrong in (ALICE, SHIPPER, COORDINATOR, STRANGER):
        assert refusal(job, confirm(ALICE), wrong) == "WrongRecipient"
    assert refusal(job, confirm(BOB), BOB) == "WrongCourier"
    assert refusal(arrived_job(ALICE), confirm(ALICE), ALICE) == "WrongRecipient"


def test_nobody_receives_the_load_while_the_next_leg_is_only_offered() -> None:
    job = go_through(
        (Accept(job=JOB, leg=0), ALICE), (arrive(), ALICE), job=awarded_job(ALICE, BOB)
    )
    assert refusal(job, confirm(ALICE), BOB) == "MissingNextLeg"
    assert refusal(job, dispute(), BOB) == "WrongRecipient"
    assert go_through((dispute(), SHIPPER), job=job).current.state is LegState.DISPUTED


def test_after_two_days_of_silence_anybody_releases_the_pay() -> None:
    job, over = arrived_job(ALICE), NOW + SILENCE_SECONDS + 1
    assert refusal(job, release(ALICE), STRANGER, over - 1) == "SilenceNotOver"
    assert refusal(accepted_job(ALICE), release(ALICE), STRANGER, over) == "LegNotArrived"
    assert refusal(job, release(BOB), STRANGER, over) == "WrongCourier"
    assert apply(job, release(ALICE), signer=STRANGER, now=over).moves == (Move(ALICE, PAY),)


def test_a_dispute_is_the_recipients_and_in_time() -> None:
    job = arrived_job(ALICE, BOB)
    assert refusal(accepted_job(ALICE, BOB), dispute(), BOB) == "LegNotArrived"
    for wrong in (ALICE, SHIPPER, COORDINATOR, STRANGER):
        assert refusal(job, dispute(), wrong) == "WrongRecipient"
    assert refusal(job, dispute(), BOB, NOW + SILENCE_SECONDS + 1) == "DisputeTooLate"


def test_a_disputed_leg_is_frozen() -> None:
    job, late = disputed_job(ALICE, BOB), NOW + SILENCE_SECONDS + 1
    assert refusal(job, confirm(ALICE), BOB) == "LegDisputed"
    assert refusal(job, dispute(), BOB) == "LegDisputed"
    assert refusal(job, release(ALICE), STRANGER, late) == "RulingNotOver"
    assert refusal(job, Expire(job=JOB, courier=ALICE), SHIPPER, late) == "LegDisputed"


@pytest.mark.parametrize(("share", "pay"), [(0, 0), (1, 200), (3_333, 666_600), (10_000, PAY)])
def test_a_ruling_splits_the_pay_of_this_leg_exactly(share: int, pay: int) -> None:
    ruled = apply(disputed_job(ALICE), resolve(ALICE, share), signer=ARBITER, now=NOW)
    assert ruled.job is not None
    assert sum(move.amount for move in ruled.moves) == pay
    assert ruled.job.escrow == 4 * PAY - pay
    end = apply(disputed_job(ALICE), resolve(ALICE, share, breach=True), signer=ARBITER, now=NOW)
    assert sum(move.amount for move in end.moves) == 4 * PAY
    assert end.job is None
    assert end.counts == (Count(ALICE, Deed.BREACHED),)


def test_only_the_arbiter_rules_and_only_on_a_dispute() -> None:
    assert refusal(disputed_job(ALICE), resolve(ALICE), COORDINATOR) == "NotArbiter"
    assert refusal(disputed_job(ALICE), resolve(BOB), ARBITER) == "WrongCourier"
    assert refusal(disputed_job(ALICE), resolve(ALICE, 10_001), ARBITER) == "ShareInvalid"
    assert refusal(arrived_job(ALICE), resolve(ALICE), ARBITER) == "LegNotDisputed"


def test_an_arbiter_who_is_gone_costs_each_side_half() -> None:
    job = disputed_job(ALICE)
    ended = apply(job, release(ALICE), signer=STRANGER, now=NOW + RULING_SECONDS + 1)
    assert ended.moves == (Move(ALICE, PAY // 2),)
    assert ended.counts == ()


def test_the_shipper_takes_back_at_once_what_is_not_awarded_and_others_after_the_time() -> None:
    end = Expire(job=JOB)
    assert apply(open_job(), end, signer=SHIPPER, now=NOW).moves == (Move(SHIPPER, 4 * PAY),)
    assert refusal(open_job(), end, STRANGER, NOW + HOUR) == "ExpireTooEarly"
    assert apply(open_job(), end, signer=STRANGER, now=NOW + HOUR + 1).job is None


def test_a_job_expires_when_the_current_leg_is_late_and_only_its_courier_broke_its_word() -> None:
    job = accepted_job(ALICE, BOB)
    end = Expire(job=JOB, courier=ALICE)
    assert refusal(job, end, SHIPPER, job.current.due) == "ExpireTooEarly"
    assert refusal(job, replace(end, courier=BOB), SHIPPER, job.current.due + 1) == "WrongCourier"
    over = apply(job, end, signer=STRANGER, now=job.current.due + 1)
    assert over.moves == (Move(SHIPPER, 4 * PAY),)
    assert over.counts == (Count(ALICE, Deed.BREACHED),)


def test_who_never_accepted_broke_nothing() -> None:
    job = awarded_job(ALICE)
    over = apply(job, Expire(job=JOB, courier=ALICE), signer=STRANGER, now=job.current.due + 1)
    assert over.counts == ()


def test_who_has_arrived_is_paid_or_disputed_and_never_expires() -> None:
    late = NOW + 30 * DAY
    assert refusal(arrived_job(ALICE), Expire(job=JOB, courier=ALICE), SHIPPER, late) == (
        "LegArrived"
    )
    assert refusal(done_job(ALICE), Expire(job=JOB, courier=NOBODY), SHIPPER, late) == "JobDone"


def test_a_job_is_closed_when_all_is_done_and_not_before() -> None:
    assert refusal(arrived_job(ALICE), Close(job=JOB), SHIPPER) == "JobNotDone"
    assert refusal(None, Close(job=JOB), SHIPPER) == "NoSuchJob"


def test_nothing_but_the_award_and_replacing_is_the_coordinators() -> None:
    """A coordinator that is gone, or lies, can neither pay itself nor hold anything up."""
    for job in (accepted_job(ALICE, BOB), arrived_job(ALICE, BOB), disputed_job(ALICE, BOB)):
        for command in (arrive(), confirm(ALICE), dispute(), resolve(ALICE)):
            refusal(job, command, COORDINATOR)
