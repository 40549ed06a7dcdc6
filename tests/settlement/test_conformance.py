"""What every rail keeps. One suite; it runs on each of them."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from swarmhaul.settlement import (
    Accept,
    Arrive,
    Award,
    Close,
    Command,
    Confirm,
    Counters,
    Deposit,
    Dispute,
    Entry,
    Expire,
    JobKey,
    Key,
    Move,
    Offer,
    Open,
    Refused,
    Release,
    Resolve,
    Withdraw,
    way_out,
)
from swarmhaul.settlement.states import DAY, LegState
from swarmhaul.settlement.tests.cast import (
    ALICE,
    ARBITER,
    BOB,
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

ARRIVE = Arrive(job=JOB, leg=0)
CONFIRM = Confirm(job=JOB, leg=0, courier=ALICE)
DISPUTE = Dispute(job=JOB, leg=0, reason=bytes(32))


def refusal(here: House, command: Command, signer: Key) -> str:
    before = (here.rail.head(), here.balances(), here.rail.read_job(JOB))
    with pytest.raises(Refused) as refused:
        here.do(command, signer)
    assert (here.rail.head(), here.balances(), here.rail.read_job(JOB)) == before
    return refused.value.code


def award_to(here: House, *couriers: Key) -> None:
    here.do(opening(now=here.watch.now), SHIPPER)
    here.do(awarding(*couriers, now=here.watch.now), COORDINATOR)
    for leg, courier in enumerate(couriers):
        here.do(Accept(job=JOB, leg=leg), courier)


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


def test_a_command_is_carried_out_once_however_often_it_is_sent(here: House) -> None:
    envelope = here.envelope(opening(), SHIPPER)
    signature = here.sign(envelope)
    first = here.rail.submit(envelope, signature)
    here.do(Expire(job=JOB), SHIPPER)
    here.watch.now += 2 * HOUR
    assert here.rail.submit(envelope, signature) == first
    assert here.rail.read_job(JOB) is None


def test_forged_altered_and_expired_commands_are_refused(here: House) -> None:
    envelope = here.envelope(opening(), SHIPPER)
    signature = here.sign(envelope)
    head = here.rail.head()
    for wrong in (
        (envelope, bytes(64)),
        (envelope, signature[:-1]),
        (envelope, here.sign(replace(envelope, signer=STRANGER))),
        (replace(envelope, command=opening(budget=1)), signature),
        (replace(envelope, nonce=bytes(24)), signature),
        (replace(envelope, expires_at=envelope.expires_at + 1), signature),
    ):
        with pytest.raises(Refused, match="signature does not fit"):
            here.rail.submit(*wrong)
    here.watch.now = envelope.expires_at + 1
    with pytest.raises(Refused, match="expired"):
        here.rail.submit(envelope, signature)
    assert here.rail.head() == head


def test_what_was_refused_may_be_sent_again_when_its_time_has_come(here: House) -> None:
    award_to(here, ALICE)
    envelope = here.envelope(CONFIRM, SHIPPER)
    signature = here.sign(envelope)
    with pytest.raises(Refused):
        here.rail.submit(envelope, signature)
    here.do(ARRIVE, ALICE)
    assert here.rail.submit(envelope, signature).moves == (Move(ALICE, PAY),)


@pytest.fixture
def hurried() -> Iterator[None]:
    """Threads change places as often as they can, so that a missing lock is seen."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(usual)


@pytest.mark.usefixtures("hurried")
def test_of_fifty_confirmations_at_once_one_pays(here_on_disk: House) -> None:
    """While one waits for the disk, the others would see a job that is not paid yet."""
    here = here_on_disk
    award_to(here, ALICE)
    here.do(ARRIVE, ALICE)
    envelopes = [here.envelope(CONFIRM, SHIPPER) for _ in range(50)]
    signed = [(envelope, here.sign(envelope)) for envelope in envelopes]
    start = threading.Barrier(10)

    def confirm(number: int) -> list[Entry | str]:
        start.wait()
        return [submit_or_why(here, *each) for each in signed[number::10]]

    with ThreadPoolExecutor(10) as people:
        told = [one for answers in people.map(confirm, range(10)) for one in answers]
    assert sum(isinstance(one, Entry) for one in told) == 1
    assert {one for one in told if isinstance(one, str)} == {"JobNotAwarded"}
    assert here.balances()["alice"] == FUNDS + PAY
    print("L3: of 50 confirmations at once 1 paid")


