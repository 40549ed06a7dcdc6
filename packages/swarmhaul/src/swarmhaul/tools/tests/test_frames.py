"""Frames of the protocol that no client of it would send."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from litestar import Litestar
from mcp_types.version import HANDSHAKE_PROTOCOL_VERSIONS, MODERN_PROTOCOL_VERSIONS

from basis.kit.limits import Limits

SPOKEN = {"accept": "application/json, text/event-stream", "content-type": "application/json"}
ODD: list[Any] = [
    None, True, -1, 2**64, 0.5, 1e308, "", "\0", "\U0010ffff", "a" * 9_000, [], [[]], {},
    {"a": [{}]},
]  # fmt: skip
CALL: dict[str, Any] = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "tools/call",
    "params": {"name": "swarmhaul_leaderboard", "arguments": {"limit": 1}},
}
METHODS = (
    "initialize", "ping", "tools/list", "resources/list", "resources/read", "prompts/get",
    "completion/complete", "logging/setLevel", "subscriptions/listen", "server/discover",
    "notifications/cancelled", "sampling/createMessage", "tools/call/../list", "",
)  # fmt: skip


def odd_frames() -> Iterator[Any]:
    """The call with one part gone or nonsense, also of what is inside; and other methods."""
    for name in CALL:
        yield {key: kept for key, kept in CALL.items() if key != name}
        for odd in ODD:
            yield CALL | {name: odd}
    params = CALL["params"]
    for name in [*params, "_meta", "task"]:
        for odd in ODD:
            yield CALL | {"params": params | {name: odd}}
    for method in METHODS:
        yield CALL | {"method": method}
        yield {"jsonrpc": "2.0", "method": method}
    yield [CALL, CALL]
    yield {"jsonrpc": "2.0", "id": 1, "result": {}}


@pytest.mark.parametrize(
    "version", [None, HANDSHAKE_PROTOCOL_VERSIONS[0], MODERN_PROTOCOL_VERSIONS[-1], "9999-99-99"]
)
async def test_no_odd_frame_makes_the_server_fall(
    app: Litestar, client: httpx.AsyncClient, version: str | None
) -> None:
    """X3: each is answered, and no answer shows what we are made of."""
    app.state.limits = Limits(enabled=False)
    headers = SPOKEN | ({"mcp-protocol-version": version} if version else {})
    for frame in odd_frames():
        answer = await client.post("/mcp", json=frame, headers=headers)
        assert answer.status_code < 500, (frame, answer.text)
        assert "-32603" not in answer.text, (frame, answer.text)  # an error of ours
        assert "Traceback" not in answer.text
        assert "site-packages" not in answer.text


ODD_HEADERS = (b"", b"*", b"a" * 4_000, b"text/event-stream", b"%00", "é".encode(), b"a, b;q=x")


async def test_no_odd_header_makes_the_server_fall(client: httpx.AsyncClient) -> None:
    known = [(name.encode(), value.encode()) for name, value in SPOKEN.items()]
    for name in (b"accept", b"content-type", b"mcp-protocol-version", b"mcp-session-id",
                 b"mcp-method", b"mcp-name", b"last-event-id"):  # fmt: skip
        for odd in ODD_HEADERS:
            answer = await client.post("/mcp", json=CALL, headers=[*known, (name, odd)])
            assert answer.status_code < 500, (name, odd, answer.text)
