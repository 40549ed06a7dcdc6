"""Those who talk long with a container through the edge: sockets, streams of events and uploads."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

import aiohttp

from orca.testing import begin_within, within
from orca.tests.running import LOOPBACK, WITHIN_SECONDS
from orca.tests.traffic import HTTP, Street

PAUSE_SECONDS = 0.02
PART = bytes(1_048_576)


@dataclass
class Call:
    """One of them. `by` is the container that it talks with, `heard` how often it heard of it."""

    by: str = ""
    heard: int = 0
    ended_at: float | None = None


@dataclass
class Calls:
    """All of them, until it is enough."""

    street: Street
    host: str
    running: Future[None] = field(default_factory=Future)
    all: list[Call] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def until(self, is_so: Callable[[], bool], what: str) -> None:
        """Whoever hears what they should not is told of at once."""
        self.street.cluster.until(lambda: self.running.done() or is_so(), what)
        if self.running.done():
            self.running.result()

    def with_container(self, container: str) -> list[Call]:
        """Inside it is called by the beginning of its id."""
        return [call for call in self.all if call.by and container.startswith(call.by)]

    def all_talk(self, calls: list[Call], more: int = 5) -> bool:
        """Whether each of them hears so much more; those that have ended do not."""
        until = [call.heard + more for call in calls]

        def have_heard() -> bool:
            return all(call.heard >= least for call, least in zip(calls, until, strict=True))

        self.until(lambda: have_heard() or any(call.ended_at for call in calls), "they hear more")
        return have_heard()


@contextmanager
def calls(street: Street, host: str, *, sockets: int, streams: int) -> Iterator[Calls]:
    made = Calls(street, host)
    made.running = begin_within(
        street.cluster.middle.pid, lambda: asyncio.run(talk(made, sockets, streams))
    )
    try:
        made.until(
            lambda: len(made.all) == sockets + streams and all(call.heard for call in made.all),
            "all of them talk",
        )
        yield made
    finally:
        made.over.set()
        made.running.result(WITHIN_SECONDS)


async def talk(made: Calls, sockets: int, streams: int) -> None:
    timeout = aiohttp.ClientTimeout(total=None, sock_read=WITHIN_SECONDS)
    async with (
        aiohttp.ClientSession(
            f"http://{LOOPBACK}:{HTTP}", headers={"Host": made.host}, timeout=timeout
        ) as session,
        asyncio.TaskGroup() as all_of_them,
    ):
        for way, count in ((echo, sockets), (listen, streams)):
            for _ in range(count):
                made.all.append(call := Call())
                all_of_them.create_task(way(session, made, call))


async def echo(session: aiohttp.ClientSession, made: Calls, call: Call) -> None:
    """What is said comes back, word for word."""
    # A socket that was closed by the other side is noticed by whoever writes or reads next.
    with suppress(ConnectionError, aiohttp.ClientError):
        async with session.ws_connect("/socket") as link:
            call.by = await link.receive_str()
            while not made.over.is_set():
                await link.send_str(f"word {call.heard}")
                heard = await link.receive()
                if heard.type is not aiohttp.WSMsgType.TEXT:
                    break
                assert heard.data == f"word {call.heard}"
                call.heard += 1
                await asyncio.sleep(PAUSE_SECONDS)
    call.ended_at = time.time()


async def listen(session: aiohttp.ClientSession, made: Calls, call: Call) -> None:
    """Events come in their order, none of them twice."""
    with suppress(ConnectionError, aiohttp.ClientError):
        async with session.get("/events") as answer:
            assert answer.content_type == "text/event-stream"
            async for line in answer.content:
                if made.over.is_set():
                    break
                if line.startswith(b"data: "):
                    _, call.by, number = line.decode().split()
                    assert int(number) == call.heard
                    call.heard += 1
    call.ended_at = time.time()


def upload(street: Street, host: str, size: int, each: Callable[[], None]) -> bytes:
    """The whole answer. `each` is called now and then on the way."""
    return within(street.cluster.middle.pid, lambda: uploaded(host, size, each))


def uploaded(host: str, size: int, each: Callable[[], None]) -> bytes:
    with socket.create_connection((LOOPBACK, HTTP), timeout=WITHIN_SECONDS) as link:
        head = f"POST /upload HTTP/1.1\r\nHost: {host}\r\nContent-Length: {size}\r\n"
        link.sendall(f"{head}Connection: close\r\n\r\n".encode())
        for sent in range(0, size, len(PART)):
            link.sendall(PART[: size - sent])
            if sent // len(PART) % 64 == 0:
                each()
        return b"".join(iter(lambda: link.recv(65_536), b""))
