"""A real client of the protocol, the official SDK's, speaks to the real doors."""

from __future__ import annotations

import json

import httpx
import pytest
from litestar import Litestar
from mcp import MCPError

from basis.kit.testing import HandClock
from swarmhaul import market
from swarmhaul.kit.books import Books
from swarmhaul.market import Venue
from swarmhaul.market.tests.builders import (
    ADA,
    BEN,
    MARKET_KEY,
    bid,
    bid_terms,
    carry,
    first_half,
    list_job,
    load,
    second_half,
    work,
)
from swarmhaul.tools.tests.talking import connected, use


@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_a_client_of_the_protocol_reads_the_market(
    app: Litestar, books: Books, venue: Venue, clock: HandClock, mode: str
) -> None:
    """Jobs, bids, reputation, economy and leaderboard, of a job that a relay carried."""
    job = await list_job(books, venue)
    async with connected(app, mode) as client:
        names = {tool.name for tool in (await client.list_tools()).tools}
        assert names >= {
            "swarmhaul_list_packages", "swarmhaul_get_reputation", "swarmhaul_economy_stats",
            "swarmhaul_leaderboard",
        }  # fmt: skip
        (open_one,) = (await use(client, "list_packages"))["packages"]
        assert (open_one["id"], open_one["terms"]["budget"]) == (job.id, 1_000_000)
        await bid(books, venue, ADA, first_half(job, 100_000))
        await bid(books, venue, BEN, second_half(job, 200_000))
        shown = await use(client, "get_package", package=job.id)
        assert [one["agent"] for one in shown["bids"]] == [ADA.public, BEN.public]
        fewer = await use(client, "get_package", package=job.id, bids=1)
        assert (len(fewer["bids"]), fewer["bids_left"]) == (1, 1)
        clock.advance(seconds=10)
        await work(books, venue)
        await carry(books, venue, await load(books, job.id), ADA, BEN)
        assert await use(client, "economy_stats") == {
            "packages": {"delivered": 1}, "swarms": 1, "bids": 2, "paid": 300_000
        }  # fmt: skip
        best = await use(client, "leaderboard")
        assert (best["observer"], best["is_market"]) == (MARKET_KEY.public, True)
        assert {one["subject"] for one in best["leaders"]} == {ADA.public, BEN.public}
        known = await use(client, "get_reputation", agent=ADA.public)
        assert (known["completed"], known["is_stranger"]) == (1, False)
        stranger = await use(client, "get_reputation", agent=ADA.public, observer=BEN.public)
        assert stranger["is_stranger"]
        assert (await use(client, "list_packages"))["packages"] == []
        assert (await use(client, "get_wallet", key=ADA.public))["balance"] == 100_000
        about = await use(client, "about_market")
        assert (about["market"], about["coordinator"]) == ("test-market", MARKET_KEY.public)


async def test_what_a_tool_refuses_has_a_code_and_a_sentence(app: Litestar) -> None:
    async with connected(app) as client:
        result = await client.call_tool(
            "swarmhaul_get_package", {"package": "00000000-0000-7000-8000-000000000000"}
        )
        assert result.is_error
        told = json.loads(result.content[0].text)  # type: ignore[union-attr]
        assert (told["code"], told["error"]) == ("NoSuchJob", "There is no such job here.")
        odd = await client.call_tool("swarmhaul_get_package", {"package": "x", "more": 1})
        assert json.loads(odd.content[0].text)["code"] == "ArgumentsUnfit"  # type: ignore[union-attr]
        with pytest.raises(MCPError, match="no such tool"):
            await client.call_tool("swarmhaul_airdrop", {})


async def test_every_tool_says_what_it_takes_gives_and_changes(app: Litestar) -> None:
    async with connected(app) as client:
        for tool in (await client.list_tools()).tools:
            assert tool.description
            assert tool.title
            assert tool.input_schema["type"] == "object"
            assert tool.input_schema["additionalProperties"] is False
            assert tool.output_schema is not None
            assert tool.output_schema["type"] == "object"
            assert tool.annotations is not None
            assert tool.annotations.read_only_hint is not None
            # Other languages know `$` for the end of a text, and no `\Z`.
            assert r"\Z" not in json.dumps(tool.input_schema | tool.output_schema)


async def test_the_shortcuts_need_no_protocol(
    client: httpx.AsyncClient, books: Books, venue: Venue
) -> None:
    job = await list_job(books, venue)
    await bid(books, venue, ADA, bid_terms(job))
    listed = (await client.get("/mcp/tools")).json()["tools"]
    assert "swarmhaul_leaderboard" in {tool["name"] for tool in listed}
    answer = await client.post("/mcp/call", json={"tool": "swarmhaul_economy_stats"})
    assert answer.status_code == 200
    told = answer.json()
    assert json.loads(told["content"][0]["text"]) == told["structuredContent"]
    assert told["structuredContent"]["packages"] == {market.JobStatus.OPEN.value: 1}
    assert told["isError"] is False
    unknown = await client.post("/mcp/call", json={"tool": "swarmhaul_airdrop"})
    assert (unknown.status_code, unknown.json()["code"]) == (404, "NoSuchTool")


HELLO = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
SPOKEN = {"accept": "application/json, text/event-stream"}


@pytest.mark.parametrize("path", ["/mcp", "/mcp/call"])
async def test_a_name_that_was_pointed_at_us_opens_nothing(
    client: httpx.AsyncClient, path: str
) -> None:
    """DNS rebinding: the page keeps its own name when it asks."""
    body = HELLO if path == "/mcp" else {"tool": "swarmhaul_economy_stats"}
    for headers, code in (
        ({"host": "evil.example"}, "HostUnknown"),
        ({"host": "market.example.evil.example"}, "HostUnknown"),
        ({"host": "127.0.0.1.evil.example:8100"}, "HostUnknown"),
        ({"host": "[::1"}, "HostUnknown"),
        ({"origin": "https://evil.example"}, "OriginUnknown"),
        ({"origin": "null"}, "OriginUnknown"),
        ({"host": "127.0.0.1:8100", "origin": "https://evil.example"}, "OriginUnknown"),
    ):
        answer = await client.post(path, json=body, headers=SPOKEN | headers)
        assert (headers, answer.status_code, answer.json()["code"]) == (headers, 403, code)
    for headers in ({"host": "127.0.0.1:8100"}, {"origin": "http://market.example"}):
        answer = await client.post(path, json=body, headers=SPOKEN | headers)
        assert (headers, answer.status_code) == (headers, 200), answer.text


async def test_nothing_is_kept_between_requests_and_no_id_of_a_session_opens_anything(
    client: httpx.AsyncClient,
) -> None:
    """D-41: sessions that nobody keeps need no end, and cannot be taken from anybody."""
    answer = await client.post("/mcp", json=HELLO, headers=SPOKEN | {"mcp-session-id": "stolen"})
    assert answer.status_code == 200
    assert "mcp-session-id" not in answer.headers
    for method in ("GET", "DELETE"):
        assert (await client.request(method, "/mcp", headers=SPOKEN)).status_code == 405


async def test_bodies_that_are_no_request_are_refused(client: httpx.AsyncClient) -> None:
    for body in (
        b"",
        b"{",
        b"[" * 9_000,
        b"null",
        b"[]",
        b'{"jsonrpc":"2.0"}',
        b"\xff",
        b"x" * 30_000,
    ):
        for path in ("/mcp", "/mcp/call"):
            answer = await client.post(
                path, content=body, headers=SPOKEN | {"content-type": "application/json"}
            )
            assert 400 <= answer.status_code < 500, (path, body[:20], answer.text)
