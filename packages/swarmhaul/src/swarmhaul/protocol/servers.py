"""A server of the protocol over a shelf of tools, wherever the tools themselves are."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import mcp_types as types
from mcp.server import Server, ServerRequestContext
from mcp.shared.exceptions import MCPError

from basis.errors import NotFound

NAME, VERSION = "swarmhaul", "1.0.0"
INSTRUCTIONS = (
    "A market on which strangers share a delivery: jobs whose budget is locked, bids for parts of "
    "the way, relays that form by themselves, payment leg by leg. Amounts are lamports, places "
    "millionths of a degree, instants seconds since 1970. Reading needs nothing."
)


class NoSuchTool(NotFound):
    def __init__(self) -> None:
        super().__init__("There is no such tool here. Ask for the list of tools.")


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a call: the JSON of what the tool gives, or of why it refuses."""

    text: str
    is_refusal: bool = False

    @property
    def structure(self) -> Any:
        """None for a refusal: it is not what the tool promises to give."""
        return None if self.is_refusal else json.loads(self.text)


class Shelf(Protocol):
    """Where tools are."""

    async def list_tools(self) -> Sequence[Mapping[str, Any]]:
        """Each as the protocol writes it."""
        ...

    async def use(self, name: str, arguments: Mapping[str, Any]) -> Answer:
        """Raises NoSuchTool; any other refusal is an answer."""
        ...


def server_of(shelf: Shelf) -> Server[Any]:
    async def list_tools(
        _context: ServerRequestContext[Any], _asked: types.PaginatedRequestParams | None
    ) -> types.ListToolsResult:
        tools = [types.Tool.model_validate(tool) for tool in await shelf.list_tools()]
        return types.ListToolsResult(tools=tools)

    async def use_tool(
        _context: ServerRequestContext[Any], asked: types.CallToolRequestParams
    ) -> types.CallToolResult:
        try:
            answer = await shelf.use(asked.name, asked.arguments or {})
        except NoSuchTool as error:
            raise MCPError(types.INVALID_PARAMS, error.sentence, {"code": error.code}) from error
        return types.CallToolResult(
            content=[types.TextContent(text=answer.text)],
            structured_content=answer.structure,
            is_error=answer.is_refusal,
        )

    return Server(
        NAME,
        version=VERSION,
        title="SwarmHaul",
        instructions=INSTRUCTIONS,
        on_list_tools=list_tools,
        on_call_tool=use_tool,
    )
