"""R4 among a crowd: guests order over lines that lose and double, and nobody eats twice."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from tests.reliability.bad_line import BadLine, Odds, bad_line
from tests.reliability.shop import Shop, check_nothing_happened, tell

SEED = 31
CLIENTS = 16


async def order_over(line: BadLine, shop: Shop, guests: int, *, named: str = "guest") -> None:
    """Every guest orders once, and asks again under the same key until answered."""
    waiting = iter(range(guests))

    async def keep_ordering(client: httpx.AsyncClient) -> None:
        for number in waiting:
            await shop.order(client, f"{named}-{number}", url=line.url)

    async with httpx.AsyncClient(timeout=60) as client:
        await asyncio.gather(*(keep_ordering(client) for _ in range(CLIENTS)))
    await shop.wait_until_delivered()


async def order_through_the_storm(shop: Shop, *, guests: int) -> None:
    async with bad_line(("127.0.0.1", shop.server.port), seed=SEED) as line:
        await order_over(line, shop, guests)
    books = await shop.compare()
    tell("R4", f"{guests} guests pay in cash, seed {SEED}: {line}", shop, books)
    for share, wanted in (("request_lost", 0.3), ("doubled", 0.7 * 0.2)):
        assert line.tally[share] > line.tally["asked"] * wanted / 2
    assert books["orders"] == guests
    check_nothing_happened(books)


async def test_60_guests_over_bad_lines_get_one_order_each(shop: Shop) -> None:
    await order_through_the_storm(shop, guests=60)
    # The control: that is owed to the keys. Without them what is said twice is cooked twice.
    target = ("127.0.0.1", shop.server.port)
    async with bad_line(target, seed=SEED, odds=Odds(doubled=1.0), keyless=True) as line:
        await order_over(line, shop, 5, named="keyless")
    assert (await shop.compare())["doubled"] == 5


@pytest.mark.long
async def test_1000_guests_over_bad_lines_get_one_order_each(shop: Shop) -> None:
    await order_through_the_storm(shop, guests=1_000)
