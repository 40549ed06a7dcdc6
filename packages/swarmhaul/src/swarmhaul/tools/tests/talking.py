"""The official SDK's client, connected to an application, and what it is answered."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx2
from litestar import Litestar
from mcp import Client
from mcp.client.streamable_http import streamable_http_client

from swarmhaul import sessions
from swarmhaul.identity import Signed, SigningKey, sign_statement
from swarmhaul.kit.books import Books
from swarmhaul.market import Venue

URL = "http://market.example/mcp"
LIMITS = {"once_max": 1_000_000, "total_max": 3_000_000, "bid_max": 500_000}


@asynccontextmanager
async def connected(app: Litestar, mode: str = "auto") -> AsyncIterator[Client]:
    transport = httpx2.ASGITransport(app)  # type: ignore[arg-type]
    async with (
        httpx2.AsyncClient(transport=transport) as http,
        Client(streamable_http_client(URL, http_client=http), mode=mode) as client,
    ):
        yield client


async def use(client: Client, name: str, **arguments: Any) -> Any:
    """What the tool gives, the text saying the same as the structure."""
    result = await client.call_tool(f"swarmhaul_{name}", arguments)
    told = json.loads(result.content[0].text)  # type: ignore[union-attr]
    assert not result.is_error, told
    assert result.structured_content == told
    return told


async def refused(client: Client, name: str, **arguments: Any) -> str:
    """The code of the refusal."""
    result = await client.call_tool(f"swarmhaul_{name}", arguments)
    told = json.loads(result.content[0].text)  # type: ignore[union-attr]
    assert result.is_error, told
    assert told["error"]
    code: str = told["code"]
    return code


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a key, who signs for one market."""

    key: SigningKey
    books: Books
    venue: Venue

    def sign(self, purpose: str, terms: dict[str, Any], **fields: Any) -> Signed:
        given: dict[str, Any] = {"market": self.venue.name, "now": self.books.clock()} | fields
        return sign_statement(self.key, terms, purpose=purpose, **given)

    def signed(self, purpose: str, terms: dict[str, Any], **fields: Any) -> dict[str, str]:
        """As tools take it."""
        made = self.sign(purpose, terms, **fields)
        return {"statement": made.text, "signature": made.signature}

    def answer(self, challenge: dict[str, Any], **limits: int) -> dict[str, str]:
        return self.signed(
            sessions.BIND,
            {
                "session": challenge["session"],
                "challenge": challenge["challenge"],
                "ends_at": int(self.books.clock().timestamp()) + 3_600,
                "limits": LIMITS | limits,
            },
        )

    async def begin(self, client: Client, **limits: int) -> str:
        """A session of one's own; answers its id."""
        challenge = await use(client, "ask_challenge")
        bound = await use(client, "bind_session", **self.answer(challenge, **limits))
        session: str = bound["id"]
        return session
