"""A stranger calls the program with any data and any accounts, and nothing changes."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from solders.instruction import AccountMeta, Instruction
from solders.pubkey import Pubkey
from solders.system_program import ID as SYSTEM

from swarmhaul.settlement import (
    Accept,
    Arrive,
    Close,
    Confirm,
    Dispute,
    Expire,
    JobCommand,
    Release,
    Replace,
    Resolve,
)
from swarmhaul.settlement.tests.cast import (
    ALICE,
    ARBITER,
    BOB,
    COORDINATOR,
    JOB,
    SHIPPER,
    STRANGER,
    TREASURY,
    awarding,
    envelope_of,
    opening,
)
from swarmhaul.svm.addresses import PROGRAM, job_address, reputation_address
from swarmhaul.svm.messages import instruction_of
from tests.settlement.chain import Chain

JOB_ADDRESS = job_address(JOB)[0]
STANDINGS = [reputation_address(courier)[0] for courier in (ALICE, BOB, STRANGER)]
PARTIES = (SHIPPER, COORDINATOR, ARBITER, ALICE, BOB, STRANGER, TREASURY)
ADDRESSES = [JOB_ADDRESS, *STANDINGS, *[Pubkey(key) for key in PARTIES], SYSTEM, PROGRAM]
WATCHED = [JOB_ADDRESS, *STANDINGS, *[Pubkey(key) for key in PARTIES if key != TREASURY]]
ACCOUNTS = st.builds(
    AccountMeta, st.sampled_from(ADDRESSES), is_signer=st.just(False), is_writable=st.booleans()
)
"""Foreign keys do not sign: who has them is not a stranger."""

ACCEPT, ARRIVE = Accept(job=JOB, leg=0), Arrive(job=JOB, leg=0)
WISHES: tuple[JobCommand, ...] = (
    opening(),
    awarding(STRANGER),
    ACCEPT,
    ARRIVE,
    Replace(job=JOB, leg=1, courier=STRANGER, pay=1),
    Confirm(job=JOB, leg=0, courier=ALICE),
    Confirm(job=JOB, leg=0, courier=STRANGER),
    Release(job=JOB, leg=0, courier=ALICE),
    Dispute(job=JOB, leg=0, reason=bytes(32)),
    Resolve(job=JOB, leg=0, courier=ALICE, share=0, breach=True),
    Expire(job=JOB, courier=ALICE),
    Close(job=JOB),
)
PLAIN = [instruction_of(envelope_of(wish, STRANGER), Pubkey(TREASURY)) for wish in WISHES]


@st.composite
def calls(draw: st.DrawFn) -> tuple[bytes, list[AccountMeta]]:
    """What a stranger would call, most often with something changed."""
    plain = draw(st.sampled_from(PLAIN))
    told, accounts = plain.data, list(plain.accounts)
    if draw(st.booleans()):
        at = draw(st.integers(0, len(told) - 1))
        told = told[:at] + draw(st.binary(max_size=3)) + told[at + draw(st.integers(0, 3)) :]
    for _ in range(draw(st.integers(0, 2))):
        at = draw(st.integers(0, len(accounts)))
        accounts[at : at + draw(st.integers(0, 1))] = draw(st.lists(ACCOUNTS, max_size=2))
    return told, accounts


@pytest.fixture(scope="module")
def waiting() -> Chain:
    """Alice has arrived and Bob is to receive: before silence is over, no stranger may act."""
    chain = Chain()
    steps = (
        (opening(), SHIPPER),
        (awarding(ALICE, BOB), COORDINATOR),
        (ACCEPT, ALICE),
        (Accept(job=JOB, leg=1), BOB),
        (ARRIVE, ALICE),
    )
    for command, signer in steps:
        assert chain.send(command, signer) == ""
    return chain


def standing(chain: Chain) -> list[tuple[int, bytes] | None]:
    found = [chain.machine.get_account(address) for address in WATCHED]
    return [(account.lamports, account.data) if account else None for account in found]


@settings(
    max_examples=400,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    database=None,
)
@given(calls())
def test_whatever_a_stranger_calls_nothing_changes(
    waiting: Chain, call: tuple[bytes, list[AccountMeta]]
) -> None:
    told, accounts = call
    before = standing(waiting)
    said = waiting.send_plain(Instruction(PROGRAM, told, accounts), STRANGER)
    assert said != ""
    assert standing(waiting) == before
