"""The server on standard input and output."""

from __future__ import annotations

from mcp.server.stdio import stdio_server

from swarmhaul.bridge.desk import Desk, open_desk
from swarmhaul.protocol import server_of


async def carry_tools(url: str) -> None:
    """Until standard input ends."""
    async with open_desk(url) as http, stdio_server() as (incoming, outgoing):
        server = server_of(Desk(http))
        await server.run(incoming, outgoing, server.create_initialization_options())
