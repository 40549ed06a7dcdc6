"""Socket.IO for the clients that the field already has: `join:kitchen`, `join:order`.

Anybody may connect, since a tracking page has no account; no room opens without proof. Cookies
count only on handshakes from our own pages, tokens from anywhere.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import cached_property
from http.cookies import CookieError, SimpleCookie
from importlib import import_module
from typing import TYPE_CHECKING, Any

from litestar import asgi
from litestar.handlers import ASGIRouteHandler
from litestar.types import Receive, Scope, Send

from basis.kit.limits import Limits
from kitchenasty.kit.books import Books, Look
from kitchenasty.kit.http import csrf
from kitchenasty.kit.http.access import Access, access, session_cookie
from kitchenasty.kit.identity.sessions import SessionKind
from kitchenasty.kit.live.connection import TALK, TOPICS_MAX, Rooms
from kitchenasty.kit.live.hub import Frame, Subscriber
from kitchenasty.kit.live.messages import CAPABILITY_LENGTH_MAX, TOPIC_LENGTH_MAX, Message
from kitchenasty.kit.live.short_queue import ShortQueue
from kitchenasty.kit.principals import ANONYMOUS, Kind, Principal
from kitchenasty.kit.principals import Scope as KeyScope

if TYPE_CHECKING:
    from socketio import AsyncServer

QUEUE_MAX = 10_000
TEXT_LENGTH_MAX = 20_000
PONG_SECONDS_MIN = 3.0  # what a phone on a bad line may need, however quick the beat
REFUSED = "join:refused"
ALLOWS_KEYS = KeyScope.ORDERS_LIVE

Translation = Callable[[Message], tuple[str, dict[str, Any]] | None]
"""A message as event name and payload of the contract; None when the contract lacks it."""
Houses = Callable[[Look], Awaitable[list[str]]]
"""The houses whose kitchens `look.actor` may watch."""
Recognise = Callable[[Look, str, SessionKind], Awaitable[Principal | None]]
Answer = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Credentials:
    token: str
    kind: SessionKind


@dataclass(slots=True)
class Client:
    credentials: Credentials | None
    principal: Principal
    topics: dict[str, str | None] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True, slots=True)
class Field:
    """What the door needs to know of the house it stands in."""

    books: Books
    rooms: Rooms
    recognise: Recognise
    translate: Translation
    houses: Houses
    public_url: str | None = None


class SocketIoDoor:
    def __init__(self, around: Field) -> None:
        self._around = around
        self._clients: dict[str, Client] = {}
        self._queue = Subscriber(queue_max=QUEUE_MAX)
        self._rechecks: set[asyncio.Task[None]] = set()
        self._is_open = False

    @cached_property
    def server(self) -> AsyncServer:
        """Made for the first client that comes: the library loads its own client too, 12 MB that a
        house without such apps never needs.
        """
        from socketio import AsyncServer  # noqa: PLC0415  # as just said

        beat_seconds = self._around.rooms.beat_seconds
        made = AsyncServer(
            async_mode="asgi",
            cors_allowed_origins=[],
            max_http_buffer_size=TEXT_LENGTH_MAX,
            ping_interval=beat_seconds,
            ping_timeout=max(2 * beat_seconds, PONG_SECONDS_MIN),
            logger=False,
            engineio_logger=False,
        )
        made.eio.create_queue = ShortQueue
        made.on("connect", self._connect)
        made.on("disconnect", self._disconnect)
        made.on("join:kitchen", self._join_kitchen)
        made.on("leave:kitchen", self._leave_kitchen)
        made.on("join:order", self._join_order)
        made.on("leave:order", self._leave_order)
        self._is_open = True
        return made

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not self._is_open:
            # Reading it takes some 0.2 s, in which nobody else may be kept waiting.
            await asyncio.to_thread(import_module, "socketio")
        await self.server.handle_request(scope, receive, send)

    def route(self) -> ASGIRouteHandler:
        @asgi("/socket.io", is_mount=True, copy_scope=True, opt=access(Access.PUBLIC))
        async def socket_io(scope: Scope, receive: Receive, send: Send) -> None:
            await self._answer(scope, receive, send)

        return socket_io

    @property
    def clients(self) -> int:
        """How many are connected."""
        return len(self._clients)

    @property
    def is_listening(self) -> bool:
        """Whether any of them is in a room, and so this door itself."""
        return any(client.topics for client in self._clients.values())

    async def run_forever(self) -> None:
        """Hand on what the rooms say until cancelled."""
        hub = self._around.rooms.hub
        hub.watch_rights(self._on_rights)
        try:
            while True:
                item = await self._queue.next()
                if isinstance(item, Frame):
                    translated = self._around.translate(item.message)
                    if translated is not None:
                        event, payload = translated
                        await self.server.emit(event, payload, room=item.message.topic)
        finally:
            hub.stop_watching_rights(self._on_rights)
            if self._is_open:
                await self.server.shutdown()

    async def _connect(self, sid: str, environ: dict[str, Any], auth: Any = None) -> None:
        credentials = credentials_in(environ, auth, self._around.public_url)
        self._clients[sid] = Client(credentials, await self._recognise(credentials))

    async def _disconnect(self, sid: str, *_reason: Any) -> None:
        client = self._clients.pop(sid, None)
        for topic in client.topics if client else ():
            self._leave_room_if_empty(topic)

    async def _join_kitchen(self, sid: str, house: Any = None) -> Answer:
        """One house by its id, or without one every house that this person works in."""
        client = self._clients[sid]
        if isinstance(house, str):
            return await self._join(sid, f"kitchen:{house}", None)
        async with self._around.books.reading(client.principal) as look:
            houses = await self._around.houses(look)
        answers = [await self._join(sid, f"kitchen:{house_id}", None) for house_id in houses]
        if any(answer["ok"] for answer in answers):
            return {"ok": True}
        return answers[0] if answers else await self._refuse(sid, "kitchen")

    async def _leave_kitchen(self, sid: str, house: Any = None) -> Answer:
        wanted = f"kitchen:{house}" if isinstance(house, str) else "kitchen:"
        for topic in tuple(self._clients[sid].topics):
            if topic.startswith(wanted):
                await self._leave(sid, topic)
        return {"ok": True}

    async def _join_order(self, sid: str, order: Any = None) -> Answer:
        """An order's id, or an object with `id` and its tracking `capability` (or `token`)."""
        capability = None
        if isinstance(order, dict):
            capability = order.get("capability") or order.get("token")
            order = order.get("id")
        if not isinstance(order, str) or not isinstance(capability, str | None):
            return await self._refuse(sid, "order")
        return await self._join(sid, f"order:{order}", capability)

    async def _leave_order(self, sid: str, order: Any = None) -> Answer:
        order_id = order.get("id") if isinstance(order, dict) else order
        await self._leave(sid, f"order:{order_id}")
        return {"ok": True}

    async def _join(self, sid: str, topic: str, capability: str | None) -> Answer:
        client = self._clients[sid]
        sound = len(topic) <= TOPIC_LENGTH_MAX and len(capability or "") <= CAPABILITY_LENGTH_MAX
        room_left = topic in client.topics or len(client.topics) < TOPICS_MAX
        if not sound or not room_left or not client.limits.take(TALK, "").allowed:
            return await self._refuse(sid, topic[:TOPIC_LENGTH_MAX])
        gatekeeper = self._around.rooms.gatekeeper
        if not await gatekeeper.may_join(client.principal, topic, capability):
            return await self._refuse(sid, topic)
        client.topics[topic] = capability
        self._around.rooms.hub.join(self._queue, topic)
        await self.server.enter_room(sid, topic)
        return {"ok": True}

    async def _leave(self, sid: str, topic: str) -> None:
        if self._clients[sid].topics.pop(topic, "absent") != "absent":
            await self.server.leave_room(sid, topic)
            self._leave_room_if_empty(topic)

    def _leave_room_if_empty(self, topic: str) -> None:
        if not any(topic in client.topics for client in self._clients.values()):
            self._around.rooms.hub.leave(self._queue, topic)

    async def _refuse(self, sid: str, room: str) -> Answer:
        refusal = {"code": "NotAllowed", "error": "You may not follow this. Please sign in."}
        await self.server.emit(REFUSED, {"room": room, **refusal}, to=sid)
        return {"ok": False, **refusal}

    def _on_rights(self, subject_kind: str, subject_id: str) -> None:
        for sid, client in tuple(self._clients.items()):
            if client.principal.kind == subject_kind and client.principal.id == subject_id:
                task = asyncio.ensure_future(self._recheck(sid, client))
                self._rechecks.add(task)
                task.add_done_callback(self._rechecks.discard)

    async def _recheck(self, sid: str, client: Client) -> None:
        client.principal = await self._recognise(client.credentials)
        gatekeeper = self._around.rooms.gatekeeper
        for topic, capability in tuple(client.topics.items()):
            if not await gatekeeper.may_join(client.principal, topic, capability):
                await self._leave(sid, topic)
                await self._refuse(sid, topic)

    async def _recognise(self, credentials: Credentials | None) -> Principal:
        if credentials is None:
            return ANONYMOUS
        async with self._around.books.reading() as look:
            found = await self._around.recognise(look, credentials.token, credentials.kind)
        if found is None or (found.kind is Kind.KEY and ALLOWS_KEYS not in found.scopes):
            return ANONYMOUS
        return found


