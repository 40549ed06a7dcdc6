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

from basis.escrow import Accept, Arrive, Confirm, JobKey
from basis.kit.signing import read_key
from swarmhaul.tests.served import ADA, BEN, SHIPPER, SOL, Market
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


def carried_by_ada(market: Market) -> Any:
    """A job that is over: two bid, the cheaper one carried."""
    job = market.list_job(quiet_seconds=1, operators_min=2)
    market.bid(BEN, job, 200)
    market.bid(ADA, job, 100)
    market.wait_for(job, "awarded")
    key = JobKey(read_key(SHIPPER.public), bytes.fromhex(job["terms"]["id"]))
    market.give(ADA, Accept(job=key, leg=0))
    market.give(ADA, Arrive(job=key, leg=0))
    market.give(SHIPPER, Confirm(job=key, leg=0, courier=read_key(ADA.public)))
    return market.wait_for(job, "delivered")


@pytest.mark.parametrize("market", ["ledger"], indirect=True)
async def test_a_client_of_the_protocol_reads_a_served_market_by_both_ways(market: Market) -> None:
    """Jobs and bids, then what became of them: in a row over each transport."""
    market.fund(SHIPPER, 2 * SOL)
    done = carried_by_ada(market)
    job = market.list_job()
    market.bid(BEN, job, 300)
    async with Client(f"{market.address}/mcp") as by_http, over_stdio(market) as by_stdio:
        for client in (by_http, by_stdio):
            (shown,) = (await use(client, "list_packages"))["packages"]
            assert shown["id"] == job["id"]
            (shown,) = (await use(client, "list_packages", status="delivered"))["packages"]
            assert (shown["id"], shown["paid"]) == (done["id"], 100)
            (offer,) = (await use(client, "get_package", package=job["id"]))["bids"]
            assert (offer["agent"], offer["terms"]["cost"]) == (BEN.public, 300)
            offers = (await use(client, "get_package", package=done["id"]))["bids"]
            told = [(offer["agent"], offer["status"]) for offer in offers]
            assert told == [(BEN.public, "live"), (ADA.public, "chosen")]
            ada = await use(client, "get_reputation", agent=ADA.public)
            assert (ada["completed"], ada["is_stranger"]) == (1, False)
            assert (await use(client, "get_reputation", agent=BEN.public))["is_stranger"]
            assert await use(client, "economy_stats") == {
                "packages": {"delivered": 1, "open": 1}, "swarms": 1, "bids": 3, "paid": 100
            }  # fmt: skip
            (best,) = (await use(client, "leaderboard"))["leaders"]
            assert best["subject"] == ADA.public
        offered = [
            {tool.name: tool.input_schema for tool in (await client.list_tools()).tools}
            for client in (by_http, by_stdio)
        ]
        assert offered[0] == offered[1]
        assert market.end() == 0
        away = await by_stdio.call_tool("swarmhaul_leaderboard", {})
        assert json.loads(away.content[0].text)["code"] == "MarketAway"  # type: ignore[union-attr]
