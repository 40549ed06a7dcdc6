"""Ports of the edge that another program has: said in words, and taken as soon as they are free."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import partial
from pathlib import Path

import pytest

from orca.agent import Edging, Told
from orca.edge import Backend, Doors, EdgeOrders, Site, Traefik
from orca.tests.town import TRAEFIK, Client, free_ports, servers, until

SHOP = "shop.example"


@pytest.fixture
async def edging(tmp_path: Path) -> AsyncIterator[Edging]:
    inner, feed = free_ports(2)
    made = Edging(tmp_path / "edge", partial(Traefik, program=TRAEFIK), inner, feed)
    going_on = asyncio.create_task(made.go_on())
    yield made
    going_on.cancel()
    await asyncio.wait([going_on])
    if made.proxy is not None:
        await made.proxy.stop()


def orders(backend: Backend, http_port: int, https_port: int) -> EdgeOrders:
    doors = Doors(http_port, https_port)
    return EdgeOrders(doors, (Site("shop/web", (SHOP,), (backend,)),))


@asynccontextmanager
async def another_program(port: int) -> AsyncIterator[None]:
    """It says yes to everything."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nConnection: close\r\n\r\nyes")
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", port)
    yield
    server.close()
    await server.wait_closed()


@pytest.mark.parametrize("taken", ["http", "https", "inner", "feed"])
async def test_a_taken_port_is_named_holds_up_nobody_and_is_taken_when_it_is_free(
    edging: Edging, taken: str
) -> None:
    """Another web server on the machine, most often. What is let go of need not wait for an edge
    that lets nobody in.
    """
    http, https = free_ports(2)
    ports = {"http": http, "https": https, "inner": edging.inner_port, "feed": edging.feed_port}
    async with servers("web") as found:
        async with another_program(ports[taken]):
            edging.hear(7, orders(found["web"][1], http, https))
            await until(lambda: asyncio.sleep(0, edging.routed == 7))
            assert edging.obeyed.digest == ""
            assert str(ports[taken]) in edging.obeyed.trouble
            assert "ddress already in use" in edging.obeyed.trouble
        await until(lambda: asyncio.sleep(0, edging.obeyed.digest != ""))
        assert edging.obeyed.trouble == ""
        client = Client(http)
        assert (await client.ask(SHOP)).server == "web"
        await client.close()


async def test_a_proxy_that_was_begun_before_is_waited_for_though_nobody_can_tell_it(
    tmp_path: Path,
) -> None:
    """It serves on, and leads where it was told last."""
    http, https, inner, feed = free_ports(4)
    make = partial(Traefik, program=TRAEFIK)
    first = Edging(tmp_path / "edge", make, inner, feed)
    async with servers("web", "next") as found:
        await first.tried(told := Told(1, orders(found["web"][1], http, https)))
        assert (first.routed, first.trouble) == (told.revision, "")
        await first.close()
        second = Edging(tmp_path / "edge", make, inner, feed)
        async with another_program(feed):
            await second.tried(told := Told(2, orders(found["next"][1], http, https)))
            assert second.routed == 0
            assert str(feed) in second.trouble
            client = Client(http)
            assert (await client.ask(SHOP)).server == "web"
            await client.close()
        await second.tried(told)
        assert second.routed == told.revision
        assert second.proxy is not None
        await second.proxy.stop()
