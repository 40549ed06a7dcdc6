"""A real proxy, small real servers behind it, and clients that count."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import sys
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from orca.edge import Backend, Settings, Traefik

PATIENCE_SECONDS = 60
UPLOAD_BYTES = 32 * 1_048_576
TRAEFIK = str(Path(sys.executable).with_name("traefik"))
"""The one that is pinned with the other tools, and not whatever this machine has."""


def free_ports(count: int) -> list[int]:
    """Kept open together, so that all are different."""
    with contextlib.ExitStack() as stack:
        taken = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)]
        return [one.getsockname()[1] for one in taken]


def settings_in(folder: Path, *, trusted: tuple[str, ...] = ()) -> Settings:
    http, https, inner, feed = free_ports(4)
    return Settings(folder, http, https, inner, feed, trusted)


@dataclass
class Server:
    """Answers everything with its name and what it was asked, keeping connections open."""

    name: str
    seen: list[str] = field(default_factory=list)
    _server: asyncio.Server | None = None
    _writers: set[asyncio.StreamWriter] = field(default_factory=set)

    async def open(self) -> Backend:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return Backend(f"127.0.0.1:{self._server.sockets[0].getsockname()[1]}")

    async def was_asked(self) -> bool:
        return bool(self.seen)

    async def close(self) -> None:
        """Also what a proxy keeps open, which may outlive this."""
        if self._server is not None:
            self._server.close()
        for writer in [*self._writers]:
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            while line := await reader.readline():
                headers = await headers_of(reader)
                await reader.readexactly(int(headers.get("content-length", 0)))
                self.seen.append(line.decode().split(" ")[1])
                body = f"{self.name} {self.seen[-1]} {headers.get('x-forwarded-for', '')}".encode()
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
                await writer.drain()
        writer.close()
        self._writers.discard(writer)


async def headers_of(reader: asyncio.StreamReader) -> dict[str, str]:
    found: dict[str, str] = {}
    while line := (await reader.readline()).decode("latin-1").strip():
        name, _, value = line.partition(":")
        found[name.lower()] = value.strip()
    return found


@dataclass(frozen=True, slots=True)
class Answered:
    status: int
    headers: dict[str, str]
    body: str

    @property
    def server(self) -> str:
        return self.body.split(" ")[0]


class Client:
    """One connection that is kept, as a browser does."""

    def __init__(self, port: int, address: str = "127.0.0.1") -> None:
        self._port, self._address = port, address
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(
        self, host: str, path: str = "/", *, method: str = "GET", body: str = "", headers: str = ""
    ) -> Answered:
        if self._streams is None:
            self._streams = await asyncio.open_connection(self._address, self._port)
        reader, writer = self._streams
        writer.write(
            f"{method} {path} HTTP/1.1\r\nHost: {host}\r\nContent-Length: {len(body)}\r\n"
            f"{headers}\r\n{body}".encode()
        )
        await writer.drain()
        status = int((await reader.readline()).split(b" ")[1])
        got = await headers_of(reader)
        text = (await reader.readexactly(int(got.get("content-length", 0)))).decode()
        if got.get("connection") == "close":
            await self.close()
        return Answered(status, got, text)

    async def close(self) -> None:
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None


@asynccontextmanager
async def servers(*names: str) -> AsyncIterator[dict[str, tuple[Server, Backend]]]:
    made = [Server(name) for name in names]
    yield {one.name: (one, await one.open()) for one in made}
    for one in made:
        await one.close()


@asynccontextmanager
async def proxy_in(settings: Settings) -> AsyncIterator[Traefik]:
    proxy = Traefik(settings, program=TRAEFIK)
    try:
        await proxy.start()
        yield proxy
    finally:
        await proxy.stop()


async def until(is_so: Callable[[], Awaitable[bool]]) -> None:
    """Asks again and again: what is waited for happens in another program."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not await is_so():  # noqa: ASYNC110 - as above
            await asyncio.sleep(0.02)


async def crowd(
    port: int,
    clients: int,
    is_over: Callable[[int], bool],
    *,
    host: str,
    method: str = "GET",
    into: Counter[str] | None = None,
) -> Counter[str]:
    """How often each server answered; what failed is counted by its status or its error."""
    counted: Counter[str] = Counter() if into is None else into

    async def one() -> None:
        client = Client(port)
        while not is_over(counted.total()):
            try:
                answer = await client.ask(host, method=method, body="x" * 20)
                counted[answer.server if answer.status == 200 else f"!{answer.status}"] += 1
            except (OSError, EOFError, IndexError) as error:
                counted[f"!{type(error).__name__}"] += 1
                await client.close()
        await client.close()

    async with asyncio.timeout(PATIENCE_SECONDS * 4):
        await asyncio.gather(*(one() for _ in range(clients)))
    return counted


@asynccontextmanager
async def echo_server() -> AsyncIterator[Backend]:
    """Switches protocols, then says what it hears."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(
            b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"
        )
        with contextlib.suppress(ConnectionError):
            while line := await reader.readline():
                writer.write(line)
                await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    yield Backend(f"127.0.0.1:{server.sockets[0].getsockname()[1]}")
    server.close()


@asynccontextmanager
async def canned_server(answers: dict[str, str]) -> AsyncIterator[Backend]:
    """Says what it was given, by path: a status and headers, with bars between them."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        status, *headers = answers[head.split(b" ")[1].decode()].split("|")
        lines = [f"HTTP/1.1 {status}", *headers, "Connection: close", "", ""]
        writer.write("\r\n".join(lines).encode())
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    yield Backend(f"127.0.0.1:{server.sockets[0].getsockname()[1]}")
    server.close()


async def raw_answer(port: int, head: str) -> str:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"{head}Connection: close\r\n\r\n".encode())
    async with asyncio.timeout(PATIENCE_SECONDS):
        told = (await reader.read()).decode("latin-1")
    writer.close()
    return told


@asynccontextmanager
async def pieces_server(more: asyncio.Semaphore) -> AsyncIterator[Backend]:
    """Counts what is sent to it, then says a number each time that it may."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        left = UPLOAD_BYTES
        while left:
            left -= len(await reader.read(min(left, 1_048_576)))
        writer.write(
            b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
            b"Transfer-Encoding: chunked\r\n\r\n"
        )
        await send(writer, f"data: {UPLOAD_BYTES}\n\n")
        for number in range(3):
            await more.acquire()
            await send(writer, f"data: {number}\n\n")
        writer.write(b"0\r\n\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    yield Backend(f"127.0.0.1:{server.sockets[0].getsockname()[1]}")
    server.close()


async def send(writer: asyncio.StreamWriter, text: str) -> None:
    writer.write(b"%x\r\n%s\r\n" % (len(text), text.encode()))
    await writer.drain()
