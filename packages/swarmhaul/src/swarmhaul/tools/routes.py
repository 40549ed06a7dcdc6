"""The doors of programs that think: the protocol at /mcp, and two shortcuts for those who do not
speak it.
"""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from litestar import Controller, get, post
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler
from litestar.params import JSONBody
from litestar.types import ASGIApp
from msgspec import Meta

from basis.kit.http.doors import AnyRequest
from swarmhaul.api.access import Needs, needs
from swarmhaul.tools.calling import call_tool, find_tool
from swarmhaul.tools.catalogue import describe_tools
from swarmhaul.tools.hosts import check_names
from swarmhaul.tools.speaking import Conversation


class ToolCall(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A tool by its name, and what it is given."""

    tool: Annotated[str, Meta(max_length=64)]
    arguments: dict[str, Any] = {}


class TextBlock(msgspec.Struct, kw_only=True):
    """What came of a call, as JSON in a text."""

    text: str
    type: str = "text"


class ToolResult(msgspec.Struct, kw_only=True, rename="camel"):
    """`is_error` is true for refusals; then the text holds a sentence and a code."""

    content: list[TextBlock]
    is_error: bool
    structured_content: Any = None


class ToolList(msgspec.Struct, kw_only=True):
    """Every tool, as the protocol describes it."""

    tools: list[dict[str, Any]]


async def ask_for_name(
    connection: ASGIConnection[Any, Any, Any, Any], _to: BaseRouteHandler
) -> None:
    """Raises HostUnknown, OriginUnknown."""
    headers = connection.headers
    check_names(headers.get("host", ""), headers.get("origin"), connection.app.state.config.hosts)


class ToolsApi(Controller):
    path = "/mcp"
    tags = ["Tools"]
    guards = [ask_for_name]

    @post(opt=needs(Needs.TOOL), include_in_schema=False, status_code=200)
    async def speak(self, request: AnyRequest) -> ASGIApp:
        """Streamable HTTP. There is no stream to open and none to end: GET and DELETE are 405."""
        return Conversation(request)

    @post("/call", opt=needs(Needs.TOOL), operation_id="CallTool", status_code=200)
    async def call(self, request: AnyRequest, data: JSONBody[ToolCall]) -> ToolResult:
        """One call, for a shell or a program without the protocol."""
        answer = await call_tool(request, find_tool(data.tool), data.arguments)
        return ToolResult(
            content=[TextBlock(text=answer.text)],
            is_error=answer.is_refusal,
            structured_content=answer.structure,
        )

    @get("/tools", opt=needs(Needs.NOTHING), operation_id="ListTools")
    async def show_tools(self) -> ToolList:
        return ToolList(tools=list(describe_tools()))
