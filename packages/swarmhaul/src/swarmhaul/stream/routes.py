"""The stream over HTTP, as server-sent events and over a WebSocket: one order, the same numbers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Annotated, Any

import msgspec
from litestar import Controller, Response, WebSocket, get, websocket
from litestar.exceptions import WebSocketDisconnect
from litestar.params import QueryParameter
from litestar.response import ServerSentEvent, ServerSentEventMessage

from basis.errors import Unavailable
from basis.kit.http.doors import AnyRequest
from swarmhaul.api.access import Needs, books_of, needs
from swarmhaul.stream.following import Bell, follow
from swarmhaul.stream.service import (
    LIMIT_MAX,
    EventsForgotten,
    StreamMessage,
    count_messages,
    list_messages,
)

FOLLOWERS_MAX = 1_000
CLOSE_FORGOTTEN, CLOSE_BUSY, CLOSE_GOING = 4_410, 1_013, 1_001
ENCODER = msgspec.json.Encoder()
Since = Annotated[int, QueryParameter(ge=0, lt=1 << 40)]
"""The number of the last message that one has."""


class TooManyFollowers(Unavailable):
    def __init__(self) -> None:
        super().__init__("Too many follow already. Read /api/events meanwhile.", retry_after=10)


class Messages(msgspec.Struct, kw_only=True):
    """Messages, the oldest first; `seq` is the number of the newest one of all."""

    messages: list[StreamMessage]
    seq: int


class Beat(msgspec.Struct, kw_only=True):
    """A sign of life: nothing came after number `seq`."""

    seq: int
    topic: str = "beat"


class EventsApi(Controller):
    path = "/api/events"
    tags = ["Events"]

    @get(opt=needs(Needs.NOTHING), operation_id="ListEvents")
    async def show_events(
        self,
        request: AnyRequest,
        since: Since = 0,
        limit: Annotated[int, QueryParameter(ge=1, le=LIMIT_MAX)] = LIMIT_MAX,
    ) -> Messages:
        async with books_of(request).reading(snapshot=True) as look:
            messages = await list_messages(look, since=since, limit=limit)
            return Messages(messages=messages, seq=await count_messages(look))

    @get("/stream", opt=needs(Needs.NOTHING), operation_id="StreamEvents")
    async def stream_events(self, request: AnyRequest, since: Since = 0) -> Response[Any]:
        """Server-sent events; a browser that comes back says by itself which one it had last."""
        last = request.headers.get("last-event-id", "")
        known = int(last) if last.isascii() and last.isdigit() and len(last) < 13 else since
        followers = followers_of(request)
        if len(followers) >= FOLLOWERS_MAX:
            raise TooManyFollowers
        async with books_of(request).reading() as look:
            await list_messages(look, since=known, limit=1)  # or it is refused with a status
        return ServerSentEvent(tell(request, known))

    @websocket("/live", opt=needs(Needs.NOTHING))
    async def follow_live(self, socket: WebSocket[Any, Any, Any], since: Since = 0) -> None:
        await socket.accept()
        if len(followers_of(socket)) >= FOLLOWERS_MAX:
            await socket.close(code=CLOSE_BUSY)
            return
        telling = asyncio.create_task(tell_socket(socket, since))
        followers_of(socket).add(telling)
        try:
            await hear_out(socket)
        finally:
            telling.cancel()
            await asyncio.gather(telling, return_exceptions=True)
            followers_of(socket).discard(telling)


async def tell(request: AnyRequest, since: int) -> AsyncIterator[ServerSentEventMessage]:
    followers, me = followers_of(request), object()
    followers.add(me)
    try:
        async with aclosing(follow(books_of(request), bell_of(request), since=since)) as messages:
            async for message in messages:
                if message is None:
                    yield ServerSentEventMessage(comment="beat")
                else:
                    data = ENCODER.encode(message).decode()
                    yield ServerSentEventMessage(
                        data=data, event=message.topic, id=str(message.seq)
                    )
    finally:
        followers.discard(me)


async def tell_socket(socket: WebSocket[Any, Any, Any], since: int) -> None:
    try:
        async with aclosing(follow(books_of(socket), bell_of(socket), since=since)) as messages:
            async for message in messages:
                since = message.seq if message else since
                await socket.send_data(
                    ENCODER.encode(message or Beat(seq=since)).decode(), mode="text"
                )
    except EventsForgotten:
        await socket.close(code=CLOSE_FORGOTTEN)
    else:
        await socket.close(code=CLOSE_GOING)


async def hear_out(socket: WebSocket[Any, Any, Any]) -> None:
    """What followers send is not read; that they left is noticed."""
    try:
        while (await socket.receive())["type"] != "websocket.disconnect":
            pass
    except (WebSocketDisconnect, RuntimeError):
        return


def followers_of(connection: Any) -> set[object]:
    followers: set[object] = connection.app.state.followers
    return followers


def bell_of(connection: Any) -> Bell:
    bell: Bell = connection.app.state.bell
    return bell
