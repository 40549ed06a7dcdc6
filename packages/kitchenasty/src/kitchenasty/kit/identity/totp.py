"""Codes of six digits that change every half minute (RFC 6238, over HOTP of RFC 4226). Pure."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import datetime
from urllib.parse import quote, urlencode

STEP_SECONDS = 30
DIGITS = 6
SKEW_STEPS = 1
"""A phone's clock may be one step early or late (RFC 6238, section 5.2)."""
SECRET_BYTES = 20


def step_of(instant: datetime) -> int:
    return int(instant.timestamp()) // STEP_SECONDS


def code_at(secret: bytes, step: int, *, digits: int = DIGITS) -> str:
    """The code of one step: HMAC-SHA1, cut as RFC 4226 says in section 5.3."""
    digest = hmac.digest(secret, step.to_bytes(8, "big"), hashlib.sha1)
    offset = digest[-1] & 0xF
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**digits:0{digits}d}"


def find_step(secret: bytes, code: str, instant: datetime) -> int | None:
    """The step whose code this is, at most one away from now; None if it is none of them."""
    now = step_of(instant)
    typed = code.encode("utf-8", "surrogatepass")
    found = None
    # Each is compared, so that the time of the answer tells nothing.
    for step in range(now - SKEW_STEPS, now + SKEW_STEPS + 1):
        if hmac.compare_digest(code_at(secret, step).encode(), typed):
            found = step
    return found


def spell(secret: bytes) -> str:
    """As people type it into a phone: base 32, in groups of four."""
    text = base64.b32encode(secret).decode().rstrip("=")
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def address_of(secret: bytes, *, issuer: str, account: str) -> str:
    """What the picture for the phone says, in the form that authenticator apps have agreed on."""
    label = f"{quote(issuer, safe='')}:{quote(account, safe='@')}"
    facts = {"secret": spell(secret).replace(" ", ""), "issuer": issuer}
    return f"otpauth://totp/{label}?{urlencode(facts, quote_via=quote)}"
