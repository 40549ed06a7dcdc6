"""A statement counts when it is whole, for here, for this, now, and signed by who it says."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from basis.errors import DomainError
from basis.kit.signing import (
    Expired,
    LivesTooLong,
    NotCanonical,
    NotYet,
    SignatureWrong,
    Signed,
    SigningKey,
    StatementUnfit,
    Unsigned,
    WrongMarket,
    WrongPurpose,
    open_statement,
    sign_statement,
)
from basis.kit.signing.statements import PREFIX, to_canonical

NOW = datetime(2030, 5, 17, 16, 0, tzinfo=UTC)
ADA, EVE = SigningKey.of_seed(b"a" * 32), SigningKey.of_seed(b"e" * 32)
TERMS = {"cost": 1_000, "job": "some"}


def statement(key: SigningKey = ADA, **fields: Any) -> Signed:
    given: dict[str, Any] = {"market": "here", "purpose": "bid", "now": NOW}
    return sign_statement(key, TERMS, **(given | fields))


def opened(raw: bytes, signature: str | None, **fields: Any) -> Signed:
    given: dict[str, Any] = {
        "market": "here", "purpose": "bid", "now": NOW, "lives_seconds_max": 600
    }  # fmt: skip
    return open_statement(raw, signature, **(given | fields))


def changed(signed: Signed, **fields: Any) -> bytes:
    return to_canonical(msgspec.to_builtins(signed.statement) | fields)


def test_a_good_statement_is_read_with_its_proof() -> None:
    given = statement()
    found = opened(given.text.encode(), given.signature)
    assert (found.signer, found.terms, found.text) == (ADA.public, TERMS, given.text)
    assert found.digest == given.digest


@pytest.mark.parametrize("signature", [None, ""])
def test_refuses_what_is_not_signed(signature: str | None) -> None:
    with pytest.raises(Unsigned):
        opened(statement().text.encode(), signature)


@pytest.mark.parametrize("signature", ["1", "x", "0", "1" * 64, "z" * 400, EVE.sign(b"else")])
def test_refuses_a_forged_signature(signature: str) -> None:
    with pytest.raises(SignatureWrong):
        opened(statement().text.encode(), signature)


def test_refuses_a_signature_of_somebody_else() -> None:
    good = statement()
    with pytest.raises(SignatureWrong):
        opened(good.text.encode(), EVE.sign(PREFIX + good.text.encode()))


def test_refuses_a_signature_over_the_bare_bytes() -> None:
    """A wallet that signs any text or payment must not have signed a statement by it."""
    good = statement()
    with pytest.raises(SignatureWrong):
        opened(good.text.encode(), ADA.sign(good.text.encode()))


@pytest.mark.parametrize(
    "fields", [{"terms": {"cost": 1}}, {"expires_at": 2**39}, {"signer": EVE.public}]
)
def test_refuses_terms_that_were_changed_afterwards(fields: dict[str, Any]) -> None:
    good = statement()
    with pytest.raises(SignatureWrong):
        opened(changed(good, **fields), good.signature)


@pytest.mark.parametrize(
    "spell",
    [
        lambda text: json.dumps(json.loads(text)),
        lambda text: text.replace('"here"', '"\\u0068ere"'),
        lambda text: text + "\n",
        lambda text: text.replace('"cost":1000', '"cost":1000.0'),
        lambda text: text.replace('"cost":1000', '"cost":1,"cost":1000'),
    ],
)  # fmt: skip
def test_refuses_the_same_content_spelled_otherwise(spell: Any) -> None:
    """D-24: what is checked are the bytes that came, not what a parser made of them. Even signed
    anew, a second spelling is none: a statement has one digest.
    """
    raw = spell(statement().text).encode()
    with pytest.raises(NotCanonical):
        opened(raw, ADA.sign(PREFIX + raw))


def test_refuses_a_statement_for_another_purpose_or_market() -> None:
    given = statement()
    with pytest.raises(WrongPurpose):
        opened(given.text.encode(), given.signature, purpose="withdraw")
    with pytest.raises(WrongMarket):
        opened(given.text.encode(), given.signature, market="there")


def test_refuses_what_has_expired_and_what_comes_from_the_future() -> None:
    given = statement(lives_seconds=100)
    raw = given.text.encode()
    opened(raw, given.signature, now=NOW + timedelta(seconds=99))
    with pytest.raises(Expired):
        opened(raw, given.signature, now=NOW + timedelta(seconds=100))
    opened(raw, given.signature, now=NOW - timedelta(seconds=60))
    with pytest.raises(NotYet):
        opened(raw, given.signature, now=NOW - timedelta(seconds=61))


def test_refuses_what_would_live_too_long_or_not_at_all() -> None:
    long = statement(lives_seconds=601)
    with pytest.raises(LivesTooLong):
        opened(long.text.encode(), long.signature)
    stillborn = statement(lives_seconds=0)
    with pytest.raises(StatementUnfit):
        opened(stillborn.text.encode(), stillborn.signature)


@pytest.mark.parametrize(
    "raw",
    [
        b"", b"null", b"[]", b"{}", b"\xff\xfe", b"{" * 9_000, b"[" * 9_000,
        b'"' + b"a" * 20_000 + b'"',
        changed(statement(), version=2), changed(statement(), nonce="short"),
        changed(statement(), more=1), changed(statement(), terms=[]),
    ],
)  # fmt: skip
def test_refuses_what_is_no_statement(raw: bytes) -> None:
    with pytest.raises(StatementUnfit):
        opened(raw, ADA.sign(PREFIX + raw))


def test_refuses_numbers_that_other_languages_would_read_otherwise() -> None:
    raw = changed(statement()).replace(b"1000", b"9007199254740993")
    with pytest.raises(NotCanonical):
        opened(raw, ADA.sign(PREFIX + raw))
    with pytest.raises(NotCanonical):
        sign_statement(ADA, {"cost": 2**53}, market="here", purpose="bid", now=NOW)


@given(st.binary(max_size=300), st.text(max_size=100))
def test_nothing_that_is_sent_does_more_than_be_refused(raw: bytes, signature: str) -> None:
    with pytest.raises(DomainError):
        opened(raw, signature)


def test_writes_as_the_standard_does() -> None:
    """The examples of RFC 8785, sections 3.2.2 and 3.2.3."""
    numbers = json.loads(
        '{"numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],'
        ' "string": "\\u20ac$\\u000F\\u000aA\'\\u0042\\u0022\\u005c\\\\\\"\\/",'
        ' "literals": [null, true, false]}'
    )
    assert (
        to_canonical(numbers)
        == (
            '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],'
            '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
        ).encode()
    )
    names = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\u0080", "\u00f6"]
    ordered = list(json.loads(to_canonical(dict.fromkeys(names, 0))))
    assert ordered == ["\r", "1", "\u0080", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]
