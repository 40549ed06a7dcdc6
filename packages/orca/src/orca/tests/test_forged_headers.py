"""What a client says of itself in headers reaches no server in a form that one would believe."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from orca.edge import Backend, Site, Wish
from orca.tests.town import Client, proxy_in, settings_in

SHOP = "shop.example"
SIGNS = "-_.!~+'*^|%&#$`"
MANAGED = ("Forwarded-For", "Forwarded-Proto", "Forwarded-Host", "Forwarded-Port", "Real-Ip")
Heard = list[tuple[str, str]]


@asynccontextmanager
async def listening_server(heard: Heard) -> AsyncIterator[Backend]:
    """Notes headers as servers do that make variables of them: all signs are one."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            while head := (await reader.readuntil(b"\r\n\r\n")).decode("latin-1"):
                lines = [line.partition(":") for line in head.split("\r\n")[1:] if line]
                heard.extend(
                    (re.sub("[^a-z0-9]", "_", name.lower()), value.strip())
                    for name, _, value in lines
                )
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
                await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    yield Backend(f"127.0.0.1:{server.sockets[0].getsockname()[1]}")
    server.close()


@pytest.mark.parametrize("is_trusted", [False, True])
async def test_no_client_forges_where_it_comes_from(tmp_path: Path, *, is_trusted: bool) -> None:
    """`X_Forwarded_For` is `HTTP_X_FORWARDED_FOR` to whoever makes variables of headers, just as
    the one that the proxy sets. Also behind a proxy of ours, which passes on what it does not know.
    """
    heard: Heard = []
    networks = ("127.0.0.0/8",) if is_trusted else ()
    settings = settings_in(tmp_path / "edge", trusted=networks)
    forged = "".join(
        f"X{sign}{name.replace('-', sign)}: forged\r\n"
        for sign in SIGNS
        for name in MANAGED
        if not (is_trusted and sign == "-")
    )
    async with proxy_in(settings) as proxy, listening_server(heard) as backend:
        await proxy.apply(Wish((Site("shop/web", (SHOP,), (backend,)),)))
        client = Client(settings.http_port)
        answer = await client.ask(SHOP, headers=f"X-Own: kept\r\n{forged}")
        await client.close()
    assert answer.status == 200
    assert ("x_own", "kept") in heard
    assert [pair for pair in heard if "forged" in pair[1]] == []
    assert [value for name, value in heard if name == "x_forwarded_for"] == ["127.0.0.1"]
