"""R1, R4 and R8: what was accepted survives the process and the line, however they end."""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import time

import httpx
import pytest
import websockets

from tests.reliability.fault_proxy import ANSWER_LOST, NONE, FaultProxy, fault_proxy
from tests.reliability.shop import Shop, check_nothing_happened, pause, tell

LOST_ANSWERS = 500
SETTLE_TRIES_MAX = 500
SERVICE_RESTART = 1012  # RFC 6455's registry: come back in a moment


async def kill_while_ordering(shop: Shop, *, orders: int, kills: int) -> None:
    """Kill the server at random moments; orders go on until both numbers are reached."""
    chance = random.Random(7)
    done = 0
    ordering = asyncio.create_task(
        shop.order_until(lambda: done >= kills and len(shop.acknowledged) >= orders)
    )
    while done < kills and not ordering.done():
        await asyncio.wait({ordering}, timeout=chance.uniform(0.01, 0.8))
        shop.server.kill()
        await asyncio.to_thread(shop.server.start)
        done += 1
    await ordering
    await shop.wait_until_delivered()
    books = await shop.compare()
    tell("R1", f"{done} kills", shop, books)
    assert books["orders"] >= orders
    assert done == kills
    check_nothing_happened(books)


async def test_30_kills_lose_and_double_nothing(shop: Shop) -> None:
    await kill_while_ordering(shop, orders=2_000, kills=30)


@pytest.mark.long
async def test_200_kills_lose_and_double_nothing(shop: Shop) -> None:
    await kill_while_ordering(shop, orders=43_000, kills=200)


@pytest.mark.long
@pytest.mark.postgres
async def test_100_kills_lose_and_double_nothing_on_postgresql(postgres_shop: Shop) -> None:
    await kill_while_ordering(postgres_shop, orders=10_000, kills=100)


async def test_an_answer_lost_on_the_way_is_given_again(shop: Shop) -> None:
    """The server has committed and answered, and the line breaks before the guest hears it."""
    waiting = iter(range(LOST_ANSWERS))
    same = 0

    async def lose_and_ask_again(proxy: FaultProxy) -> None:
        nonlocal same
        async with httpx.AsyncClient(timeout=30) as client, httpx.AsyncClient(timeout=30) as again:
            for number in waiting:
                reference = f"guest-{number}"
                assert await shop.send(client, reference, url=proxy.url) is None
                await shop.order(again, reference)
                rows = await shop.query(
                    f"SELECT CAST(id AS TEXT) FROM orders WHERE guest_name = '{reference}'"  # noqa: S608
                )
                same += rows == [(shop.acknowledged[reference],)]

    async with fault_proxy(("127.0.0.1", shop.server.port)) as proxy:
        proxy.fault = ANSWER_LOST
        await asyncio.gather(*(lose_and_ask_again(proxy) for _ in range(4)))
        proxy.fault = NONE
    await shop.wait_until_delivered()
    books = await shop.compare()
    tell("R4", f"{proxy.lost} answers lost after COMMIT, {same} found again", shop, books)
    assert books["orders"] == proxy.lost == same == LOST_ANSWERS
    check_nothing_happened(books)


async def stop_while_ordering(shop: Shop, *, stops: int) -> None:
    """Stop the server as a system does. Whatever it took must be answered before it ends."""
    done, failed, slowest = 0, 0, 0.0
    ordering = asyncio.create_task(shop.order_until(lambda: done >= stops))
    while done < stops and not ordering.done():
        await asyncio.wait({ordering}, timeout=0.4)
        started = time.monotonic()
        code = await asyncio.to_thread(shop.server.stop)
        slowest = max(slowest, time.monotonic() - started)
        assert code == 0, shop.server.log.read_text()[-2_000:]
        failed += await count_unanswered(shop)
        done += 1
        await asyncio.to_thread(shop.server.start)
    await ordering
    await shop.wait_until_delivered()
    books = await shop.compare()
    done_words = f"{done} stops, {failed} accepted requests failed, slowest stop {slowest:.1f} s"
    tell("R8", done_words, shop, books)
    assert failed == 0
    assert slowest <= 10
    check_nothing_happened(books)


async def count_unanswered(shop: Shop) -> int:
    """Orders in the books whose answer did not come, while no server is there to give it."""
    missing: set[str] = set()
    for _ in range(SETTLE_TRIES_MAX):
        # An answer may still lie in the client's buffer.
        written = {name for (name,) in await shop.query("SELECT guest_name FROM orders")}
        missing = written - shop.acknowledged.keys()
        if not missing:
            break
        await pause(0.02)
    return len(missing)


async def test_stopping_under_load_fails_no_accepted_order(shop: Shop) -> None:
    await stop_while_ordering(shop, stops=10)


@pytest.mark.long
async def test_100_stops_under_load_fail_no_accepted_order(shop: Shop) -> None:
    await stop_while_ordering(shop, stops=100)


async def test_what_has_begun_when_the_stop_comes_is_finished(shop: Shop) -> None:
    """Half of an order has arrived; then the system says stop, and then comes the other half."""
    body = json.dumps(shop.form("guest")).encode()
    head = f"POST /api/orders HTTP/1.1\r\nhost: x\r\ncontent-length: {len(body)}\r\n\r\n".encode()
    reader, writer = await asyncio.open_connection("127.0.0.1", shop.server.port)
    async with followed(shop) as screen:
        writer.write(head + body[:40])
        # Once a later one is answered, the server has seen the half order too.
        assert not await is_refused(shop)
        stopping = asyncio.create_task(asyncio.to_thread(shop.server.stop))
        code = await closing_code(screen)
        assert await is_refused(shop)
        writer.write(body[40:])
        answer = await asyncio.wait_for(reader.read(), 30)
    assert await stopping == 0
    writer.close()
    assert answer.startswith(b"HTTP/1.1 201 ")
    assert code == SERVICE_RESTART
    assert await shop.count("orders") == 1


def followed(shop: Shop) -> websockets.connect:
    """A screen on `/live`."""
    return websockets.connect(f"ws://127.0.0.1:{shop.server.port}/live")


async def closing_code(screen: websockets.ClientConnection) -> int | None:
    """The code a page hears when the server goes; pages come back after any but a refusal."""
    async with asyncio.timeout(10):
        with contextlib.suppress(websockets.ConnectionClosed):
            while True:
                await screen.recv()
    return screen.close_code


async def is_refused(shop: Shop) -> bool:
    """Whether a stopping server takes no new connection."""
    async with httpx.AsyncClient(timeout=5) as newcomer:
        try:
            answer = await newcomer.get(f"{shop.server.url}/health/live")
        except httpx.ConnectError:
            return True
        return answer.status_code == 503
