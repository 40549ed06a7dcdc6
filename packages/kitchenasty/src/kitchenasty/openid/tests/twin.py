"""A provider of OpenID Connect as a server of its own: it checks what a provider must check
(client, return address, PKCE, each code once), signs with keys of its own, and misbehaves when
told to.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import hashlib
import hmac
import html
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote, urlencode

from aiohttp import web
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from basis.ids import new_code

CLIENT_ID, CLIENT_SECRET = "juniper&rye", "leeks:and/onions"
RSA = RSAKey.generate_key(2048, parameters={"kid": "rsa-1"})
OTHER_RSA = RSAKey.generate_key(2048, parameters={"kid": "rsa-1"})
EC = ECKey.generate_key("P-256", parameters={"kid": "ec-1"})
WEAK = {"kty": "oct", "k": "bGVla3M", "kid": "weak"}
HUGE = b'{"x": "' + b"leek" * 200_000


@dataclass
class Person:
    """Who is signed in at the provider."""

    sub: str = "subject-anna"
    email: str | None = "anna@guest.example"
    email_verified: Any = True
    name: str = "Anna Lind"


@dataclass
class Twin:
    """One provider. Everything may be changed while it runs."""

    url: str = ""
    person: Person = field(default_factory=Person)
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    bend: Callable[[dict[str, Any]], None] = lambda _claims: None
    """Makes of right claims wrong ones."""
    signing: str = "RS256"
    keys: list[dict[str, Any]] = field(
        default_factory=lambda: [
            WEAK,
            RSA.as_dict(private=False) | {"use": "sig"},
            EC.as_dict(private=False),
        ]
    )
    describes: dict[str, Any] = field(default_factory=dict)
    """What of its description is another than it should be."""
    huge: set[str] = field(default_factory=set)
    silent: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    gone: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def description(self) -> dict[str, Any]:
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/keys",
            **self.describes,
        }

    def claims_for(self, asked: dict[str, str]) -> dict[str, Any]:
        at = int(self.now().timestamp())
        claims = {
            "iss": self.url,
            "aud": CLIENT_ID,
            "sub": self.person.sub,
            "nonce": asked["nonce"],
            "iat": at,
            "exp": at + 300,
            "email": self.person.email,
            "email_verified": self.person.email_verified,
            "name": self.person.name,
        }
        self.bend(claims)
        return claims

    def sign(self, claims: dict[str, Any]) -> str:
        if self.signing == "ES256":
            return jwt.encode({"alg": "ES256", "kid": "ec-1"}, claims, EC)
        if self.signing == "somebody else":
            return jwt.encode({"alg": "RS256", "kid": "rsa-1"}, claims, OTHER_RSA)
        if self.signing in ("none", "HS256"):
            return forge(claims, self.signing)
        head = {"alg": self.signing, "kid": "rsa-1"}
        return jwt.encode(head, claims, RSA, algorithms=[self.signing])


def forge(claims: dict[str, Any], algorithm: str) -> str:
    """Not signed at all, or with the public key taken for a shared secret."""
    head = {"alg": algorithm, "kid": "rsa-1", "typ": "JWT"}
    signed = f"{packed(json.dumps(head).encode())}.{packed(json.dumps(claims).encode())}"
    if algorithm == "none":
        return f"{signed}."
    public = RSA.as_pem(private=False)
    return f"{signed}.{packed(hmac.digest(public, signed.encode(), 'sha256'))}"


def packed(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


@contextlib.asynccontextmanager
async def open_twin() -> AsyncIterator[Twin]:
    """The provider on a port that the system picked, until the block ends."""
    twin = Twin()
    runner = web.AppRunner(app_of(twin), access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    twin.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield twin
    finally:
        twin.gone.set()
        await runner.cleanup()


def app_of(twin: Twin) -> web.Application:
    doors = Doors(twin)
    app = web.Application(middlewares=[doors.moody])
    app.router.add_get("/.well-known/openid-configuration", doors.describe)
    app.router.add_get("/keys", doors.show_keys)
    app.router.add_get("/authorize", doors.ask)
    app.router.add_post("/authorize", doors.decide)
    app.router.add_post("/token", doors.give)
    return app


class Doors:
    """What the provider answers over HTTP."""

    def __init__(self, twin: Twin) -> None:
        self.twin = twin

    @web.middleware
    async def moody(self, request: web.Request, handler: Any) -> web.StreamResponse:
        self.twin.asked.append(request.path)
        if request.path in self.twin.silent:
            await self.twin.gone.wait()
        if request.path in self.twin.huge:
            return web.Response(body=HUGE, content_type="application/json")
        answer: web.StreamResponse = await handler(request)
        return answer

    async def describe(self, _request: web.Request) -> web.Response:
        return web.json_response(self.twin.description)

    async def show_keys(self, _request: web.Request) -> web.Response:
        return web.json_response({"keys": self.twin.keys})

    async def ask(self, request: web.Request) -> web.Response:
        """The provider's own page: the guest is known there and says yes or no."""
        who = html.escape(self.twin.person.name)
        page = (
            '<!doctype html><html lang="en"><title>Twin</title><meta name="viewport" '
            f'content="width=device-width"><h1>{who}</h1><form method="post" '
            f'action="{html.escape(request.path_qs)}"><button name="says" value="yes">Go on'
            '</button> <button name="says" value="no">Not now</button></form>'
        )
        return web.Response(text=page, content_type="text/html")

    async def decide(self, request: web.Request) -> web.Response:
        asked = dict(request.query)
        assert asked["client_id"] == CLIENT_ID
        assert asked["response_type"] == "code"
        assert "openid" in asked["scope"].split()
        assert asked["code_challenge_method"] == "S256"
        told = {"state": asked["state"]}
        if (await request.post()).get("says") == "no":
            told["error"] = "access_denied"
        else:
            told["code"] = new_code(20)
            self.twin.codes[told["code"]] = asked
        raise web.HTTPSeeOther(f"{asked['redirect_uri']}?{urlencode(told)}")

    async def give(self, request: web.Request) -> web.Response:
        form = {name: str(value) for name, value in (await request.post()).items()}
        if not is_client(request, form):
            return web.json_response({"error": "invalid_client"}, status=401)
        asked = self.twin.codes.pop(form.get("code", ""), None)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        if (
            asked is None
            or asked["redirect_uri"] != form.get("redirect_uri")
            or asked["code_challenge"] != packed(digest)
        ):
            return web.json_response({"error": "invalid_grant"}, status=400)
        token = self.twin.sign(self.twin.claims_for(asked))
        return web.json_response({"id_token": token, "access_token": "a", "token_type": "Bearer"})


def is_client(request: web.Request, form: dict[str, str]) -> bool:
    kind, _, told = request.headers.get("Authorization", "").partition(" ")
    if kind == "Basic":
        name, _, secret = base64.b64decode(told).decode().partition(":")
        return (unquote(name), unquote(secret)) == (CLIENT_ID, CLIENT_SECRET)
    return (form.get("client_id"), form.get("client_secret")) == (CLIENT_ID, CLIENT_SECRET)
