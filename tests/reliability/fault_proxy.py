"""A TCP proxy that misbehaves on demand: slow, cut, reset after the answer, byte by byte, silent.

It stands between any client and any server, HTTP or PostgreSQL. The fault may change while
connections are open.
"""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

PIECE_BYTES_MAX = 65_536
LINGER_NOT = struct.pack("ii", 1, 0)  # closing then sends RST instead of FIN


@dataclass(frozen=True, slots=True)
class Fault:
    """What is done to the bytes; without arguments nothing is.

    `delay_seconds` holds every piece back. `piece_bytes` cuts the stream into pieces of that size.
    `cut_after_bytes` of an answer the client gets a RST; 0 takes away the whole answer at the
    moment it arrives, so the server has done its work and the client cannot know. A black hole
    takes connections and moves nothing; what was sent arrives when it is lifted.
    """

    delay_seconds: float = 0.0
    piece_bytes: int = PIECE_BYTES_MAX
    cut_after_bytes: int | None = None
    is_black_hole: bool = False


NONE = Fault()
BLACK_HOLE = Fault(is_black_hole=True)
ANSWER_LOST = Fault(cut_after_bytes=0)
BYTE_BY_BYTE = Fault(piece_bytes=1)


class FaultProxy:
    """Listens at `port` of this machine while open; `lost` counts the answers it took away."""

    def __init__(self, target: tuple[str, int] | str) -> None:
        self._target = target
        self._fault = NONE
        self._flowing = asyncio.Event()
        self._flowing.set()
        self._relays: set[asyncio.Task[None]] = set()
        self.port = 0
        self.lost = 0

    @property
    def fault(self) -> Fault:
        return self._fault

    @fault.setter
    def fault(self, fault: Fault) -> None:
        self._fault = fault
        if fault.is_black_hole:
            self._flowing.clear()
        else:
            self._flowing.set()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def relay(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, until either side ends it."""
        task = asyncio.current_task()
        assert task is not None
        self._relays.add(task)
        try:
            async with self._upstream() as (above, to_above):
                there = asyncio.create_task(self._carry(reader, to_above, is_answer=False))
                back = asyncio.create_task(self._carry(above, writer, is_answer=True))
                try:
                    # The client may close its half and still wait for the answer.
                    await back
                finally:
                    for half in (there, back):
                        half.cancel()
                    await asyncio.gather(there, back, return_exceptions=True)
        except (OSError, asyncio.CancelledError):
            reset(writer)  # the server is not there, or the proxy closes
        finally:
            self._relays.discard(task)
            writer.close()

    @asynccontextmanager
    async def _upstream(self) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
        await self._flowing.wait()
        if isinstance(self._target, str):
            reader, writer = await asyncio.open_unix_connection(self._target)
        else:
            reader, writer = await asyncio.open_connection(*self._target)
        try:
            yield reader, writer
        finally:
            writer.close()

    async def _carry(
        self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, *, is_answer: bool
    ) -> None:
        carried = 0
        try:
            while piece := await source.read(self._fault.piece_bytes):
                await asyncio.sleep(self._fault.delay_seconds)
                await self._flowing.wait()
                limit = self._fault.cut_after_bytes
                if is_answer and limit is not None and carried + len(piece) > limit:
                    sink.write(piece[: max(0, limit - carried)])
                    self.lost += 1
                    reset(sink)
                    return
                sink.write(piece)
                await sink.drain()
                carried += len(piece)
            sink.write_eof()
        except OSError:
            reset(sink)  # one side was torn out, so the other must hear it too

    async def close(self) -> None:
        for relay in list(self._relays):
            relay.cancel()
        await asyncio.gather(*self._relays, return_exceptions=True)


def reset(writer: asyncio.StreamWriter) -> None:
    """End the connection as a cable does that is torn out: no goodbye, RST."""
    raw: socket.socket | None = writer.get_extra_info("socket")
    if raw is not None and raw.fileno() >= 0:
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_NOT)
    writer.transport.abort()


@asynccontextmanager
async def fault_proxy(target: tuple[str, int] | str) -> AsyncIterator[FaultProxy]:
    """A proxy before `target`: a host and a port, or the path of a unix socket."""
    proxy = FaultProxy(target)
    server = await asyncio.start_server(proxy.relay, "127.0.0.1", 0, backlog=4_096)
    proxy.port = server.sockets[0].getsockname()[1]
    try:
        yield proxy
    finally:
        server.close()
        await proxy.close()
