"""Other web apps that may call the API from a browser: exactly those whose origins are set.

Only the API and Socket.IO answer them. Tokens are sent by the app itself, so no cookie is ever
allowed along, and what pages show stays ours alone.
"""

from __future__ import annotations

from collections.abc import Collection

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

OPEN_PATHS = ("/api/", "/socket.io")
METHODS = b"GET, POST, PUT, PATCH, DELETE"
HEADERS = (
    b"Authorization, Content-Type, Idempotency-Key, If-None-Match, X-Order-Capability, X-Request-Id"
)
SHOWN = b"ETag, Retry-After, X-Request-Id"
AGREED_SECONDS = b"7200"


class Cors:
    """Plain ASGI between the edge and the router; does nothing unless origins are set."""

    def __init__(self, app: ASGIApp, *, origins: Collection[str]) -> None:
        self._app = app
        self._origins = frozenset(origin.encode() for origin in origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP or not self._origins or not is_open(scope["path"]):
            await self._app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        origin = headers.get(b"origin", b"")
        shared = [(b"vary", b"Origin")]
        if origin in self._origins:
            shared += [
                (b"access-control-allow-origin", origin),
                (b"access-control-expose-headers", SHOWN),
            ]
        if scope["method"] == "OPTIONS" and b"access-control-request-method" in headers:
            await answer_preflight(send, shared, is_known=origin in self._origins)
            return

        async def send_shared(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *shared]
            await send(message)

        await self._app(scope, receive, send_shared)


def is_open(path: str) -> bool:
    return path.startswith(OPEN_PATHS)


async def answer_preflight(
    send: Send, shared: list[tuple[bytes, bytes]], *, is_known: bool
) -> None:
    """What a browser asks before it lets an app of another origin send anything but a form."""
    agreed = [
        (b"access-control-allow-methods", METHODS),
        (b"access-control-allow-headers", HEADERS),
        (b"access-control-max-age", AGREED_SECONDS),
    ]
    headers = [*shared, *agreed] if is_known else shared
    await send(
        {"type": "http.response.start", "status": 204 if is_known else 403, "headers": headers}
    )
    await send({"type": "http.response.body", "body": b"", "more_body": False})
