"""What is encrypted is what RFC 8291 says, to the byte, and one browser alone can read it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, derive_private_key
from hypothesis import given
from hypothesis import strategies as st

from kitchenasty.push.encryption import (
    PLAIN_BYTES_MAX,
    encrypt,
    from_base64,
    make_key_pair,
    prove,
    to_base64,
)
from kitchenasty.push.tests.builders import Browser, read_token
from kitchenasty.push.words import PushWords

# The example of RFC 8291, section 5 and appendix A.
PLAIN = b"When I grow up, I want to be a watermelon"
THEIR_PRIVATE = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"
THEIR_PUBLIC = (
    "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
)
OUR_PRIVATE = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
SALT, AUTH = "DGv6ra1nlYgDCS1FRnbzlw", "BTBZMqHH6r4Tts7J_aSIgg"
WHOLE = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS"
    "6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qu"
    "lcy4a-fN"
)
BROWSER = Browser("https://push.example/a")


def test_the_example_of_the_standard_comes_out_to_the_byte() -> None:
    own = derive_private_key(int.from_bytes(from_base64(OUR_PRIVATE), "big"), SECP256R1())
    body = encrypt(
        PLAIN, public_key=THEIR_PUBLIC, auth_secret=AUTH, own=own, salt=from_base64(SALT)
    )
    assert to_base64(body) == WHOLE
    theirs = derive_private_key(int.from_bytes(from_base64(THEIR_PRIVATE), "big"), SECP256R1())
    assert Browser("", theirs, from_base64(AUTH)).decrypt(body) == PLAIN


@given(st.binary(max_size=PLAIN_BYTES_MAX))
def test_whatever_is_said_is_read_as_it_was_said(plain: bytes) -> None:
    told = BROWSER.body
    body = encrypt(plain, public_key=str(told["publicKey"]), auth_secret=str(told["authSecret"]))
    assert BROWSER.decrypt(body) == plain
    assert len(body) <= 4_096


def test_another_browser_reads_nothing() -> None:
    told = BROWSER.body
    body = encrypt(PLAIN, public_key=str(told["publicKey"]), auth_secret=str(told["authSecret"]))
    with pytest.raises(InvalidTag):
        Browser("https://push.example/b").decrypt(body)


def test_the_same_message_looks_different_every_time() -> None:
    told = BROWSER.body
    both = {
        encrypt(PLAIN, public_key=str(told["publicKey"]), auth_secret=str(told["authSecret"]))
        for _ in range(2)
    }
    assert len(both) == 2


@pytest.mark.parametrize("key", ["", "B" + "A" * 86, "leek", "AAAA"])
def test_what_is_no_key_is_refused(key: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        encrypt(PLAIN, public_key=key, auth_secret=AUTH)


def test_the_proof_names_the_service_and_the_time_and_is_ours() -> None:
    keys, now = make_key_pair(), datetime(2030, 5, 17, 16, tzinfo=UTC)
    said = prove(keys, audience="https://push.example", contact="mailto:a@b.example", now=now)
    token = said.removeprefix("vapid t=").partition(",")[0]
    assert read_token(token, keys.public) == {
        "aud": "https://push.example",
        "exp": int(now.timestamp()) + 43_200,
        "sub": "mailto:a@b.example",
    }
    with pytest.raises(InvalidSignature):
        read_token(token, make_key_pair().public)


def test_the_longest_words_fit() -> None:
    """Four bytes a letter, twice as long as anybody writes."""
    words = PushWords(
        title="🧅" * 400, body="🧅" * 900, link=f"/t/{'x' * 64}", tag="order:" + "y" * 36
    )
    told = words.to_message()
    assert sum(len(part.encode()) for part in told.values()) < PLAIN_BYTES_MAX - 100
