from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kitchenasty.kit.identity import totp

SECRET = b"12345678901234567890"
RFC_6238 = (
    (59, "94287082"),
    (1111111109, "07081804"),
    (1111111111, "14050471"),
    (1234567890, "89005924"),
    (2000000000, "69279037"),
    (20000000000, "65353130"),
)
"""Appendix B, the rows of SHA1."""
RFC_4226 = "755224 287082 359152 969429 338314 254676 287922 162583 399871 520489"
"""Appendix D, by counter."""
NOW = datetime(2026, 11, 21, 18, 0, 15, tzinfo=UTC)


@pytest.mark.parametrize(("seconds", "code"), RFC_6238)
def test_codes_are_those_of_rfc_6238(seconds: int, code: str) -> None:
    instant = datetime.fromtimestamp(seconds, UTC)
    assert totp.code_at(SECRET, totp.step_of(instant), digits=8) == code


def test_codes_are_those_of_rfc_4226() -> None:
    assert [totp.code_at(SECRET, counter) for counter in range(10)] == RFC_4226.split()


@pytest.mark.parametrize(
    ("steps_away", "is_good"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)]
)
def test_a_clock_may_be_one_step_off(steps_away: int, is_good: bool) -> None:
    then = NOW + timedelta(seconds=totp.STEP_SECONDS * steps_away)
    found = totp.find_step(SECRET, totp.code_at(SECRET, totp.step_of(then)), NOW)
    assert found == (totp.step_of(then) if is_good else None)


@given(st.text(max_size=12))
def test_no_other_text_is_a_code(text: str) -> None:
    now = totp.step_of(NOW)
    codes = {totp.code_at(SECRET, step) for step in (now - 1, now, now + 1)}
    assert (totp.find_step(SECRET, text, NOW) is not None) == (text in codes)


def test_a_phone_reads_issuer_account_and_secret() -> None:
    address = totp.address_of(SECRET, issuer="Juniper & Rye", account="ada@bistro.example")
    assert address == (
        "otpauth://totp/Juniper%20%26%20Rye:ada@bistro.example"
        "?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Juniper%20%26%20Rye"
    )
    assert totp.spell(SECRET).startswith("GEZD GNBV GY3T")
