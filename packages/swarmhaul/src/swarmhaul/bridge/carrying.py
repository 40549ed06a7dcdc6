"""The server on standard input and output."""

from __future__ import annotations

from mcp.server.stdio import stdio_server

from basis.kit.signing import SigningKey
from swarmhaul.bridge.desk import Desk, open_desk
from swarmhaul.bridge.keyed import KeyedDesk
from swarmhaul.bridge.purse import SigningLimits
from swarmhaul.client import Expected, open_dealer
from swarmhaul.protocol import Shelf, server_of


async def carry_tools(url: str) -> None:
    """Until standard input ends."""
    async with open_desk(url) as http:
        await speak(Desk(http))


async def carry_signing_tools(
    url: str, key: SigningKey, limits: SigningLimits, expected: Expected
) -> None:
    """The same, and those that change something, signed with a key that is kept here. Raises
    MarketLies, MarketAway.
    """
    async with open_desk(url) as http, open_dealer(url, key, expected=expected) as dealer:
        await speak(KeyedDesk(Desk(http), dealer, limits))


async def speak(shelf: Shelf) -> None:
    server = server_of(shelf)
    async with stdio_server() as (incoming, outgoing):
        await server.run(incoming, outgoing, server.create_initialization_options())
