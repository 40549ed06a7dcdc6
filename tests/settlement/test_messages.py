"""Whoever signs for a rail sees that its message is the command that was meant, and no more."""

from __future__ import annotations

from dataclasses import replace

import pytest
from solders.hash import Hash
from solders.instruction import AccountMeta, Instruction
from solders.message import Message
from solders.pubkey import Pubkey

from basis.escrow import (
    Accept,
    Arrive,
    Close,
    Confirm,
    Dispute,
    Envelope,
    Expire,
    JobCommand,
    JobKey,
    Key,
    MessageUnfit,
    Release,
    Withdraw,
    check_message,
)
from swarmhaul.settlement.ledger import LedgerEngine
from swarmhaul.settlement.tests.cast import (
    ALICE,
    BOB,
    JOB,
    NOW,
    SHIPPER,
    TREASURY,
    envelope_of,
    opening,
)
from swarmhaul.svm.messages import instruction_of, message_of, move

COMMANDS: list[tuple[JobCommand, Key]] = [
    (opening(), SHIPPER),
    (Accept(job=JOB, leg=0), ALICE),
    (Arrive(job=JOB, leg=0), ALICE),
    (Confirm(job=JOB, leg=0, courier=ALICE), SHIPPER),
    (Release(job=JOB, leg=0, courier=ALICE), BOB),
    (Dispute(job=JOB, leg=0, reason=bytes(32)), SHIPPER),
    (Expire(job=JOB), SHIPPER),
    (Close(job=JOB), SHIPPER),
]
MEANT = envelope_of(Confirm(job=JOB, leg=0, courier=ALICE), SHIPPER)
LEDGER = LedgerEngine(TREASURY, "EUR cents", wallet_min=5)


def on_chain(envelope: Envelope) -> bytes:
    return bytes(message_of(envelope, TREASURY))


@pytest.mark.parametrize(("command", "signer"), COMMANDS)
def test_the_message_of_each_rail_is_recognised(command: JobCommand, signer: Key) -> None:
    envelope = envelope_of(command, signer)
    check_message(on_chain(envelope), envelope)
    check_message(LEDGER.message(envelope), envelope)


OTHERS = [
    replace(MEANT, command=Confirm(job=JOB, leg=1, courier=ALICE)),
    replace(MEANT, command=Confirm(job=JOB, leg=0, courier=BOB)),
    replace(MEANT, command=Confirm(job=JobKey(SHIPPER, bytes(16)), leg=0, courier=ALICE)),
    replace(MEANT, command=Confirm(job=JobKey(BOB, JOB.id), leg=0, courier=ALICE)),
    replace(MEANT, command=Close(job=JOB)),
    replace(MEANT, command=Release(job=JOB, leg=0, courier=ALICE)),
    replace(MEANT, command=Withdraw(amount=1)),
    replace(MEANT, signer=BOB),
    replace(MEANT, expires_at=NOW + 1),
    replace(MEANT, nonce=bytes([9]) * 24),
]


@pytest.mark.parametrize("other", OTHERS)
def test_a_message_for_something_else_is_not_signed(other: Envelope) -> None:
    for message in (on_chain(other), LEDGER.message(other)):
        with pytest.raises(MessageUnfit):
            check_message(message, MEANT)


def test_a_budget_of_another_size_is_not_signed() -> None:
    told = on_chain(envelope_of(opening(budget=8), SHIPPER))
    with pytest.raises(MessageUnfit):
        check_message(told, envelope_of(opening(budget=7), SHIPPER))


def built(*instructions: Instruction, payer: Key = TREASURY) -> bytes:
    once = Hash(MEANT.expires_at.to_bytes(8, "little") + MEANT.nonce)
    return bytes(Message.new_with_blockhash(list(instructions), Pubkey(payer), once))


def test_a_payment_beside_the_command_is_not_signed() -> None:
    wanted = instruction_of(MEANT, Pubkey(TREASURY))
    check_message(built(wanted), MEANT)
    theft = move(Pubkey(SHIPPER), Pubkey(BOB), 1_000)
    for message in (built(wanted, theft), built(theft, wanted), built(theft)):
        with pytest.raises(MessageUnfit):
            check_message(message, MEANT)


def test_a_program_that_is_not_ours_is_not_called() -> None:
    wanted = instruction_of(MEANT, Pubkey(TREASURY))
    foreign = Instruction(Pubkey(BOB), wanted.data, wanted.accounts)
    with pytest.raises(MessageUnfit):
        check_message(built(foreign), MEANT)


def test_nobody_else_and_nothing_else_is_signed_for() -> None:
    wanted = instruction_of(MEANT, Pubkey(TREASURY))
    guest = AccountMeta(Pubkey(BOB), is_signer=True, is_writable=False)
    more = Instruction(wanted.program_id, wanted.data, [*wanted.accounts, guest])
    elsewhere = Instruction(
        wanted.program_id, wanted.data, [wanted.accounts[0], guest, *wanted.accounts[2:]]
    )
    for message in (built(more), built(elsewhere), built(wanted, payer=SHIPPER)):
        with pytest.raises(MessageUnfit):
            check_message(message, MEANT)


@pytest.mark.parametrize("rail", [on_chain, LEDGER.message])
def test_a_message_that_was_cut_or_went_on_is_not_signed(rail: object) -> None:
    assert callable(rail)
    told: bytes = rail(MEANT)
    for wrong in (*(told[:end] for end in range(len(told))), told + b"\0"):
        with pytest.raises(MessageUnfit):
            check_message(wrong, MEANT)
