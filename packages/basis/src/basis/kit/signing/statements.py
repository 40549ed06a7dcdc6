"""Statements: what somebody wants, signed so that it means one thing, at one place, once, for a
while.

A statement is one JSON object in canonical form (RFC 8785), and those bytes are what is signed,
sent and kept. It names its market and purpose, so a signature for one thing is none for another.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
import rfc8785

from basis.errors import Forbidden, Invalid, Unauthenticated
from basis.kit.signing.keys import SigningKey, is_signed_by

# No transaction of a chain begins with this byte, so a signature under a statement is never one
# under a payment, whatever the statement says.
PREFIX = b"\xffswarmhaul statement v1\n"
VERSION = 1
STATEMENT_BYTES_MAX = 16_384
CLOCK_SKEW_SECONDS = 60
NONCE = re.compile(r"[A-Za-z0-9_-]{16,64}")
NAME = re.compile(r"[a-z0-9.:_-]{1,80}")
SECONDS_MAX = 1 << 40


class Unsigned(Unauthenticated): ...


class SignatureWrong(Unauthenticated): ...


class Expired(Unauthenticated): ...


class NotYet(Unauthenticated): ...


class WrongPurpose(Forbidden): ...


class WrongMarket(Forbidden): ...


class NotCanonical(Invalid): ...


class StatementUnfit(Invalid): ...


class LivesTooLong(Invalid): ...


class Statement(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """What is signed. Instants are whole seconds since 1970."""

    version: int
    market: str
    purpose: str
    signer: str
    nonce: str
    issued_at: int
    expires_at: int
    terms: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """A statement that was found to be good, with the bytes and the signature that prove it."""

    statement: Statement
    text: str
    signature: str

    @property
    def signer(self) -> str:
        return self.statement.signer

    @property
    def terms(self) -> Mapping[str, Any]:
        return self.statement.terms

    @property
    def digest(self) -> str:
        return digest_of(self.text)


def digest_of(text: str) -> str:
    """SHA-256 of the bytes of a statement, in hex: its name for good."""
    return hashlib.sha256(text.encode()).hexdigest()


def open_statement(
    raw: bytes,
    signature: str | None,
    *,
    market: str,
    purpose: str,
    now: datetime,
    lives_seconds_max: int,
) -> Signed:
    """Raises a refusal unless the bytes are a statement for this market and purpose, now, and the
    signature that of its signer. Whether its nonce was spent, only the books can tell.
    """
    if not signature:
        raise Unsigned("This needs a signature: send it in the header X-Signature.")
    statement = read_statement(raw)
    if not is_signed_by(statement.signer, PREFIX + raw, signature):
        raise SignatureWrong("The signature is not that of the signer over these bytes.")
    # Only now: whoever did not sign learns nothing, and what they sent changes nothing.
    check_place(statement, market=market, purpose=purpose)
    check_time(statement, int(now.timestamp()), lives_seconds_max)
    return Signed(statement=statement, text=raw.decode(), signature=signature)


def read_statement(raw: bytes) -> Statement:
    """Raises NotCanonical for other bytes than the canonical ones, StatementUnfit otherwise."""
    if len(raw) > STATEMENT_BYTES_MAX:
        raise StatementUnfit(f"A statement has at most {STATEMENT_BYTES_MAX:,} bytes.")
    try:
        value = msgspec.json.decode(raw)
        statement = msgspec.convert(value, Statement)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
        raise StatementUnfit(f"This is no statement: {error}.") from error
    if raw != to_canonical(value):
        raise NotCanonical("Send the canonical bytes (RFC 8785) that were signed, and no others.")
    if statement.version != VERSION or not NONCE.fullmatch(statement.nonce):
        raise StatementUnfit("A statement has version 1 and a nonce of 16 to 64 letters or digits.")
    return statement


def to_canonical(value: Any) -> bytes:
    """The one spelling of a JSON value. Raises NotCanonical for what has none."""
    try:
        return rfc8785.dumps(value)
    except (rfc8785.CanonicalizationError, RecursionError) as error:
        raise NotCanonical(f"This has no canonical form: {error}.") from error


def check_place(statement: Statement, *, market: str, purpose: str) -> None:
    if statement.market != market:
        raise WrongMarket(f"This was signed for another market; here it is {market}.")
    if statement.purpose != purpose:
        raise WrongPurpose(f"This was signed for something else; here it is {purpose}.")


def check_time(statement: Statement, now: int, lives_seconds_max: int) -> None:
    if not 0 <= statement.issued_at < statement.expires_at < SECONDS_MAX:
        raise StatementUnfit("A statement expires after it was issued.")
    if statement.expires_at - statement.issued_at > lives_seconds_max:
        raise LivesTooLong(f"A statement of this kind lives {lives_seconds_max} seconds at most.")
    if statement.issued_at > now + CLOCK_SKEW_SECONDS:
        raise NotYet("This was issued in the future. Please set your clock.")
    if statement.expires_at <= now:
        raise Expired("This has expired. Please sign it again.")


def sign_statement(
    key: SigningKey,
    terms: Mapping[str, Any],
    *,
    market: str,
    purpose: str,
    now: datetime,
    lives_seconds: int = 120,
) -> Signed:
    """A statement of one's own. Raises NotCanonical for terms that have no canonical form."""
    assert NAME.fullmatch(market)
    assert NAME.fullmatch(purpose)
    issued_at = int(now.timestamp())
    statement = Statement(
        version=VERSION,
        market=market,
        purpose=purpose,
        signer=key.public,
        nonce=secrets.token_urlsafe(16),
        issued_at=issued_at,
        expires_at=issued_at + lives_seconds,
        terms=dict(terms),
    )
    raw = to_canonical(msgspec.to_builtins(statement))
    return Signed(statement=statement, text=raw.decode(), signature=key.sign(PREFIX + raw))
