"""Talking to a provider: what it says about itself, its keys, and what it gives for a code."""

from __future__ import annotations

import base64
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode, urlsplit

import msgspec
import structlog

from basis.errors import Unavailable
from basis.kit.outgoing import Outgoing
from kitchenasty.openid.rules import ClaimRefused, Expected, Identity, read_identity
from kitchenasty.openid.terms import Terms
from kitchenasty.openid.tokens import KeyUnknown, TokenRefused, read_keys, read_token
from kitchenasty.openid.trips import Trip

if TYPE_CHECKING:
    from joserfc.jwk import Key

logger = structlog.get_logger(__name__)

DESCRIPTION = "/.well-known/openid-configuration"
FRESH_SECONDS = 3_600
NEW_KEYS_SECONDS = 60
"""So often at most a token signed with an unknown key makes us ask for the keys anew."""
SCOPE = "openid email profile"
CODE_LENGTH_MAX = 2_048


class ProviderOdd(Unavailable):
    """It answers, and not as the standard says; nobody comes in by it."""

    def __init__(self, *, what: str) -> None:
        super().__init__(
            "The provider answered in a way we cannot trust. Please try again, or sign in with "
            "your password."
        )
        logger.warning("openid.odd", what=what)


class Description(msgspec.Struct, frozen=True, kw_only=True):
    """What a provider says about itself (OpenID Connect Discovery 1.0, section 3)."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    token_endpoint_auth_methods_supported: list[str] | None = None
    """None: `client_secret_basic` and no other."""
    authorization_response_iss_parameter_supported: bool = False


class TokenAnswer(msgspec.Struct, frozen=True):
    id_token: str


@dataclass(slots=True)
class Known:
    """One provider, as it was last asked."""

    description: Description
    keys: list[Key]
    asked_at: float
    keys_asked_at: float


class Providers:
    """Of one process. What they say of themselves is remembered for an hour."""

    def __init__(
        self, outgoing: Outgoing, *, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._outgoing = outgoing
        self._monotonic = monotonic
        self._known: dict[str, Known] = {}

    async def ask(self, issuer: str) -> Known:
        """What it says now, whatever is remembered. Raises ElsewhereAway, ProviderOdd."""
        text = await self._fetch(issuer.rstrip("/") + DESCRIPTION)
        try:
            description = msgspec.json.decode(text, type=Description)
        except (msgspec.DecodeError, RecursionError) as error:
            raise ProviderOdd(what="description") from error
        if description.issuer != issuer or not is_address(description, issuer):
            raise ProviderOdd(what="issuer")
        now = self._monotonic()
        known = Known(description, await self._fetch_keys(description), now, now)
        # One house has one provider: those before it need not be remembered.
        self._known = {issuer: known}
        return known

    async def know(self, issuer: str) -> Known:
        """Raises ElsewhereAway, ProviderOdd."""
        known = self._known.get(issuer)
        if known is None or self._monotonic() - known.asked_at >= FRESH_SECONDS:
            return await self.ask(issuer)
        return known

    async def way_there(self, terms: Terms, trip: Trip, secret: str, back_url: str) -> str:
        """Where the guest's browser goes. Raises ElsewhereAway, ProviderOdd."""
        known = await self.know(terms.issuer)
        endpoint = known.description.authorization_endpoint
        asked = {
            "response_type": "code",
            "client_id": terms.client_id,
            "redirect_uri": back_url,
            "scope": SCOPE,
            "state": trip.state(secret),
            "nonce": trip.nonce(secret),
            "code_challenge": trip.challenge(secret),
            "code_challenge_method": "S256",
        }
        return f"{endpoint}{'&' if urlsplit(endpoint).query else '?'}{urlencode(asked)}"

    async def says_who(
        self, terms: Terms, trip: Trip, secret: str, *, code: str, back_url: str, now: int
    ) -> Identity:
        """Who it says has come back with this code. Raises ElsewhereAway, ProviderOdd."""
        known = await self.know(terms.issuer)
        token = await self._exchange(known.description, terms, {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": back_url,
            "code_verifier": trip.verifier(secret),
        })  # fmt: skip
        claims = await self._read(known, token)
        expected = Expected(terms.issuer, terms.client_id, trip.nonce(secret), now)
        try:
            return read_identity(claims, expected)
        except ClaimRefused as error:
            raise ProviderOdd(what=str(error)) from error

    async def _exchange(self, found: Description, terms: Terms, fields: dict[str, str]) -> str:
        headers = {}
        methods = found.token_endpoint_auth_methods_supported
        if methods is None or "client_secret_basic" in methods:
            # RFC 6749, section 2.3.1: both are form-encoded before they are joined.
            pair = f"{quote(terms.client_id, safe='')}:{quote(terms.client_secret, safe='')}"
            headers["authorization"] = "Basic " + base64.b64encode(pair.encode()).decode()
        else:
            fields |= {"client_id": terms.client_id, "client_secret": terms.client_secret}
        answer = await self._outgoing.post_form(found.token_endpoint, fields, headers=headers)
        if answer.status != 200:
            raise ProviderOdd(what=f"token endpoint {answer.status}")
        try:
            return msgspec.json.decode(answer.body, type=TokenAnswer).id_token
        except (msgspec.DecodeError, RecursionError) as error:
            raise ProviderOdd(what="token answer") from error

    async def _read(self, known: Known, token: str) -> dict[str, Any]:
        """Raises ElsewhereAway, ProviderOdd."""
        try:
            return read_token(token, known.keys)
        except KeyUnknown:
            pass
        except TokenRefused as error:
            raise ProviderOdd(what="token") from error
        now = self._monotonic()
        if now - known.keys_asked_at >= NEW_KEYS_SECONDS:
            known.keys_asked_at = now
            known.keys = await self._fetch_keys(known.description)
        try:
            return read_token(token, known.keys)
        except TokenRefused as error:
            raise ProviderOdd(what="key") from error

    async def _fetch_keys(self, found: Description) -> list[Key]:
        text = await self._fetch(found.jwks_uri)
        try:
            keys = read_keys(msgspec.json.decode(text))
        except (msgspec.DecodeError, RecursionError, TokenRefused) as error:
            raise ProviderOdd(what="keys") from error
        if not keys:
            raise ProviderOdd(what="no key")
        return keys

    async def _fetch(self, url: str) -> bytes:
        answer = await self._outgoing.get(url)
        if answer.status != 200:
            raise ProviderOdd(what=f"status {answer.status}")
        return answer.body


def is_address(found: Description, issuer: str) -> bool:
    """Whether a browser may be sent there: as closed to others as the issuer itself."""
    where = found.authorization_endpoint
    parts = urlsplit(where)
    is_plain = where.isascii() and where.isprintable() and "#" not in where and " " not in where
    closed = parts.scheme == "https" or (where.startswith("http:") and issuer.startswith("http:"))
    return is_plain and closed and bool(parts.hostname) and "@" not in parts.netloc
