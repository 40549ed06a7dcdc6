"""A browser with keys of its own, and push services on this machine that check what they are
handed; for the slices above too.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import hmac
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import msgspec
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from basis.kit.background.worker import Errand, Worker
from kitchenasty import push
from kitchenasty.kit.books import Books, UnitOfWork
from kitchenasty.kit.http.i18n import translate
from kitchenasty.push import About, PushDraft, PushWords, PushWriter, Subject
from kitchenasty.push.encryption import from_base64, to_base64
from kitchenasty.push.jobs import sending
from kitchenasty.push.keys import load_keys

PATIENCE_SECONDS = 30
HERE = "127.0.0.0/8"
BATCH_MAX = 100
"""Of Expo's service."""
AUTH_BYTES = b"0123456789abcdef"


async def write_note(_uow: UnitOfWork, facts: dict[str, Any]) -> PushWords | None:
    if facts.get("is_gone"):
        return None
    words = translate("Checkout") + str(facts.get("words", ""))
    return PushWords(title="Juniper", body=words, link="/t/x", tag="note", facts={"orderId": "1"})


WRITERS: Mapping[str, PushWriter] = {"note": write_note}


@dataclass
class Browser:
    """What a browser keeps of a subscription; it opens what is encrypted for it."""

    endpoint: str
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    auth: bytes = AUTH_BYTES

    @property
    def public_key(self) -> bytes:
        return point(self.key.public_key())

    @property
    def phone(self) -> push.Phone:
        return push.Phone(
            push.Way.WEB, self.endpoint, to_base64(self.public_key), to_base64(self.auth)
        )

    @property
    def body(self) -> dict[str, object]:
        """What its page posts."""
        return {
            "endpoint": self.endpoint,
            "publicKey": to_base64(self.public_key),
            "authSecret": to_base64(self.auth),
        }

    def open(self, body: bytes) -> dict[str, Any]:
        told: dict[str, Any] = msgspec.json.decode(self.decrypt(body))
        return told

    def decrypt(self, body: bytes) -> bytes:
        """RFC 8291, written down once more from the side of the reader."""
        salt, size, length = body[:16], int.from_bytes(body[16:20], "big"), body[20]
        sender, sealed = body[21 : 21 + length], body[21 + length :]
        assert len(sealed) <= size
        their_key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender)
        agreed = self.key.exchange(ec.ECDH(), their_key)
        info = b"WebPush: info\x00" + self.public_key + sender
        first = expand(extract(self.auth, agreed), info, 32)
        keyed = extract(salt, first)
        key = expand(keyed, b"Content-Encoding: aes128gcm\x00", 16)
        nonce = expand(keyed, b"Content-Encoding: nonce\x00", 12)
        plain = AESGCM(key).decrypt(nonce, sealed, None).rstrip(b"\x00")
        assert plain[-1:] == b"\x02"
        return plain[:-1]


def extract(salt: bytes, secret: bytes) -> bytes:
    return hmac.digest(salt, secret, hashlib.sha256)


def expand(key: bytes, info: bytes, length: int) -> bytes:
    """The first block of HKDF: nothing here is longer."""
    return hmac.digest(key, info + b"\x01", hashlib.sha256)[:length]


def point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


