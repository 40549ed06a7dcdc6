"""Who signed a token, and how."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kitchenasty.openid.tests.twin import EC, RSA, WEAK, Twin
from kitchenasty.openid.tokens import KeyUnknown, TokenRefused, read_keys, read_token

KEYS = read_keys({"keys": Twin().keys})


def signed(signing: str, **claims: Any) -> str:
    return Twin(signing=signing).sign(claims)


@pytest.mark.parametrize("algorithm", ["RS256", "PS256", "ES256"])
def test_a_key_of_the_provider_counts(algorithm: str) -> None:
    assert read_token(signed(algorithm, sub="anna"), KEYS) == {"sub": "anna"}


@pytest.mark.parametrize("forged", ["none", "HS256", "somebody else", "RS512"])
def test_no_other_signature_counts(forged: str) -> None:
    with pytest.raises(TokenRefused):
        read_token(signed(forged, sub="anna"), KEYS)


def test_a_changed_token_is_not_what_was_signed() -> None:
    head, body, seal = signed("RS256", sub="anna").split(".")
    other = signed("RS256", sub="bob").split(".")[1]
    for token in (f"{head}.{other}.{seal}", f"{head}.{body}.", f"{head}.{body}", head, ""):
        with pytest.raises(TokenRefused):
            read_token(token, KEYS)


def test_an_unknown_name_of_a_key_is_told_apart() -> None:
    with pytest.raises(KeyUnknown):
        read_token(signed("RS256", sub="anna"), read_keys({"keys": [EC.as_dict(private=False)]}))


def test_of_a_set_only_keys_that_verify_are_taken() -> None:
    right = RSA.as_dict(private=False)
    small = right | {"n": right["n"][:300]}
    odd: list[Any] = [
        WEAK,
        small,
        right | {"use": "enc"},
        RSA.as_dict(private=True),
        {"kty": "RSA", "n": "!", "e": "AQAB"},
        {"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"},
        {"kty": ["RSA"]},
        "RSA",
        None,
    ]
    assert [key.kid for key in read_keys({"keys": [*odd, right]})] == ["rsa-1"]
    nonsenses: list[Any] = [None, [], {"keys": {}}, {"keys": [right] * 51}]
    for nonsense in nonsenses:
        with pytest.raises(TokenRefused):
            read_keys(nonsense)


@given(st.text() | st.from_regex(r"[\w-]{0,40}\.[\w-]{0,40}\.[\w-]{0,40}", fullmatch=True))
def test_nonsense_is_refused_and_nothing_falls(text: str) -> None:
    with pytest.raises(TokenRefused):
        read_token(text, KEYS)


def test_a_token_has_a_bound() -> None:
    with pytest.raises(TokenRefused):
        read_token(signed("RS256", sub="a" * 20_000), KEYS)
