"""Every rail as a machine: once, signed, by one at a time, and all of it again after a start."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from swarmhaul.settlement import (
    Counters,
    Deposit,
    Entry,
    Expire,
    JobKey,
    Move,
    Open,
    Refused,
    Resolve,
    Withdraw,
)
from swarmhaul.settlement.states import LegState
from swarmhaul.settlement.tests.cast import (
    ALICE,
    ARBITER,
    BOB,
    HOUR,
    JOB,
    KEYS,
    PAY,
    SHIPPER,
    STRANGER,
    TREASURY,
    opening,
)
from tests.settlement.houses import FUNDS, LAMPORTS_MIN, House
from tests.settlement.steps import ARRIVE, CONFIRM, DISPUTE, award_to, refusal


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
