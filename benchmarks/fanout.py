"""W4: an order moves on, and 5 kitchen screens and 500 guests see it.

The time runs from sending the change to its arrival at each socket, so it has the change itself,
its commit and its delivery in it. All sockets live in this one process: it shares the machine with
the server, and what it needs to read 505 sockets is in the figures.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import cast

import msgspec
import uvloop

from benchmarks.house import Furnished
from benchmarks.load import Call, Pace, Unexpected, address_of, fetch_once, pace_of
from benchmarks.workloads import FOLLOWED_HOUSE, order_call

KITCHENS = 5
TRACKERS = 500
ORDERS = 10
STEPS = ("CONFIRMED", "PREPARING", "READY", "PICKED_UP")
PATIENCE_SECONDS = 30
TOLD = b'"order.moved"'
PING_LENGTH = 4
PING = bytes([0x89, PING_LENGTH])  # no text of ours has these two bytes
PONG = bytes([0x8A, 0x80 | PING_LENGTH]) + bytes(4)
UPGRADE = (
    "GET /live HTTP/1.1\r\nhost: 127.0.0.1\r\nupgrade: websocket\r\nconnection: upgrade\r\n"
    "sec-fetch-site: same-origin\r\nsec-websocket-version: 13\r\n"
    "sec-websocket-key: YmVuY2htYXJrcyBsaXZlIQ==\r\n"
    "{more}\r\n"
)


@dataclass
class Audience:
    """Those who wait for a change, and when each of them heard of it."""

    arrivals: list[float] = field(default_factory=list)
    expected: int = 0
    lost: int = 0
    """Sockets that the server closed: they hear nothing, and the run says so at once."""
    everybody: asyncio.Event = field(default_factory=asyncio.Event)

    def await_so_many(self, count: int) -> None:
        self.arrivals, self.expected = [], count
        if not self.lost:
            self.everybody.clear()

    def hear(self, count: int) -> None:
        self.arrivals.extend([time.perf_counter()] * count)
        if len(self.arrivals) >= self.expected:
            self.everybody.set()

    def lose(self) -> None:
        self.lost += 1
        self.everybody.set()


class Follower(asyncio.Protocol):
    """A socket that joins topics and then only notes when it is told of a move."""

    def __init__(self, audience: Audience, joins: list[bytes], cookie: str) -> None:
        self.joined: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._audience = audience
        self._joins = joins
        self._head = UPGRADE.format(more=f"cookie: {cookie}\r\n" if cookie else "").encode()
        self._answers = b""
        self._rest = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # Not asserted: uvloop's transports are no subclasses of what they behave like.
        self._transport = cast("asyncio.Transport", transport)
        self._transport.write(self._head)

    def data_received(self, data: bytes) -> None:
        self._answer_ping(data)
        if self.joined.done():
            # A message may come in two parts; too short to hold the word, the rest counts once.
            data = self._rest + data
            self._rest = data[1 - len(TOLD) :]
            count = data.count(TOLD)
            if count:
                self._audience.hear(count)
            return
        self._answers += data
        if not self._answers.startswith(b"HTTP/1.1 101 ") or b'"refused"' in self._answers:
            told = self._answers[-300:].decode("latin-1")
            self.joined.set_exception(PermissionError(told))
            return
        if self._joins and b"\r\n\r\n" in self._answers:
            self._transport.writelines(text_frame(join) for join in self._joins)
            self._expected, self._joins = len(self._joins), []
        if not self._joins and self._answers.count(b'"joined"') == self._expected:
            self.joined.set_result(None)

    def connection_lost(self, exc: Exception | None) -> None:
        if self.joined.done():
            self._audience.lose()
        else:
            self.joined.set_exception(exc or ConnectionError("the server closed the socket"))

    def _answer_ping(self, data: bytes) -> None:
        """The server closes whoever leaves a ping without an answer for 20 s."""
        _, ping, rest = data.partition(PING)
        if ping:
            self._transport.write(PONG + rest[:PING_LENGTH])


def text_frame(text: bytes) -> bytes:
    """A masked frame as clients must send; a mask of zeros leaves the text as it is."""
    length = bytes([0x80 | len(text)]) if len(text) < 126 else b"\xfe" + len(text).to_bytes(2)
    return b"\x81" + length + bytes(4) + text


def measure_fanout(url: str, furnished: Furnished, *, when_all_follow: Callable[[], None]) -> Pace:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(follow_changes(url, furnished, when_all_follow))


async def follow_changes(
    url: str, furnished: Furnished, when_all_follow: Callable[[], None]
) -> Pace:
    """The arrivals at all sockets of every step of a few orders; `count` counts the changes."""
    house_id = furnished.house_ids[FOLLOWED_HOUSE]
    placed = [await place(url, furnished, house_id) for _ in range(ORDERS)]
    audience = Audience()
    kitchen = [msgspec.json.encode({"join": {"topic": f"kitchen:{house_id}"}})]
    tracking = [
        msgspec.json.encode({"join": {"topic": f"order:{order_id}", "capability": capability}})
        for order_id, capability in placed
    ]
    session = f"session={furnished.cookie}"
    sockets = [Follower(audience, list(kitchen), session) for _ in range(KITCHENS)]
    sockets += [Follower(audience, list(tracking), "") for _ in range(TRACKERS)]
    (host, port), loop = address_of(url), asyncio.get_running_loop()
    for socket in sockets:
        await loop.create_connection(
            lambda made=socket: made,  # type: ignore[misc]  # bound now, not when it is called
            host,
            port,
        )
        async with asyncio.timeout(PATIENCE_SECONDS):
            await socket.joined
    when_all_follow()
    return await move_on(url, furnished, [order_id for order_id, _ in placed], audience)


async def place(url: str, furnished: Furnished, house_id: str) -> tuple[str, str]:
    _, content = await fetch_once(url, order_call(house_id, *furnished.wishes[:2]))
    order = msgspec.json.decode(content)["data"]
    return order["id"], order["capability"]


async def move_on(url: str, furnished: Furnished, order_ids: list[str], audience: Audience) -> Pace:
    times: list[float] = []
    begun = time.perf_counter()
    for order_id in order_ids:
        for step in STEPS:
            audience.await_so_many(KITCHENS + TRACKERS)
            started = time.perf_counter()
            await fetch_once(url, move_call(furnished, order_id, step))
            async with asyncio.timeout(PATIENCE_SECONDS):
                await audience.everybody.wait()
            if audience.lost:
                raise Unexpected(f"the server closed {audience.lost} sockets")
            times += [(arrival - started) * 1_000 for arrival in audience.arrivals]
    changes = len(order_ids) * len(STEPS)
    spread = pace_of(times, time.perf_counter() - begun)
    return Pace(changes, spread.seconds, spread.p50, spread.p99)


def move_call(furnished: Furnished, order_id: str, step: str) -> Call:
    return Call(
        f"/api/orders/{order_id}/status",
        method="PATCH",
        headers=(("authorization", f"Bearer {furnished.token}"),),
        body=msgspec.json.encode({"status": step}),
    )
