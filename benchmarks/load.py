"""Makes the load: requests that are bytes already, over connections that stay open.

It must cost less than what it measures, so a client is a bare protocol: it writes the next request
when the answer is complete. `wrk`, where it is installed, does the reads that are answered from
memory, since no Python keeps up with those.
"""

from __future__ import annotations

import asyncio
import itertools
import re
import shutil
import statistics
import subprocess
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import cast
from urllib.parse import urlsplit

import uvloop

LATENCY = re.compile(r"\s(50|99)%\s+([\d.]+)(us|ms|s)")
MILLISECONDS = {"us": 0.001, "ms": 1.0, "s": 1_000.0}
PATIENCE_SECONDS = 60
BUSY = b"HTTP/1.1 503 "


class Unexpected(AssertionError):
    """The server answered something else than the workload is about."""


@dataclass(frozen=True, slots=True)
class Call:
    """One request; `{n}` in its headers is replaced by a number that never comes twice."""

    path: str
    method: str = "GET"
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    status: int = 200

    def encode(self) -> bytes:
        lines = [f"{self.method} {self.path} HTTP/1.1", "host: 127.0.0.1"]
        lines += [f"{name}: {value}" for name, value in self.headers]
        if self.body:
            lines.append(f"content-type: application/json\r\ncontent-length: {len(self.body)}")
        return "\r\n".join([*lines, "", ""]).encode() + self.body


@dataclass(frozen=True, slots=True)
class Pace:
    """What the clients saw: `count` requests answered within `seconds`, `refused` ones with 503."""

    count: int
    seconds: float
    p50: float
    p99: float
    refused: int = 0


class Client(asyncio.Protocol):
    """One keep-alive connection that asks again as soon as it is answered."""

    def __init__(self, requests: Iterator[bytes], status: int, end: float) -> None:
        self.times: list[float] = []
        self.refused = 0
        self.finished: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._requests = requests
        self._expected = f"HTTP/1.1 {status} ".encode()
        self._end = end
        self._buffer = b""
        self._started = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # Not asserted: uvloop's transports are no subclasses of what they behave like.
        self._transport = cast("asyncio.Transport", transport)
        self._ask()

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if not is_complete(self._buffer):
            return
        now = time.perf_counter()
        if self._buffer.startswith(self._expected):
            self.times.append((now - self._started) * 1_000)
        elif self._buffer.startswith(BUSY):
            self.refused += 1
        else:
            self._finish(Unexpected(self._buffer[:600].decode(errors="replace")))
            return
        self._buffer = b""
        if now < self._end:
            self._ask()
        else:
            self._finish(None)

    def connection_lost(self, exc: Exception | None) -> None:
        self._finish(exc or Unexpected("the server closed the connection"))

    def _ask(self) -> None:
        self._started = time.perf_counter()
        self._transport.write(next(self._requests))

    def _finish(self, error: Exception | None) -> None:
        if self.finished.done():
            return
        if error is None:
            self.finished.set_result(None)
        else:
            self.finished.set_exception(error)
        self._transport.close()


def address_of(url: str) -> tuple[str, int]:
    parts = urlsplit(url)
    assert parts.hostname is not None
    assert parts.port is not None
    return parts.hostname, parts.port


def is_complete(buffer: bytes) -> bool:
    """The whole answer is here; only answers with a length or in chunks come from our server."""
    head, gap, body = buffer.partition(b"\r\n\r\n")
    if not gap:
        return False
    lowered = head.lower()
    if b"transfer-encoding: chunked" in lowered:
        return body.endswith(b"0\r\n\r\n")
    _, found, after = lowered.partition(b"content-length: ")
    return len(body) >= (int(after.partition(b"\r\n")[0]) if found else 0)


def run_load(url: str, calls: tuple[Call, ...], clients: int, seconds: float) -> Pace:
    """Ask for so many seconds, going round the calls."""
    encoded = [call.encode() for call in calls]
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(ask(url, numbered(encoded), clients, seconds, calls[0].status))


async def ask(
    url: str, requests: Iterator[bytes], clients: int, seconds: float, status: int
) -> Pace:
    (host, port), loop = address_of(url), asyncio.get_running_loop()
    start = time.perf_counter()
    made = [
        await loop.create_connection(lambda: Client(requests, status, start + seconds), host, port)
        for _ in range(clients)
    ]
    async with asyncio.timeout(seconds + PATIENCE_SECONDS):
        await asyncio.gather(*(client.finished for _, client in made))
    times = [moment for _, client in made for moment in client.times]
    refused = sum(client.refused for _, client in made)
    return replace(pace_of(times, time.perf_counter() - start), refused=refused)


def numbered(encoded: list[bytes]) -> Iterator[bytes]:
    """The requests in turn. The number is unlike any of an earlier run."""
    run = time.time_ns()
    for n, request in zip(itertools.count(), itertools.cycle(encoded), strict=False):
        yield request.replace(b"{n}", b"%d-%d" % (run, n), 1) if b"{n}" in request else request


def pace_of(times: list[float], seconds: float) -> Pace:
    if len(times) < 2:  # too few for a quantile: a machine so busy tells nothing anyway
        only = times[0] if times else 0.0
        return Pace(len(times), seconds, only, only)
    return Pace(
        len(times), seconds, statistics.median(times), statistics.quantiles(times, n=100)[98]
    )


def has_wrk() -> bool:
    return shutil.which("wrk") is not None


def run_wrk(url: str, call: Call, clients: int, seconds: float) -> Pace:
    """The same by wrk, which says p50 and p99 itself. Raises Unexpected for other statuses."""
    headers = [word for name, value in call.headers for word in ("-H", f"{name}: {value}")]
    whole = max(1, round(seconds))
    command = ["wrk", "-t1", f"-c{clients}", f"-d{whole}s", "--latency", *headers, url + call.path]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    if "Non-2xx" in told:
        raise Unexpected(told)
    found = {share: float(n) * MILLISECONDS[unit] for share, n, unit in LATENCY.findall(told)}
    count = re.search(r"(\d+) requests in", told)
    assert count is not None, told
    return Pace(int(count[1]), whole, found["50"], found["99"])


def fetch(url: str, call: Call) -> tuple[Mapping[str, str], bytes]:
    """One answer, for what a workload must know beforehand."""
    headers, content = asyncio.run(fetch_once(url, call))
    return headers, content


async def fetch_once(url: str, call: Call) -> tuple[Mapping[str, str], bytes]:
    reader, writer = await asyncio.open_connection(*address_of(url))
    writer.write(call.encode().replace(b"{n}", str(time.time_ns()).encode()))
    buffer = b""
    while not is_complete(buffer):
        data = await reader.read(65_536)
        if not data:
            break
        buffer += data
    writer.close()
    head, _, content = buffer.partition(b"\r\n\r\n")
    if not head.startswith(f"HTTP/1.1 {call.status} ".encode()):
        raise Unexpected(buffer[:600].decode(errors="replace"))
    lines = (line.partition(": ") for line in head.decode("latin-1").split("\r\n")[1:])
    return {name.lower(): value for name, _, value in lines}, content
