"""A served market and the official SDK's client, over HTTP and over standard input and output."""

from __future__ import annotations

import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from mcp import Client
from mcp.client.stdio import StdioServerParameters, stdio_client

from swarmhaul.tests.served import SHIPPER, SOL, Market
from swarmhaul.tests.test_serving import market

__all__ = ["market"]

COMMAND = str(Path(sys.executable).parent / "swarmhaul")


@asynccontextmanager
async def over_stdio(served: Market, *options: str) -> AsyncIterator[Client]:
    command = StdioServerParameters(
        command=COMMAND, args=["mcp", "--url", served.address, *options]
    )
    async with Client(stdio_client(command)) as client:
        yield client


async def use(client: Client, name: str, **arguments: Any) -> Any:
    result = await client.call_tool(f"swarmhaul_{name}", arguments)
    told = json.loads(result.content[0].text)  # type: ignore[union-attr]
    assert not result.is_error, told
    assert result.structured_content == told
    return told


@pytest.mark.parametrize("market", ["ledger"], indirect=True)
async def test_a_client_of_the_protocol_reads_a_served_market_by_both_ways(market: Market) -> None:
    market.fund(SHIPPER, 2 * SOL)
    job = market.list_job()
    async with Client(f"{market.address}/mcp") as by_http, over_stdio(market) as by_stdio:
        for client in (by_http, by_stdio):
            (shown,) = (await use(client, "list_packages"))["packages"]
            assert shown["id"] == job["id"]
            assert (await use(client, "get_package", package=job["id"]))["bids"] == []
            assert (await use(client, "economy_stats"))["packages"] == {"open": 1}
            assert (await use(client, "leaderboard"))["leaders"] == []
            assert (await use(client, "get_reputation", agent=SHIPPER.public))["is_stranger"]
        offered = [
            {tool.name: tool.input_schema for tool in (await client.list_tools()).tools}
            for client in (by_http, by_stdio)
        ]
        assert offered[0] == offered[1]
        assert market.end() == 0
        away = await by_stdio.call_tool("swarmhaul_leaderboard", {})
        assert json.loads(away.content[0].text)["code"] == "MarketAway"  # type: ignore[union-attr]