def credentials_in(
    environ: dict[str, Any], auth: Any, public_url: str | None
) -> Credentials | None:
    """The token of the handshake's `auth`, else of its header, else the session cookie."""
    token = auth.get("token") if isinstance(auth, dict) else None
    if isinstance(token, str) and token:
        return Credentials(token.removeprefix("Bearer ").strip(), SessionKind.API)
    kind, _, bearer = str(environ.get("HTTP_AUTHORIZATION", "")).partition(" ")
    if kind.lower() == "bearer" and bearer:
        return Credentials(bearer.strip(), SessionKind.API)
    secure = (public_url or "").startswith("https://")
    cookie = session_cookie_of(str(environ.get("HTTP_COOKIE", "")), secure=secure)
    if cookie is None or not comes_from_our_page(environ, public_url):
        return None
    return Credentials(cookie, SessionKind.PAGE)


def session_cookie_of(header: str, *, secure: bool) -> str | None:
    cookies: SimpleCookie = SimpleCookie()
    try:
        cookies.load(header)
    except CookieError:
        return None
    morsel = cookies.get(session_cookie(secure=secure))
    return morsel.value if morsel else None


def comes_from_our_page(environ: dict[str, Any], public_url: str | None) -> bool:
    approach = csrf.Approach(
        method="GET",
        host=environ.get("HTTP_HOST", ""),
        origin=environ.get("HTTP_ORIGIN"),
        sec_fetch_site=environ.get("HTTP_SEC_FETCH_SITE"),
        has_cookies=True,
    )
    return csrf.may_open_socket(approach, public_url=public_url)
