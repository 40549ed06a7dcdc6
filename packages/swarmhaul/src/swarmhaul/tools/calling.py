"""A call of a tool, from whichever door: read, carried out, and answered in every case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from basis.errors import DomainError
from basis.kit.http.doors import AnyRequest
from basis.kit.http.wire import ENCODER
from swarmhaul.api import web
from swarmhaul.protocol import Answer, NoSuchTool, read_arguments
from swarmhaul.tools.catalogue import TOOLS
from swarmhaul.tools.tool import Tool


def find_tool(name: str) -> Tool:
    """Raises NoSuchTool."""
    tool = TOOLS.get(name)
    if tool is None:
        raise NoSuchTool
    return tool


async def call_tool(request: AnyRequest, tool: Tool, arguments: Mapping[str, Any]) -> Answer:
    """Refusals are answers too: a sentence, and the code that programs go by. What we did wrong
    ourselves has a number under which our log has it, and nothing else.
    """
    try:
        given = await tool.use(request, read_arguments(tool.name, arguments, tool.takes))
    except DomainError as refusal:
        return Answer(web.answer_refusal(request, refusal).content.decode(), is_refusal=True)
    except Exception as mistake:  # noqa: BLE001  # the edge of a call, as that of a request is
        return Answer(web.answer_bug(request, mistake).content.decode(), is_refusal=True)
    return Answer(ENCODER.encode(given).decode())
