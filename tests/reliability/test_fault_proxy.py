"""The proxy does what its faults say; otherwise the tests that use it would prove nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from tests.reliability.fault_proxy import (
    ANSWER_LOST,
    BLACK_HOLE,
    BYTE_BY_BYTE,
    Fault,
    FaultProxy,
    fault_proxy,
    reset,
)

QUESTION = b"what is on the menu?"
HEARD: list[bytes] = []
GONE = asyncio.Event()


@pytest.fixture
async def proxy() -> AsyncIterator[FaultProxy]:
    """A proxy before a server that answers every piece with the same in capitals."""
    HEARD.clear()
    GONE.clear()
    server = await asyncio.start_server(shout, "127.0.0.1", 0)
    async with fault_proxy(server.sockets[0].getsockname()) as between:
        yield between
    server.close()


async def shout(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while piece := await reader.read(1_000):
            HEARD.append(piece)
            writer.write(piece.upper())
    except OSError:
        GONE.set()
    writer.close()


@asynccontextmanager
async def called(
    proxy: FaultProxy,
) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
    try:
        yield reader, writer
    finally:
        writer.close()


async def ask(proxy: FaultProxy) -> bytes:
    async with called(proxy) as (reader, writer):
        writer.write(QUESTION)
        return await asyncio.wait_for(reader.readexactly(len(QUESTION)), 5)


async def test_without_a_fault_everything_passes(proxy: FaultProxy) -> None:
    assert await ask(proxy) == QUESTION.upper()


async def test_a_lost_answer_is_a_reset_after_the_server_has_heard(proxy: FaultProxy) -> None:
    proxy.fault = ANSWER_LOST
    with pytest.raises(ConnectionResetError):
        await ask(proxy)
    assert HEARD == [QUESTION]
    assert proxy.lost == 1


async def test_an_answer_is_cut_after_the_bytes_asked_for(proxy: FaultProxy) -> None:
    proxy.fault = Fault(cut_after_bytes=4)
    async with called(proxy) as (reader, writer):
        writer.write(QUESTION)
        with pytest.raises((asyncio.IncompleteReadError, ConnectionResetError)):
            await asyncio.wait_for(reader.readexactly(len(QUESTION)), 5)


async def test_byte_by_byte_arrives_whole(proxy: FaultProxy) -> None:
    proxy.fault = BYTE_BY_BYTE
    assert await ask(proxy) == QUESTION.upper()
    assert {len(piece) for piece in HEARD} <= set(range(1, len(QUESTION) + 1))


async def test_a_client_torn_out_is_torn_out_for_the_server_too(proxy: FaultProxy) -> None:
    async with called(proxy) as (reader, writer):
        writer.write(QUESTION)
        await reader.readexactly(len(QUESTION))
        reset(writer)
    await asyncio.wait_for(GONE.wait(), 5)


async def test_a_delay_holds_every_piece_back(proxy: FaultProxy) -> None:
    proxy.fault = Fault(delay_seconds=0.1)
    started = asyncio.get_running_loop().time()
    await ask(proxy)
    assert asyncio.get_running_loop().time() - started >= 0.2


async def test_a_black_hole_moves_nothing_until_it_is_lifted(proxy: FaultProxy) -> None:
    async with called(proxy) as (reader, writer):
        writer.write(QUESTION)
        await reader.readexactly(len(QUESTION))
        proxy.fault = BLACK_HOLE
        writer.write(QUESTION)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(reader.read(1), 0.2)
        assert len(HEARD) == 1
        proxy.fault = Fault()
        answer = await asyncio.wait_for(reader.readexactly(len(QUESTION)), 5)
        assert answer == QUESTION.upper()


async def test_a_server_that_is_not_there_is_a_reset() -> None:
    async with fault_proxy(("127.0.0.1", 1)) as before_nothing:
        with pytest.raises((ConnectionResetError, asyncio.IncompleteReadError)):
            await ask(before_nothing)
