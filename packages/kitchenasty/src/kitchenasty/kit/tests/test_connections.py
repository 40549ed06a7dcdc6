"""A place at the counter is for those who order: half requests and unread answers end."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
import uvicorn
from uvicorn.server import ServerState

from basis.kit.http import connections
from basis.kit.http.connections import ImpatientProtocol

LARGE = b"x" * 20_000_000
WHOLE = b"GET / HTTP/1.1\r\nhost: house.example\r\n\r\n"
HALF = WHOLE[:20]
Line = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def answer(scope: Any, _receive: Any, send: Any) -> None:
    body = LARGE if scope["path"] == "/large" else b"soup"
    headers = [(b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


@pytest.fixture
def state() -> ServerState:
    return ServerState()


@pytest.fixture
async def port(state: ServerState, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[int]:
    """Where a server listens that waits a quarter of a second, and for three at a time."""
    monkeypatch.setattr(connections, "HEAD_SECONDS_MAX", 0.25)
    monkeypatch.setattr(connections, "READ_SECONDS_MAX", 0.25)
    monkeypatch.setattr(connections, "WAITING_MAX", 3)
    config = uvicorn.Config(answer, log_config=None, lifespan="off")
    config.load()

    def make() -> ImpatientProtocol:
        return ImpatientProtocol(config=config, server_state=state, app_state={})

    server = await asyncio.get_running_loop().create_server(make, "127.0.0.1", 0)
    yield server.sockets[0].getsockname()[1]
    for connection in list(state.connections):
        connection.transport.abort()
    server.close()
    await asyncio.gather(*state.tasks, return_exceptions=True)


async def say(port: int, text: bytes) -> Line:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(text)
    return reader, writer


async def hear_end(line: Line) -> bytes:
    """All that comes until the server ends the connection."""
    heard = b""
    try:
        while piece := await asyncio.wait_for(line[0].read(100_000), 10):
            heard += piece
    except ConnectionResetError:
        pass
    line[1].close()
    return heard


async def until(condition: Callable[[], bool]) -> None:
    for _ in range(1_000):
        if condition():
            return
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(asyncio.Event().wait(), 0.01)
    raise AssertionError("it did not come to pass")


async def test_half_a_head_is_not_waited_for(port: int) -> None:
    assert await hear_end(await say(port, HALF)) == b""


async def test_half_a_second_head_is_not_waited_for_either(port: int) -> None:
    heard = await hear_end(await say(port, WHOLE + HALF))
    assert heard.endswith(b"soup")


async def test_who_says_nothing_is_not_waited_for(port: int) -> None:
    assert await hear_end(await say(port, b"")) == b""


async def test_of_too_many_half_heads_the_oldest_goes(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "HEAD_SECONDS_MAX", 3_600)
    oldest, *others = [await say(port, HALF) for _ in range(4)]
    assert await hear_end(oldest) == b""
    assert not any(reader.at_eof() for reader, _ in others)
    for _, writer in others:
        writer.close()


async def test_an_answer_nobody_reads_is_taken_back(port: int, state: ServerState) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1_000)
    writer.write(WHOLE.replace(b"GET / ", b"GET /large "))
    await until(lambda: bool(state.connections))
    await until(lambda: not state.connections)
    assert len(await hear_end((reader, writer))) < len(LARGE)


async def test_who_reads_gets_all_of_it(port: int) -> None:
    line = await say(port, WHOLE.replace(b"GET / ", b"GET /large "))
    heard = await asyncio.wait_for(line[0].readuntil(b"\r\n\r\n"), 10)
    assert heard.startswith(b"HTTP/1.1 200")
    assert await asyncio.wait_for(line[0].readexactly(len(LARGE)), 30) == LARGE
    line[1].close()
