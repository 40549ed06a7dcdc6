"""Nothing that anybody types or orders becomes a header of what we send, or a second request."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest

from kitchenasty import webhooks
from kitchenasty.kit.books import Books
from kitchenasty.webhooks.tests.builders import (
    OWNER,
    add_endpoint,
    deliveries_of,
    happen,
    order_placed,
    send_all,
)

pytestmark = pytest.mark.enable_socket
BREAKS = (
    "\r\n", "\n", "\r", "\r\n\r\n", "\n\n", "\t", "\x00", "\x0b", "\x0c", "\x1c", "\x85", "\x7f",
    "\u2028", "\u2029", "\u010d\u010a", "\uff0d\uff0a", "\u560a\u560d", "\u200b\r\n",
    "%0d%0a", "%0a", "%0d", "%0D%0A%0D%0A", "%250d%250a", "%E5%98%8A%E5%98%8D", "%u000d%u000a",
    "\\r\\n", "&#13;&#10;", "%c4%8d%c4%8a", "%00", " \r\n ", "\r\n\t",
)  # fmt: skip
SMUGGLED = (
    "X-Smuggled:%201",
    "X-Smuggled: 1",
    "GET /second HTTP/1.1",
    "Content-Length: 0",
    "Host: evil.example",
)
CORPUS = [line + words for line in BREAKS for words in SMUGGLED]
ASKED = {
    "host", "accept", "accept-encoding", "content-type", "user-agent", "webhook-id",
    "webhook-timestamp", "webhook-signature", "content-length",
}  # fmt: skip
ANSWER = b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"


@dataclass
class Wire:
    """All that came in, byte for byte: a server that reads more than it is sent would not tell."""

    url: str = ""
    calls: list[bytes] = field(default_factory=list)

    @property
    def heads(self) -> list[list[str]]:
        return [one.partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n") for one in self.calls]


@contextlib.asynccontextmanager
async def listening() -> AsyncIterator[Wire]:
    wire = Wire()

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(
            int(line.partition(b":")[2])
            for line in head.lower().split(b"\r\n")
            if line.startswith(b"content-length")
        )
        wire.calls.append(head + await reader.readexactly(length))
        writer.write(ANSWER)
        await writer.drain()
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(take, "127.0.0.1", 0)
    wire.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield wire
    finally:
        server.close()
        await server.wait_closed()


def places(url: str, evil: str) -> list[str]:
    host = url.removeprefix("http://")
    return [f"{url}/{evil}", f"{url}/?a={evil}", f"http://{evil}@{host}/", f"{url}{evil}/"]


async def test_an_address_becomes_no_header_and_no_second_request(books: Books) -> None:
    tried = refused = 0
    async with listening() as wire:
        for evil in CORPUS:
            for url in places(wire.url, evil):
                tried += 1
                try:
                    made = await add_endpoint(books, url)
                except webhooks.EndpointRefused:
                    refused += 1
                    continue
                await happen(books, order_placed())
                await send_all(books)
                async with books.writing(OWNER) as uow:
                    await webhooks.remove_endpoint(uow, made.endpoint.id)
    print(f"X2: {tried} addresses, {refused} refused, {len(wire.calls)} called, 0 headers more")
    assert wire.calls, "some are harmless, and are called as they stand"
    check(wire)


async def test_words_of_an_order_and_of_the_owner_become_no_header(books: Books) -> None:
    async with listening() as wire:
        made = await add_endpoint(books, f"{wire.url}/in", description="plain")
        for evil in CORPUS:
            await happen(books, order_placed(number=evil))
        await send_all(books)
        told = await deliveries_of(books, made.endpoint.id)
    assert len(wire.calls) == len(told) == len(CORPUS)
    check(wire)
    assert {head[0] for head in wire.heads} == {"POST /in HTTP/1.1"}


def check(wire: Wire) -> None:
    """One line of asking, and the headers that we know, each once."""
    for head in wire.heads:
        names = [line.partition(":")[0].lower() for line in head[1:]]
        assert sorted(names) == sorted(ASKED), head
        assert head[0].startswith("POST /"), head
        assert head[0].endswith(" HTTP/1.1"), head
        assert all("\n" not in line and "\r" not in line for line in head), head