def submit_or_why(here: House, envelope: object, signature: bytes) -> Entry | str:
    try:
        return here.rail.submit(envelope, signature)  # type: ignore[arg-type]
    except Refused as refused:
        return refused.code


def test_only_the_treasury_brings_money_and_it_does_nothing_else(here: House) -> None:
    assert refusal(here, Deposit(wallet=ALICE, amount=5), STRANGER) == "NotTreasury"
    assert refusal(here, Deposit(wallet=TREASURY, amount=5), TREASURY) == "TreasuryApart"
    job = JobKey(TREASURY, bytes(16))
    assert refusal(here, replace(opening(), job=job), TREASURY) == "TreasuryApart"
    assert refusal(here, Deposit(wallet=ALICE, amount=10**18), TREASURY) == "AmountInvalid"


def test_money_leaves_a_rail_by_its_owner_and_only_what_is_there(here: House) -> None:
    assert here.do(Withdraw(amount=1_000), ALICE).moves == (Move(ALICE, -1_000),)
    most = FUNDS - 1_000 - LAMPORTS_MIN
    assert refusal(here, Withdraw(amount=most + 1), ALICE) == "InsufficientFunds"
    here.do(Withdraw(amount=most), ALICE)
    assert here.balances()["alice"] == LAMPORTS_MIN


def test_a_courier_with_an_empty_wallet_is_told_before_and_not_when_it_is_paid(
    here: House,
) -> None:
    """D-02: a first payment that is too small for a wallet would fail at the end."""
    newcomer = here.rail.treasury[::-1]
    assert here.rail.read_balance(newcomer) == 0
    small = Deposit(wallet=newcomer, amount=LAMPORTS_MIN - 1)
    assert refusal(here, small, TREASURY) == "InsufficientFunds"


def test_a_start_brings_back_everything_as_it_was(here: House) -> None:
    award_to(here, ALICE, BOB)
    here.do(ARRIVE, ALICE)
    here.do(DISPUTE, BOB)
    before = (here.rail.head(), here.balances(), here.rail.list_jobs())
    entries = here.rail.list_entries()
    here.start_again()
    assert (here.rail.head(), here.balances(), here.rail.list_jobs()) == before
    assert here.rail.list_entries() == entries
    assert here.rail.read_counters(ALICE) == Counters(accepted=1)
    job = here.rail.read_job(JOB)
    assert job is not None
    assert job.current.state is LegState.DISPUTED


def test_entries_come_in_order_and_from_where_one_stopped(here: House) -> None:
    here.do(opening(), SHIPPER)
    entries = here.rail.list_entries()
    assert [entry.seq for entry in entries] == list(range(1, len(entries) + 1))
    assert here.rail.list_entries(since=entries[-1].seq - 1) == entries[-1:]
    assert entries[-1].envelope.command == opening()
    assert entries[-1].moves == (Move(SHIPPER, -4 * PAY),)
    assert isinstance(entries[-1].envelope.command, Open)
    assert entries[-1].hash == here.rail.head().hash


def test_the_books_hold_every_unit_twice(here: House) -> None:
    """Wallets, escrows and the treasury sum to nothing; an escrow is what its job says."""
    award_to(here, ALICE)
    here.do(ARRIVE, ALICE)
    here.do(DISPUTE, SHIPPER)
    here.do(Resolve(job=JOB, leg=0, courier=ALICE, share=5_000, breach=False), ARBITER)
    journal = here.rail.journal
    (total,) = journal.connection.execute("SELECT sum(amount) FROM posting").fetchone()
    assert total == 0
    job = here.rail.read_job(JOB)
    assert job is not None
    assert journal.balance(JOB.shipper + JOB.id) == job.escrow == 4 * PAY - PAY // 2
    assert {name: journal.balance(KEYS[name]) for name in here.balances()} == here.balances()
    assert journal.balance(TREASURY) == -here.money()
