"""A twin of a docket printer: a real server on loopback that reads ESC/POS, has paper or none,
hangs, loses its power in the middle, and keeps what came out of it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

STATUS = 0x12
"""The bits that are always set in an answer to DLE EOT."""


@dataclass
class Device:
    """`dockets` lie in front of it, each up to its cut. `breaks_after`: bytes until it loses its
    power, once; None: never. `is_mute`: it prints and says nothing.
    """

    dockets: list[str] = field(default_factory=list)
    has_paper: bool = True
    is_closed: bool = True
    is_mute: bool = False
    hangs: bool = False
    breaks_after: int | None = None
    commands: set[bytes] = field(default_factory=set)
    port: int = 0
    _paper: bytearray = field(default_factory=bytearray)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._paper.clear()
        while first := await self.take(reader, 1):
            if first in (b"\x10", b"\x1b", b"\x1d"):
                await self.obey(first, reader, writer)
            elif self.has_paper:
                self._paper += first

    async def obey(
        self, first: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        second = await self.take(reader, 1)
        rest = {b"\x1b@": 0, b"\x1bt": 1, b"\x1d!": 1, b"\x1dV": 2, b"\x1dr": 1, b"\x10\x04": 1}
        self.commands.add(first + second)
        told = await self.take(reader, rest[first + second])
        if first + second == b"\x1dV":
            self.dockets.append(self._paper.decode("cp858"))
            self._paper.clear()
        elif first in (b"\x10", b"\x1d") and second in (b"\x04", b"r") and not self.is_mute:
            if self.hangs:
                await reader.read()
            writer.write(self.answer(second, told))
            await writer.drain()

    def answer(self, command: bytes, told: bytes) -> bytes:
        if command == b"r":
            return b"\x00"
        if told == b"\x01":
            return bytes([STATUS | (0 if self.is_closed else 0x08)])
        return bytes([STATUS | (0 if self.has_paper else 0x60)])

    async def take(self, reader: asyncio.StreamReader, count: int) -> bytes:
        """So many bytes. Raises ConnectionResetError when the power goes."""
        if self.breaks_after is not None:
            self.breaks_after -= count
            if self.breaks_after < 0:
                self.breaks_after = None
                raise ConnectionResetError
        return await reader.readexactly(count) if count > 1 else await reader.read(count)


@asynccontextmanager
async def device() -> AsyncIterator[Device]:
    """On until the block ends; then everything that it began has come to an end too."""
    made, calls = Device(), set[asyncio.Task[None]]()

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError):
                await made.serve(reader, writer)
        finally:
            writer.transport.abort()

    def begin(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        calls.add(asyncio.create_task(take(reader, writer)))

    server = await asyncio.start_server(begin, "127.0.0.1", 0)
    async with server:
        made.port = server.sockets[0].getsockname()[1]
        yield made
        await asyncio.gather(*calls)
