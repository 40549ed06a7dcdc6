"""R1 and R8: what was accepted survives the process, however it ends."""

from __future__ import annotations

import asyncio
import contextlib
import random

import pytest

from tests.reliability.shop import Shop

QUIET_SECONDS_MAX = 60


async def kill_while_ordering(shop: Shop, *, orders: int, kills: int, clients: int = 8) -> int:
    """Kill the server at random moments until all orders are answered; answers how often."""
    chance = random.Random(7)
    ordering = asyncio.create_task(shop.order_many(orders, clients=clients))
    done = 0
    while not ordering.done() and done < kills:
        await asyncio.wait({ordering}, timeout=chance.uniform(0.05, 0.8))
        shop.server.kill()
        done += 1
        await asyncio.to_thread(shop.server.start)
    await ordering
    return done


async def pause() -> None:
    """A moment to let the server work; the loops around it are bounded."""
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(asyncio.Event().wait(), 0.1)


async def wait_until_delivered(shop: Shop) -> None:
    """Every event has reached those who listen."""
    for _ in range(QUIET_SECONDS_MAX * 10):
        if not shop.count("outbox WHERE handled_at IS NULL"):
            return
        await pause()
    raise AssertionError("events still wait in the outbox")


def check_books(shop: Shop, expected: int) -> dict[str, int]:
    """Compare what was acknowledged with what the file holds."""
    found = dict(shop.query("SELECT guest_name, id FROM orders"))
    placed = "outbox WHERE topic = 'order.placed'"
    told = f"live_log WHERE topic = 'kitchen:{shop.house_id}' AND name = 'order.placed'"
    stock = shop.query("SELECT stock FROM dishes")[0][0]
    return {
        "orders": shop.count("orders"),
        "lost": len(shop.acknowledged.keys() - found.keys()),
        "doubled": shop.count("orders") - len(found),
        "wrong_id": sum(found.get(name) != order for name, order in shop.acknowledged.items()),
        "events_missing": shop.count("orders") - shop.count(placed),
        "stock_wrong": 1_000_000 - 2 * expected - stock,
        "without_lines": shop.count("orders WHERE id NOT IN (SELECT order_id FROM order_lines)"),
        "without_payment": shop.count("orders WHERE id NOT IN (SELECT order_id FROM payments)"),
        "tickets_untold": shop.count("orders") - min(shop.count("orders"), shop.count(told)),
        "broken": int(shop.query("PRAGMA integrity_check") != [("ok",)]),
    }


def report(name: str, shop: Shop, kills: int, books: dict[str, int]) -> None:
    told = ", ".join(f"{count} {what}" for what, count in books.items())
    print(f"{name}: {kills} kills, {shop.retries} retries, {told}")


def check_nothing_happened(books: dict[str, int], expected: int) -> None:
    assert books.pop("orders") == expected
    assert set(books.values()) == {0}, books


async def test_kills_during_2000_orders_lose_and_double_nothing(shop: Shop) -> None:
    kills = await kill_while_ordering(shop, orders=2_000, kills=30)
    await wait_until_delivered(shop)
    books = check_books(shop, 2_000)
    report("R1", shop, kills, books)
    check_nothing_happened(books, 2_000)


@pytest.mark.long
async def test_kills_during_20000_orders_lose_and_double_nothing(shop: Shop) -> None:
    kills = await kill_while_ordering(shop, orders=20_000, kills=200)
    await wait_until_delivered(shop)
    books = check_books(shop, 20_000)
    report("R1", shop, kills, books)
    check_nothing_happened(books, 20_000)


async def test_stopping_under_load_fails_no_accepted_order(shop: Shop) -> None:
    ordering = asyncio.create_task(shop.order_many(400, clients=8))
    stops = 0
    while not ordering.done() and stops < 5:
        await asyncio.wait({ordering}, timeout=0.4)
        code = await asyncio.to_thread(shop.server.stop)
        stops += 1
        assert code == 0
        await asyncio.to_thread(shop.server.start)
    await ordering
    await wait_until_delivered(shop)
    books = check_books(shop, 400)
    report("R8", shop, stops, books)
    check_nothing_happened(books, 400)
