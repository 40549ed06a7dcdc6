"""An HTTP line that loses requests, loses answers and says things twice, as bad radio does.

fault_proxy.py hurts streams of bytes; here whole exchanges have a fate. A fate follows from the
seed, the request's name and how often it has come, so a run with the same guests can be repeated in
whatever order they arrive.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from tests.reliability.fault_proxy import reset

HEAD_END = b"\r\n\r\n"
HEAD_BYTES_MAX = 65_536
KEY_HEADERS = ("idempotency-key", "paypal-request-id")


@dataclass(frozen=True, slots=True)
class Odds:
    """Shares of all exchanges. A lost request was never done; what a lost answer told was."""

    request_lost: float = 0.0
    answer_lost: float = 0.0
    doubled: float = 0.0


BAD = Odds(request_lost=0.3, answer_lost=0.3, doubled=0.2)


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as it came: its first line, its headers, its body."""

    line: str
    headers: list[tuple[str, str]]
    body: bytes

    @property
    def name(self) -> str:
        """What stays the same when it is sent again."""
        return next((value for key, value in self.headers if key in KEY_HEADERS), self.line)

    def without(self, left_out: tuple[str, ...]) -> bytes:
        """The bytes for the server, which is told to close the line after its answer."""
        left_out = (*left_out, "connection")
        kept = [f"{key}: {value}" for key, value in self.headers if key not in left_out]
        head = "\r\n".join([self.line, *kept, "connection: close"])
        return head.encode("latin-1") + HEAD_END + self.body


@dataclass
class BadLine:
    """Listens at `port` of this machine while open, and counts what it did to whom. `keyless`
    takes the idempotency keys away, to see what they are good for.
    """

    target: tuple[str, int]
    odds: Odds
    seed: int
    keyless: bool = False
    port: int = 0
    tally: Counter[str] = field(default_factory=Counter)
    _seen: Counter[str] = field(default_factory=Counter)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def __str__(self) -> str:
        return (
            f"{self.tally['asked']} requests, {self.tally['request_lost']} lost before and "
            f"{self.tally['answer_lost']} after they were done, {self.tally['doubled']} doubled"
        )

    async def relay(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One exchange."""
        try:
            asked = await read_request(reader)
            answer = await self._exchange(asked)
        except (OSError, asyncio.IncompleteReadError):
            answer = None  # nobody is there, or nobody waits any more
        if answer is None:
            reset(writer)
            return
        writer.write(answer)
        writer.close()

    async def _exchange(self, asked: Asked) -> bytes | None:
        """The answer, or None where it or the question gets lost."""
        self._seen[asked.name] += 1
        chance = random.Random(f"{self.seed} {asked.name} {self._seen[asked.name]}")
        self.tally["asked"] += 1
        if chance.random() < self.odds.request_lost:
            self.tally["request_lost"] += 1
            return None
        is_doubled = chance.random() < self.odds.doubled
        self.tally["doubled"] += is_doubled
        sent = asked.without(KEY_HEADERS if self.keyless else ())
        # Both copies at once: whichever comes second finds the first still at work.
        answers = await asyncio.gather(*(self._ask(sent) for _ in range(1 + is_doubled)))
        if chance.random() < self.odds.answer_lost:
            self.tally["answer_lost"] += 1
            return None
        return chance.choice(answers)

    async def _ask(self, request: bytes) -> bytes:
        reader, writer = await asyncio.open_connection(*self.target)
        try:
            writer.write(request)
            return await reader.read(-1)
        finally:
            writer.close()


async def read_request(reader: asyncio.StreamReader) -> Asked:
    head = (await reader.readuntil(HEAD_END)).decode("latin-1")
    line, *rest = head.removesuffix("\r\n\r\n").split("\r\n")
    pairs = [one.partition(":") for one in rest]
    headers = [(key.lower(), value.strip()) for key, _, value in pairs]
    length = int(dict(headers).get("content-length", 0))
    return Asked(line, headers, await reader.readexactly(length))


@asynccontextmanager
async def bad_line(
    target: tuple[str, int], *, seed: int, odds: Odds = BAD, keyless: bool = False
) -> AsyncIterator[BadLine]:
    """A line to `target`, a host and a port."""
    line = BadLine(target, odds, seed, keyless)
    server = await asyncio.start_server(
        line.relay, "127.0.0.1", 0, backlog=4_096, limit=HEAD_BYTES_MAX
    )
    line.port = server.sockets[0].getsockname()[1]
    try:
        yield line
    finally:
        server.close()
        await server.wait_closed()