@dataclass
class Delivered:
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class PushService:
    """Takes messages as RFC 8030 says, and refuses those whose proof is not right (RFC 8292).
    `answers` are given first: a status, and the headers that come with it.
    """

    url: str = ""
    got: list[Delivered] = field(default_factory=list)
    answers: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    now: Callable[[], datetime] | None = None
    public_key: str | None = None
    """With which browsers were subscribed here."""
    came: asyncio.Event = field(default_factory=asyncio.Event)

    async def first(self) -> Delivered:
        """The first message, as soon as there is one; waits for half a minute at most."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            await self.came.wait()
        return self.got[0]

    async def take(self, request: web.Request) -> web.StreamResponse:
        headers = {name.lower(): value for name, value in request.headers.items()}
        one = Delivered(request.path, headers, await request.read())
        self.got.append(one)
        self.came.set()
        if self.answers:
            status, more = self.answers.pop(0)
            return web.Response(status=status, headers=more)
        return web.Response(status=201 if self.is_proved(one) else 403)

    def is_proved(self, one: Delivered) -> bool:
        kind, _, rest = one.headers["authorization"].partition(" ")
        parts = dict(part.strip().split("=", 1) for part in rest.split(","))
        claims = read_token(parts["t"], parts["k"])
        is_known = self.public_key in (None, parts["k"])
        now = int(self.now().timestamp()) if self.now else claims["exp"] - 1
        is_fresh = now < claims["exp"] <= now + 86_400
        return kind == "vapid" and is_known and is_fresh and claims["aud"] == self.url

    def browser(self, name: str = "ada") -> Browser:
        return Browser(f"{self.url}/send/{name}")


def read_token(token: str, key: str) -> dict[str, Any]:
    """The claims, if the key signed them. Raises InvalidSignature."""
    signed, _, signature = token.rpartition(".")
    raw = from_base64(signature)
    r, s = int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")
    curve = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), from_base64(key))
    curve.verify(encode_dss_signature(r, s), signed.encode(), ec.ECDSA(SHA256()))
    claims: dict[str, Any] = msgspec.json.decode(from_base64(signed.partition(".")[2]))
    return claims


@contextlib.asynccontextmanager
async def push_service(
    now: Callable[[], datetime] | None = None,
) -> AsyncIterator[PushService]:
    service = PushService(now=now)
    app = web.Application()
    app.router.add_post("/{path:.*}", service.take)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    service.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield service
    finally:
        await runner.cleanup()


async def follow(
    books: Books, phone: push.Phone, subject: Subject, *, session_id: str | None = None
) -> None:
    async with books.writing() as uow:
        await push.follow(uow, phone, subject, session_id=session_id)


async def tell(
    books: Books, subject: Subject, key: str = "one", *, hours: float = 1, **facts: Any
) -> int:
    async with books.writing() as uow:
        draft = PushDraft(
            kind="note", key=key, subject=subject, facts=facts, useful_for=timedelta(hours=hours)
        )
        return await push.send_push(uow, draft)


async def follows(books: Books, phone: push.Phone, subject: Subject) -> bool:
    async with books.reading() as look:
        return await push.follows(look, phone.endpoint, subject)


def errands(writers: Mapping[str, PushWriter]) -> list[Errand]:
    """What takes messages of these kinds to phones."""
    return sending(writers)


def worker(books: Books, writers: Mapping[str, PushWriter] = WRITERS) -> Worker:
    return Worker(books, sending(writers))


def order(order_id: str) -> Subject:
    return Subject(About.ORDER, order_id)


async def public_key(books: Books) -> str:
    async with books.writing() as uow:
        return (await load_keys(uow)).public


@dataclass
class ExpoTwin:
    """`gone` are tokens from which the app was taken away: known at once, or by their receipts.
    `answers` are given first: a status and what is said with it.
    """

    url: str = ""
    batches: list[list[dict[str, Any]]] = field(default_factory=list)
    asked: list[list[str]] = field(default_factory=list)
    authorizations: list[str | None] = field(default_factory=list)
    gone_at_once: set[str] = field(default_factory=set)
    gone_later: set[str] = field(default_factory=set)
    too_often: set[str] = field(default_factory=set)
    """Refused once each."""
    spoils: set[str] = field(default_factory=set)
    """Tokens that make the service refuse a whole batch."""
    is_slow: bool = False
    """Whether receipts are not there yet."""
    answers: list[tuple[int, dict[str, Any], dict[str, str]]] = field(default_factory=list)
    _tickets: dict[str, str] = field(default_factory=dict)

    @property
    def told(self) -> list[str]:
        return [one["to"] for batch in self.batches for one in batch]

    async def send(self, request: web.Request) -> web.StreamResponse:
        messages: list[dict[str, Any]] = await request.json()
        self.authorizations.append(request.headers.get("authorization"))
        self.batches.append(messages)
        if self.answers:
            status, said, headers = self.answers.pop(0)
            return web.json_response(said, status=status, headers=headers)
        if len(messages) > BATCH_MAX or self.spoils & {one["to"] for one in messages}:
            return web.json_response({"errors": [{"code": "VALIDATION_ERROR"}]}, status=400)
        return web.json_response({"data": [self._ticket(one["to"]) for one in messages]})

    def _ticket(self, token: str) -> dict[str, Any]:
        if token in self.gone_at_once:
            return error("DeviceNotRegistered")
        if token in self.too_often:
            self.too_often.discard(token)
            return error("MessageRateExceeded")
        ticket = f"ticket-{len(self._tickets)}"
        self._tickets[ticket] = token
        return {"status": "ok", "id": ticket}

    async def receipts(self, request: web.Request) -> web.StreamResponse:
        ids = (await request.json())["ids"]
        self.asked.append(ids)
        known = [] if self.is_slow else [one for one in ids if one in self._tickets]
        return web.json_response({"data": {one: self._receipt(one) for one in known}})

    def _receipt(self, ticket: str) -> dict[str, Any]:
        is_gone = self._tickets[ticket] in self.gone_later
        return error("DeviceNotRegistered") if is_gone else {"status": "ok"}


def error(code: str) -> dict[str, Any]:
    return {"status": "error", "message": "not delivered", "details": {"error": code}}


@contextlib.asynccontextmanager
async def running_expo() -> AsyncIterator[ExpoTwin]:
    twin = ExpoTwin()
    app = web.Application()
    app.router.add_post("/--/api/v2/push/send", twin.send)
    app.router.add_post("/--/api/v2/push/getReceipts", twin.receipts)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    twin.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield twin
    finally:
        await runner.cleanup()
