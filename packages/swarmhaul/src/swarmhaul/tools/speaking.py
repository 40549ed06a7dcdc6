"""The protocol over HTTP. Every request is served by itself: nothing is kept between two of them,
so there is nothing to exhaust, to expire or to steal. What has to be remembered is in the books.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from litestar.types import Receive, Scope, Send
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

from basis.kit.http.doors import AnyRequest
from swarmhaul.protocol import Answer, server_of
from swarmhaul.tools.calling import call_tool, find_tool
from swarmhaul.tools.catalogue import describe_tools

BODY_BYTES_MAX = 20_000


@dataclass(frozen=True, slots=True)
class OwnShelf:
    """All tools, used by whoever sent this request."""

    request: AnyRequest

    async def list_tools(self) -> Sequence[Mapping[str, Any]]:
        return describe_tools()

    async def use(self, name: str, arguments: Mapping[str, Any]) -> Answer:
        return await call_tool(self.request, find_tool(name), arguments)


class Conversation:
    """The answer to one request, as an ASGI application."""

    def __init__(self, request: AnyRequest) -> None:
        self._server = server_of(OwnShelf(request))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        manager = StreamableHTTPSessionManager(
            self._server,
            json_response=True,
            stateless=True,
            max_request_body_size=BODY_BYTES_MAX,
        )
        async with manager.run():
            await manager.handle_request(scope, receive, send)  # type: ignore[arg-type]  # the same protocol, typed twice
