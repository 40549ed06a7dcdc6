"""All tools, and how they are described to whoever asks."""

from __future__ import annotations

from functools import cache
from typing import Any

from swarmhaul.protocol import hints, schema_of
from swarmhaul.tools.reading import READING
from swarmhaul.tools.tool import Tool
from swarmhaul.tools.writing import WRITING

TOOLS: dict[str, Tool] = {tool.name: tool for tool in (*READING, *WRITING)}


@cache
def describe_tools() -> tuple[dict[str, Any], ...]:
    """Each tool as the protocol writes it."""
    return tuple(describe(tool) for tool in TOOLS.values())


def describe(tool: Tool) -> dict[str, Any]:
    return {
        "name": tool.name,
        "title": tool.title,
        "description": tool.words,
        "inputSchema": schema_of(tool.takes),
        "outputSchema": schema_of(tool.gives),
        "annotations": hints(only_reads=tool.only_reads, is_destructive=tool.is_destructive),
    }
