"""Ports of this machine that lead into the networks of the demo: all that is here of it."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Sequence
from dataclasses import dataclass

from orca.testing import Visit

LOOPBACK = "127.0.0.1"
CHUNK_BYTES = 65_536


@dataclass(frozen=True)
class Door:
    """Leads to the first of these addresses that opens, as seen by the process `pid`."""

    pid: int
    to: Sequence[tuple[str, int]]

    async def open(self, port: int) -> asyncio.Server:
        """Raises OSError when the port is taken."""
        return await asyncio.start_server(self.lead, LOOPBACK, port)

    async def lead(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            inner_reader, inner_writer = await self.entered()
        except OSError:
            writer.close()
            return
        ways = [carry(reader, inner_writer), carry(inner_reader, writer)]
        try:
            await asyncio.gather(*ways)
        finally:
            inner_writer.close()
            writer.close()

    async def entered(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        *others, last = self.to
        for host, port in others:
            with contextlib.suppress(OSError):
                return await asyncio.open_connection(sock=await self.socket_to(host, port))
        return await asyncio.open_connection(sock=await self.socket_to(*last))

    async def socket_to(self, host: str, port: int) -> socket.socket:
        return await asyncio.to_thread(connected, self.pid, host, port)


def connected(pid: int, host: str, port: int) -> socket.socket:
    visit = Visit(pid, host, port)
    visit.connect()
    visit.sock.setblocking(False)
    return visit.sock


async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """All that comes, until one side ends it."""
    with contextlib.suppress(ConnectionError):
        while chunk := await reader.read(CHUNK_BYTES):
            writer.write(chunk)
            await writer.drain()
        if writer.can_write_eof():
            writer.write_eof()
