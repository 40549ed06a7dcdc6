"""An agent does not die of its market."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from basis.kit.signing import SigningKey
from swarmhaul.agents import Life, live
from swarmhaul.agents.tests.builders import profile
from swarmhaul.client import Expected, MarketLies

KEY = SigningKey.of_seed(b"a" * 32)
PATIENCE_SECONDS = 120
ABOUT = {
    "market": "fair", "coordinator": KEY.public, "arbiter": KEY.public, "rail": "svm",
    "treasury": KEY.public, "wallet_min": 0, "award_seconds": 900, "bids_live_max": 8,
}  # fmt: skip
Answers = Callable[[str], tuple[int, object]]


@asynccontextmanager
async def market(answers: Answers) -> AsyncIterator[str]:
    """A real server on loopback; `answers` makes status and body from the path."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        status, told = answers(head.split(" ")[1])
        body = json.dumps(told).encode()
        writer.write(
            b"HTTP/1.1 %d OK\r\nconnection: close\r\ncontent-length: %d\r\n\r\n%s"
            % (status, len(body), body)
        )
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def test_an_agent_begins_anew_when_its_market_answers_nonsense() -> None:
    begun = asyncio.Queue[str]()

    def answers(path: str) -> tuple[int, object]:
        if path == "/api/market":
            begun.put_nowait(path)
            return 200, ABOUT
        return 403, {"success": False, "error": "Go away.", "code": "GoAway"}

    async with market(answers) as url:
        living = asyncio.create_task(live(Life(url=url, key=KEY, profile=profile())))
        async with asyncio.timeout(PATIENCE_SECONDS):
            await begun.get()
            await begun.get()
        assert not living.done()
        living.cancel()
        await asyncio.gather(living, return_exceptions=True)


async def test_an_agent_signs_nothing_at_another_market() -> None:
    asked: list[str] = []

    def answers(path: str) -> tuple[int, object]:
        asked.append(path)
        return 200, ABOUT

    async with market(answers) as url:
        meant = Expected(market="another")
        with pytest.raises(MarketLies):
            await live(Life(url=url, key=KEY, profile=profile(), expected=meant))
    assert asked == ["/api/market"]
