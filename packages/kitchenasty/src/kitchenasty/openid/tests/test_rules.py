"""What a token must say. Every claim alone keeps a guest out."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kitchenasty.openid.rules import ClaimRefused, Expected, check_claims, read_identity

NOW = 1_905_264_000
EXPECTED = Expected("https://login.example", "juniper", "nonce-of-the-trip", NOW)
RIGHT: dict[str, Any] = {
    "iss": "https://login.example",
    "aud": "juniper",
    "sub": "anna",
    "nonce": "nonce-of-the-trip",
    "iat": NOW,
    "exp": NOW + 300,
}
GONE = object()


def claims(**other: Any) -> dict[str, Any]:
    return {name: value for name, value in {**RIGHT, **other}.items() if value is not GONE}


@pytest.mark.parametrize(
    "other",
    [
        {},
        {"aud": ["juniper"]},
        {"aud": ["juniper", "project"], "azp": "juniper"},
        {"azp": "juniper"},
        {"exp": NOW - 59},
        {"iat": NOW + 59},
        {"iat": NOW - 600},
        {"nbf": NOW + 30},
        {"iat": NOW + 0.5, "exp": NOW + 300.5},
        {"sub": "s" * 255},
    ],
)
def test_a_right_token_counts(other: dict[str, Any]) -> None:
    assert read_identity(claims(**other), EXPECTED).subject == other.get("sub", "anna")


@pytest.mark.parametrize(
    ("other", "name"),
    [
        ({"iss": "https://login.example/"}, "iss"),
        ({"iss": "http://login.example"}, "iss"),
        ({"iss": GONE}, "iss"),
        ({"iss": ["https://login.example"]}, "iss"),
        ({"aud": "rye"}, "aud"),
        ({"aud": GONE}, "aud"),
        ({"aud": {"juniper": 1}}, "aud"),
        ({"aud": []}, "aud"),
        ({"aud": ["juniper", "rye"]}, "azp"),
        ({"aud": ["juniper", "rye"], "azp": "rye"}, "azp"),
        ({"azp": "rye"}, "azp"),
        ({"nonce": GONE}, "nonce"),
        ({"nonce": ""}, "nonce"),
        ({"nonce": "nonce-of-another-trip"}, "nonce"),
        ({"nonce": ["nonce-of-the-trip"]}, "nonce"),
        ({"nonce": "\udc80"}, "nonce"),
        ({"exp": NOW - 60}, "exp"),
        ({"exp": GONE}, "exp"),
        ({"exp": str(NOW + 300)}, "exp"),
        ({"exp": True}, "exp"),
        ({"exp": float("inf")}, "exp"),
        ({"exp": float("nan")}, "exp"),
        ({"iat": NOW + 61}, "iat"),
        ({"iat": NOW - 661}, "iat"),
        ({"iat": GONE}, "iat"),
        ({"nbf": NOW + 61}, "nbf"),
        ({"sub": GONE}, "sub"),
        ({"sub": ""}, "sub"),
        ({"sub": 7}, "sub"),
        ({"sub": "s" * 256}, "sub"),
        ({"sub": "\u0430nna"}, "sub"),
        ({"sub": "anna\n"}, "sub"),
    ],
)
def test_each_claim_alone_keeps_a_guest_out(other: dict[str, Any], name: str) -> None:
    with pytest.raises(ClaimRefused, match=f"^{name}$"):
        check_claims(claims(**other), EXPECTED)


@pytest.mark.parametrize("said", ["true", 1, "yes", None, False, [True]])
def test_only_true_is_a_promise_about_the_mail(said: Any) -> None:
    told = claims(email="anna@guest.example", email_verified=said)
    assert read_identity(told, EXPECTED).is_email_verified is False
    sure = claims(email="anna@guest.example", email_verified=True)
    assert read_identity(sure, EXPECTED).is_email_verified


ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from([*RIGHT, "azp", "nbf", "email", "name"]), ODD))
def test_whatever_is_claimed_is_refused_and_nothing_falls(told: dict[str, Any]) -> None:
    with pytest.raises(ClaimRefused):
        check_claims(told | {"nonce": "of nobody"}, EXPECTED)
