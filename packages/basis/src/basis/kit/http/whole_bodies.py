"""A request is worked on when all of it has arrived, and it has only so long to arrive.

Whoever reads a body inside a unit of work would hold the house's write lock for as long as the
sender likes. Plain ASGI, below the edge, so that a refusal carries the usual headers.
"""

from __future__ import annotations

import asyncio

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Receive, ReceiveMessage, Scope, Send

from basis.kit.http.wire import ENCODER, Problem

BODY_SECONDS_MAX = 20.0
BODILESS = frozenset({"GET", "HEAD", "OPTIONS"})
TOO_SLOW = ENCODER.encode(
    Problem(
        error="The request came too slowly. Please check your connection and send it again.",
        code="BodyTooSlow",
    )
)


class WholeBodies:
    """Reads each body to its end, or to the first byte too many, before the application sees it."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        bytes_max: int,
        seconds_max: float = BODY_SECONDS_MAX,
    ) -> None:
        self._app = app
        self._bytes_max = bytes_max
        self._seconds_max = seconds_max

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP or scope["method"] in BODILESS:
            await self._app(scope, receive, send)
            return
        try:
            async with asyncio.timeout(self._seconds_max):
                messages = await read_messages(receive, self._bytes_max)
        except TimeoutError:
            await refuse(send)
            return
        if messages[-1]["type"] == "http.disconnect":
            return  # nobody is left to be answered
        await self._app(scope, replay(messages, receive), send)


async def read_messages(receive: Receive, bytes_max: int) -> list[ReceiveMessage]:
    """All parts of the body; of one that is too long, enough to see that it is."""
    messages: list[ReceiveMessage] = []
    size = 0
    while size <= bytes_max:
        message = await receive()
        messages.append(message)
        if message["type"] != "http.request" or not message.get("more_body", False):
            break
        size += len(message.get("body", b""))
    return messages


def replay(messages: list[ReceiveMessage], receive: Receive) -> Receive:
    """Gives what was read, then whatever else comes."""
    waiting = iter(messages)

    async def receive_again() -> ReceiveMessage:
        for message in waiting:
            return message
        return await receive()

    return receive_again


async def refuse(send: Send) -> None:
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(TOO_SLOW)).encode()),
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": 408, "headers": headers})
    await send({"type": "http.response.body", "body": TOO_SLOW, "more_body": False})
