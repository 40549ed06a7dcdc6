"""The program against those who build their own messages: forged, foreign and missing accounts."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from solders.account import Account
from solders.instruction import AccountMeta
from solders.pubkey import Pubkey
from solders.system_program import TransferParams, transfer

from basis.escrow import LEG_COUNT_MAX
from basis.escrow.encoding import OFFER
from swarmhaul.program.build import SOURCE
from swarmhaul.settlement import (
    REFUSALS,
    Accept,
    Arrive,
    Close,
    Confirm,
    Deposit,
    Expire,
    Key,
    states,
)
from swarmhaul.settlement.tests.cast import (
    ALICE,
    BOB,
    COORDINATOR,
    JOB,
    PAY,
    SHIPPER,
    STRANGER,
    TREASURY,
    awarding,
    envelope_of,
    offers,
    opening,
)
from swarmhaul.svm.addresses import JOB_BYTES, REPUTATION, job_address, reputation_address
from swarmhaul.svm.messages import instruction_of, message_of
from tests.settlement.chain import Chain, Change
from tests.settlement.houses import FUNDS

TRANSACTION_BYTES_MAX = 1_232
JOB_AT, COURIER_AT, REPUTATION_AT = 1, 2, 3


@pytest.fixture
def chain() -> Chain:
    return Chain()


@pytest.fixture
def arrived(chain: Chain) -> Chain:
    """Alice has arrived with leg 0, and Bob is to receive."""
    award(chain, ALICE, BOB)
    assert chain.send(Arrive(job=JOB, leg=0), ALICE) == ""
    return chain


def award(chain: Chain, *couriers: Key) -> None:
    assert chain.send(opening(), SHIPPER) == ""
    assert chain.send(awarding(*couriers), COORDINATOR) == ""
    for leg, courier in enumerate(couriers):
        assert chain.send(Accept(job=JOB, leg=leg), courier) == ""


CONFIRM = Confirm(job=JOB, leg=0, courier=ALICE)


def put(number: int, key: Pubkey) -> Change:
    """The accounts with another key at one place."""

    def changed(accounts: list[AccountMeta]) -> list[AccountMeta]:
        old = accounts[number]
        new = AccountMeta(key, is_signer=old.is_signer, is_writable=old.is_writable)
        return [*accounts[:number], new, *accounts[number + 1 :]]

    return changed


def test_c_and_python_number_their_refusals_alike() -> None:
    text = (SOURCE / "refusals.h").read_text()
    names = re.findall(r"^    ([A-Z_]+)(?: = 6000)?,$", text, re.MULTILINE)
    ours = [re.sub(r"(?<!^)(?=[A-Z])", "_", REFUSALS[n].__name__).upper() for n in sorted(REFUSALS)]
    assert names == ours


def test_c_and_python_know_the_same_limits() -> None:
    text = (SOURCE / "layout.h").read_text()
    found = dict(re.findall(r"#define (\w+) \(?([\d* A-Z]+)\)?", text))
    for name in (
        "OPEN_SECONDS_MAX", "ACCEPT_SECONDS_MAX", "LEG_SECONDS_MAX", "SILENCE_SECONDS",
        "RULING_SECONDS", "BASIS_POINTS",
    ):  # fmt: skip
        count, _, is_days = found[name].partition(" * ")
        assert int(count) * (states.DAY if is_days else 1) == getattr(states, name), name
    assert int(found["LEG_COUNT_MAX"]) == LEG_COUNT_MAX


def test_pay_goes_to_the_courier_and_to_no_other_wallet(arrived: Chain) -> None:
    """D-05: whoever confirms cannot say where the money goes."""
    thief = put(COURIER_AT, Pubkey(STRANGER))
    assert arrived.send(CONFIRM, BOB, thief) == "WrongAddress"
    assert arrived.engine.read_balance(STRANGER) == FUNDS


def test_nobodys_name_is_counted_for_another(arrived: Chain) -> None:
    other = put(REPUTATION_AT, reputation_address(BOB)[0])
    assert arrived.send(CONFIRM, BOB, other) == "WrongAddress"


def test_an_account_that_another_program_made_is_no_job(arrived: Chain) -> None:
    """D-18: what a caller says about accounts is never believed."""
    true = arrived.machine.get_account(job_address(JOB)[0])
    assert true is not None
    forged = Pubkey(STRANGER[::-1])
    arrived.machine.set_account(forged, Account(true.lamports, true.data, Pubkey(STRANGER)))
    assert arrived.send(CONFIRM, BOB, put(JOB_AT, forged)) == "NoSuchJob"


def test_a_standing_is_no_job_and_a_job_no_standing(arrived: Chain) -> None:
    assert arrived.send(CONFIRM, BOB, put(JOB_AT, reputation_address(ALICE)[0])) == "NoSuchJob"
    assert arrived.send(CONFIRM, BOB, put(REPUTATION_AT, job_address(JOB)[0])) == "WrongAddress"


def test_a_signature_is_asked_for_even_where_anybody_may_act(chain: Chain) -> None:
    assert chain.send(opening(), SHIPPER) == ""
    for command in (Expire(job=JOB), Close(job=JOB)):
        silent = [
            lambda accounts: [
                AccountMeta(accounts[0].pubkey, is_signer=False, is_writable=False),
                *accounts[1:],
            ]
        ][0]
        assert chain.send(command, SHIPPER, silent) == "NotSigned"


def test_the_refund_goes_to_the_shipper_and_the_rent_to_who_paid_it(chain: Chain) -> None:
    assert chain.send(opening(), SHIPPER) == ""
    for number in (2, 3):
        assert chain.send(Expire(job=JOB), SHIPPER, put(number, Pubkey(STRANGER))) == "WrongAddress"
    assert chain.send(Expire(job=JOB), SHIPPER) == ""
    assert chain.engine.read_balance(SHIPPER) == FUNDS
    assert chain.machine.get_account(job_address(JOB)[0]) is None


def test_money_sent_to_the_address_of_a_job_before_does_not_keep_it_from_opening(
    chain: Chain,
) -> None:
    for amount in (1_000_000, 50_000_000):
        gift = transfer(
            TransferParams(
                from_pubkey=Pubkey(STRANGER), to_pubkey=job_address(JOB)[0], lamports=amount
            )
        )
        assert chain.send_plain(gift, STRANGER) == ""
        assert chain.send(opening(), SHIPPER) == ""
        assert chain.engine.read_balance(SHIPPER) == FUNDS - opening().budget
        assert chain.send(Expire(job=JOB), SHIPPER) == ""
        assert chain.engine.read_balance(SHIPPER) == FUNDS


def test_nobody_opens_a_job_in_the_name_of_another(chain: Chain) -> None:
    """Its address is made of its shipper, so ids cannot be taken away from anybody."""
    assert chain.send(opening(), STRANGER) == "WrongAddress"


def test_a_refund_never_fails_for_being_small(chain: Chain) -> None:
    """D-02: the shipper has emptied its wallet meanwhile; what comes back is 1 lamport."""
    assert chain.send(opening(budget=PAY + 1), SHIPPER) == ""
    assert chain.send(awarding(ALICE), COORDINATOR) == ""
    for command, signer in (
        (Accept(job=JOB, leg=0), ALICE),
        (Arrive(job=JOB, leg=0), ALICE),
        (CONFIRM, SHIPPER),
    ):
        assert chain.send(command, signer) == ""
    chain.machine.set_account(Pubkey(SHIPPER), Account(0, b"", Pubkey.default()))
    assert chain.send(Close(job=JOB), STRANGER) == ""
    assert chain.engine.read_balance(SHIPPER) >= chain.engine.wallet_min + 1


def test_a_wallet_emptied_meanwhile_is_told_in_our_words_and_paid_when_it_exists_again(
    chain: Chain,
) -> None:
    small = replace(awarding(), legs=offers(ALICE, pay=1))
    assert chain.send(opening(), SHIPPER) == ""
    assert chain.send(small, COORDINATOR) == ""
    for command in (Accept(job=JOB, leg=0), Arrive(job=JOB, leg=0)):
        assert chain.send(command, ALICE) == ""
    chain.machine.set_account(Pubkey(ALICE), Account(0, b"", Pubkey.default()))
    assert chain.send(CONFIRM, SHIPPER) == "InsufficientFunds"
    assert chain.send(Deposit(wallet=ALICE, amount=FUNDS), TREASURY) == ""
    assert chain.send(CONFIRM, SHIPPER) == ""


def test_data_of_any_other_length_is_malformed(arrived: Chain) -> None:
    plain = instruction_of(envelope_of(CONFIRM, BOB), Pubkey(TREASURY)).data
    for data in (plain[:-1], plain + b"\0", b"\xff", b"\x01", b"\x01" + bytes(8)):
        assert arrived.send(CONFIRM, BOB, data=data) == "MalformedCommand"


def test_too_few_accounts_are_malformed(arrived: Chain) -> None:
    for count in range(4):
        assert arrived.send(CONFIRM, BOB, lambda all_, n=count: all_[:n]) in {  # type: ignore[misc]
            "MalformedCommand",
            "NotSigned",
        }


def test_the_largest_award_fits_a_transaction() -> None:
    """D-10: eight legs by eight couriers."""
    award_to_eight = replace(awarding(), legs=offers(*[bytes([n]) * 32 for n in range(8)]))
    envelope = envelope_of(award_to_eight, COORDINATOR)
    signatures = 2 * 64 + 1
    assert signatures + len(bytes(message_of(envelope, TREASURY))) <= TRANSACTION_BYTES_MAX
    assert OFFER.size == 48


def test_structures_have_the_size_that_python_reads(chain: Chain) -> None:
    award(chain, ALICE)
    job = chain.machine.get_account(job_address(JOB)[0])
    standing = chain.machine.get_account(reputation_address(ALICE)[0])
    assert job is not None
    assert standing is not None
    assert (len(job.data), len(standing.data)) == (JOB_BYTES, REPUTATION.size)


def test_every_lamport_of_the_chain_is_where_it_should_be(chain: Chain) -> None:
    """Wallets, escrow, what accounts cost, and fees: nothing appears and nothing is lost."""
    before = everything(chain)
    award(chain, ALICE)
    assert chain.send(Arrive(job=JOB, leg=0), ALICE) == ""
    assert chain.send(CONFIRM, SHIPPER) == ""
    assert chain.send(Close(job=JOB), STRANGER) == ""
    signatures = 2 * 6
    assert before - everything(chain) == 5_000 * signatures


def everything(chain: Chain) -> int:
    keys = [Pubkey(key) for key in (TREASURY, SHIPPER, ALICE, BOB, STRANGER, COORDINATOR)]
    keys += [job_address(JOB)[0], reputation_address(ALICE)[0]]
    return sum(chain.machine.get_balance(key) or 0 for key in keys)
