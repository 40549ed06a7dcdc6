"""Commands as bytes: there and back, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from basis.escrow import (
    COMMANDS,
    Award,
    Command,
    Deposit,
    Envelope,
    JobCommand,
    JobKey,
    MalformedCommand,
    Offer,
    Open,
    Withdraw,
    decode_envelope,
    encode_envelope,
)
from basis.escrow.encoding import FIELDS

NOW = 1_800_000_000
SHIPPER, ALICE, COORDINATOR, ARBITER = (bytes([n]) * 32 for n in range(1, 5))
JOB = JobKey(SHIPPER, b"a parcel to Pasi")

KEYS = st.binary(min_size=32, max_size=32)
AMOUNTS = st.integers(0, 2**64 - 1)
INSTANTS = st.integers(-(2**63), 2**63 - 1)
VALUES = {
    "u8": st.integers(0, 255),
    "u16": st.integers(0, 65_535),
    "u64": AMOUNTS,
    "i64": INSTANTS,
    "key": KEYS,
    "flag": st.booleans(),
    "legs": st.lists(st.builds(Offer, KEYS, AMOUNTS, INSTANTS), max_size=8).map(tuple),
}
JOBS = st.builds(JobKey, KEYS, st.binary(min_size=16, max_size=16))


def opening(*, budget: int) -> Open:
    return Open(job=JOB, budget=budget, award_by=NOW, coordinator=COORDINATOR, arbiter=ARBITER)


@st.composite
def commands(draw: st.DrawFn) -> Command:
    tag = draw(st.sampled_from(sorted(COMMANDS)))
    given_fields: dict[str, Any] = {name: draw(VALUES[kind]) for name, kind in FIELDS[tag]}
    if tag not in (Deposit.tag, Withdraw.tag):
        given_fields["job"] = draw(JOBS)
    return COMMANDS[tag](**given_fields)


ENVELOPES = st.builds(
    Envelope,
    command=commands(),
    signer=KEYS,
    expires_at=INSTANTS,
    nonce=st.binary(min_size=24, max_size=24),
)


@given(ENVELOPES)
def test_an_envelope_comes_back_as_it_went(envelope: Envelope) -> None:
    assert decode_envelope(encode_envelope(envelope)) == envelope


@given(ENVELOPES, ENVELOPES)
def test_two_envelopes_never_have_one_spelling(one: Envelope, other: Envelope) -> None:
    assert (encode_envelope(one) == encode_envelope(other)) == (one == other)


@given(ENVELOPES, st.data())
def test_no_other_spelling_is_read(envelope: Envelope, data: st.DataObject) -> None:
    told = encode_envelope(envelope)
    cut = data.draw(st.integers(0, len(told) - 1))
    for wrong in (told[:cut], told + b"\0"):
        with pytest.raises(MalformedCommand):
            decode_envelope(wrong)


@pytest.mark.parametrize(
    "wrong",
    [
        opening(budget=-1),
        opening(budget=1 << 64),
        Award(job=JOB, accept_by=NOW, legs=(Offer(ALICE, 1, 1),) * 9),
        Award(job=JOB, accept_by=1 << 63, legs=()),
        Award(job=JobKey(SHIPPER, b"short"), accept_by=NOW, legs=()),
        Award(job=JobKey(b"short", JOB.id), accept_by=NOW, legs=()),
    ],
)
def test_negative_and_overflowing_amounts_and_odd_keys_have_no_spelling(wrong: JobCommand) -> None:
    with pytest.raises(MalformedCommand):
        encode_envelope(Envelope(command=wrong, signer=SHIPPER, expires_at=NOW, nonce=bytes(24)))
