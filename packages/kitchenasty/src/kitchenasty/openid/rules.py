"""What an ID token must say before it counts (OpenID Connect Core 1.0, section 3.1.3.7). Pure."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeGuard

SKEW_SECONDS = 60
"""Clocks differ."""
AGE_SECONDS_MAX = 600
"""A token is made while the guest comes back; an old one was made for somebody else."""
SUBJECT_LENGTH_MAX = 255
INSTANT_MAX = 100_000_000_000


class ClaimRefused(ValueError):
    """The claim's name; what it said is nobody's business."""

    def __init__(self, *, claim: str) -> None:
        super().__init__(claim)


@dataclass(frozen=True, slots=True)
class Expected:
    issuer: str
    client_id: str
    nonce: str
    now: int
    """Seconds since 1970."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the provider says it is. Only `issuer` and `subject` together name somebody for good."""

    issuer: str
    subject: str
    email: str | None
    is_email_verified: bool
    name: str


def read_identity(claims: Mapping[str, Any], expected: Expected) -> Identity:
    """Raises ClaimRefused."""
    check_claims(claims, expected)
    email, name = claims.get("email"), claims.get("name")
    return Identity(
        issuer=expected.issuer,
        subject=claims["sub"],
        email=email if isinstance(email, str) else None,
        # A text "true" is no promise.
        is_email_verified=claims.get("email_verified") is True,
        name=name if isinstance(name, str) else "",
    )


def check_claims(claims: Mapping[str, Any], expected: Expected) -> None:
    """Raises ClaimRefused."""
    if claims.get("iss") != expected.issuer:
        raise ClaimRefused(claim="iss")
    check_audience(claims, expected.client_id)
    subject = claims.get("sub")
    if not isinstance(subject, str) or not is_subject(subject):
        raise ClaimRefused(claim="sub")
    nonce = claims.get("nonce")
    if not isinstance(nonce, str) or not same(nonce, expected.nonce):
        raise ClaimRefused(claim="nonce")
    check_times(claims, expected.now)


def check_audience(claims: Mapping[str, Any], client_id: str) -> None:
    """For us, and when for others too, then asked for by us. Raises ClaimRefused."""
    audience, party = claims.get("aud"), claims.get("azp")
    for_whom = [audience] if isinstance(audience, str) else audience
    if not isinstance(for_whom, list) or client_id not in for_whom:
        raise ClaimRefused(claim="aud")
    if (party is not None or len(for_whom) > 1) and party != client_id:
        raise ClaimRefused(claim="azp")


def check_times(claims: Mapping[str, Any], now: int) -> None:
    """Raises ClaimRefused."""
    until, made = claims.get("exp"), claims.get("iat")
    if not is_instant(until) or now >= until + SKEW_SECONDS:
        raise ClaimRefused(claim="exp")
    if not is_instant(made) or not -SKEW_SECONDS <= now - made <= AGE_SECONDS_MAX + SKEW_SECONDS:
        raise ClaimRefused(claim="iat")
    begins = claims.get("nbf", made)
    if not is_instant(begins) or now < begins - SKEW_SECONDS:
        raise ClaimRefused(claim="nbf")


def is_instant(value: Any) -> TypeGuard[float]:
    """JSON as it is read here knows NaN and Infinity, which no instant is."""
    return isinstance(value, int | float) and 0 < value < INSTANT_MAX


def is_subject(text: str) -> bool:
    """At most 255 letters of ASCII (section 8 of the standard), of which a column keeps each."""
    return 0 < len(text) <= SUBJECT_LENGTH_MAX and text.isascii() and text.isprintable()


def same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode("utf-8", "surrogatepass"), other.encode())
