"""A real Traefik in front of servers that fail: what it tries again elsewhere, and what never."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import pytest

from orca.edge import Backend, ProxyMissing, Site, Traefik, Wish
from orca.tests.town import PATIENCE_SECONDS, Client, headers_of, proxy_in, servers, settings_in

SHOP = "shop.example"
REQUESTS = 20


@asynccontextmanager
async def crashing_server(asked: list[str]) -> AsyncIterator[Backend]:
    """Takes whole requests and hangs up, as one that dies does."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        method = (await reader.readline()).decode().partition(" ")[0]
        headers = await headers_of(reader)
        await reader.readexactly(int(headers.get("content-length", 0)))
        asked.append(method)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    yield Backend(f"127.0.0.1:{server.sockets[0].getsockname()[1]}")
    server.close()


@contextmanager
def silent_server() -> Iterator[Backend]:
    """Its queue is full: whoever comes is neither let in nor sent away, as behind a cut cable."""
    with contextlib.ExitStack() as stack:
        full = stack.enter_context(socket.socket())
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        for _ in range(4):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(full.getsockname())
        yield Backend(f"127.0.0.1:{full.getsockname()[1]}")


async def test_what_dies_under_a_request_is_asked_elsewhere_if_asking_twice_does_no_harm(
    tmp_path: Path,
) -> None:
    """A GET may be sent twice, a POST never: its sender is told that it failed."""
    settings, asked = settings_in(tmp_path / "edge"), list[str]()
    client = Client(settings.http_port)
    async with proxy_in(settings) as proxy, servers("well") as found, crashing_server(asked) as ill:
        await proxy.apply(Wish((Site("shop/web", (SHOP,), (found["well"][1], ill)),)))
        for _ in range(REQUESTS):
            assert (await client.ask(SHOP)).server == "well"
        assert set(asked) == {"GET"}
        said = [(await client.ask(SHOP, method="POST", body="x")).status for _ in range(REQUESTS)]
        assert asked.count("POST") == said.count(502) == REQUESTS // 2
        assert said.count(200) == REQUESTS // 2
    await client.close()


async def test_what_cannot_be_reached_is_not_waited_for(tmp_path: Path) -> None:
    """Nothing was sent yet, so a POST is tried elsewhere as well."""
    settings = settings_in(tmp_path / "edge")

    async def ask(method: str) -> int:
        client = Client(settings.http_port)
        try:
            return (await client.ask(SHOP, method=method, body="x")).status
        finally:
            await client.close()

    async with proxy_in(settings) as proxy, servers("well") as found:
        with silent_server() as silent:
            await proxy.apply(Wish((Site("shop/web", (SHOP,), (found["well"][1], silent)),)))
            async with asyncio.timeout(PATIENCE_SECONDS / 2):
                said = await asyncio.gather(*map(ask, ["GET", "POST"] * (REQUESTS // 2)))
    assert said == [200] * REQUESTS


async def test_a_proxy_that_is_too_old_is_not_started_and_it_is_said(tmp_path: Path) -> None:
    program = tmp_path / "traefik"
    program.write_text("#!/bin/sh\necho Version: 3.6.9\n")
    program.chmod(0o755)
    with pytest.raises(ProxyMissing, match=r"is 3\.6\.9.*3\.7"):
        await Traefik(settings_in(tmp_path / "edge"), program=str(program)).start()
