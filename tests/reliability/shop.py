"""A server with one house, and clients that never give up."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

import asyncpg
import httpx

from tests.server import Server

TRIES_MAX = 3_000
# Often enough to meet every moment of a start, seldom enough to leave it the processor.
AGAIN_SECONDS = 0.25
QUIET_SECONDS_MAX = 60


@dataclass
class Shop:
    """A server with one house and one counted dish, and clients that never give up."""

    server: Server
    database_url: str
    house_id: str
    dish_id: str
    stock: int
    acknowledged: dict[str, str] = field(default_factory=dict)
    """The order's id by the guest's name, as it was answered."""
    retries: int = 0

    @property
    def path(self) -> str:
        """SQLite's file."""
        return self.database_url.removeprefix("sqlite:///")

    def form(self, reference: str) -> dict[str, Any]:
        return {
            "orderType": "PICKUP",
            "locationId": self.house_id,
            "items": [{"menuItemId": self.dish_id, "quantity": 2}],
            "guestName": reference,
            "guestPhone": "0301234567",
        }

    async def send(
        self, client: httpx.AsyncClient, reference: str, *, url: str | None = None
    ) -> httpx.Response | None:
        """Send one order once; None when the line broke before an answer."""
        try:
            return await client.post(
                f"{url or self.server.url}/api/orders",
                json=self.form(reference),
                headers={"idempotency-key": f"key-of-{reference}"},
            )
        except httpx.TransportError:
            return None

    async def order(
        self, client: httpx.AsyncClient, reference: str, *, url: str | None = None
    ) -> None:
        """Send one order under one key until it is answered; a refusal is a failure."""
        for _ in range(TRIES_MAX):
            answer = await self.send(client, reference, url=url)
            if answer is not None and answer.status_code != 503:
                assert answer.status_code == 201, answer.text
                self.acknowledged[reference] = answer.json()["data"]["id"]
                return
            self.retries += 1
            await pause(AGAIN_SECONDS)
        raise AssertionError(f"{reference} was never answered")

    async def order_until(self, is_enough: Callable[[], bool], *, clients: int = 8) -> None:
        """Guests come one after the other to each of the clients until it is enough."""
        numbers = itertools.count()

        async def keep_ordering(client: httpx.AsyncClient) -> None:
            while not is_enough():
                await self.order(client, f"guest-{next(numbers)}")

        async with httpx.AsyncClient(timeout=5) as client:
            await asyncio.gather(*(keep_ordering(client) for _ in range(clients)))

    async def query(self, statement: str) -> list[tuple[Any, ...]]:
        """Rows from the books themselves, past the server."""
        if self.database_url.startswith("sqlite:///"):
            with closing(sqlite3.connect(self.path)) as connection:
                return connection.execute(statement).fetchall()
        server = await asyncpg.connect(self.database_url)
        try:
            return [tuple(row) for row in await server.fetch(statement)]
        finally:
            await server.close()

    async def change(self, statement: str, *values: str) -> None:
        """Lay hands on SQLite's books, past the server, as no test of a rule may."""
        with closing(sqlite3.connect(self.path, timeout=QUIET_SECONDS_MAX)) as connection:
            connection.execute(statement, values)
            connection.commit()

    async def count(self, table_and_condition: str) -> int:
        rows = await self.query(f"SELECT count(*) FROM {table_and_condition}")  # noqa: S608
        return int(rows[0][0])

    async def wait_until_delivered(self) -> None:
        """Every event has reached those who listen."""
        for _ in range(QUIET_SECONDS_MAX * 10):
            if not await self.count("outbox WHERE handled_at IS NULL"):
                return
            await pause(0.1)
        raise AssertionError("events still wait in the outbox")

    async def compare(self) -> dict[str, int]:
        """What was acknowledged against what the books hold; all but `orders` should be 0."""
        rows = await self.query("SELECT guest_name, CAST(id AS TEXT) FROM orders")
        found, orders = dict(rows), len(rows)
        told = await self.count(
            f"live_log WHERE topic = 'kitchen:{self.house_id}' AND name = 'order.placed'"
        )
        left = (await self.query("SELECT stock FROM dishes"))[0][0]
        without = "orders WHERE id NOT IN (SELECT order_id FROM"
        return {
            "orders": orders,
            "lost": len(self.acknowledged.keys() - found.keys()),
            "doubled": orders - len(found),
            "wrong_id": sum(found.get(name) != key for name, key in self.acknowledged.items()),
            "unanswered": len(found.keys() - self.acknowledged.keys()),
            "events_missing": orders - await self.count("outbox WHERE topic = 'order.placed'"),
            "tickets_untold": orders - told,
            "stock_wrong": self.stock - 2 * orders - left,
            "without_lines": await self.count(f"{without} order_lines)"),
            "without_payment": await self.count(f"{without} payments)"),
            "broken": await self.count_damage(),
        }

    async def count_damage(self) -> int:
        """1 if SQLite finds its own file broken; PostgreSQL reads back every row above."""
        if not self.database_url.startswith("sqlite:///"):
            return 0
        return int(await self.query("PRAGMA integrity_check") != [("ok",)])


def tell(promise: str, what_was_done: str, shop: Shop, books: dict[str, int]) -> None:
    found = ", ".join(f"{count} {what}" for what, count in books.items())
    print(f"{promise}: {what_was_done}, {shop.retries} retries, {found}")


def check_nothing_happened(books: dict[str, int]) -> None:
    assert {name for name, count in books.items() if count and name != "orders"} == set(), books


async def pause(seconds: float) -> None:
    """A moment to let the server work; the loops around it are bounded."""
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(asyncio.Event().wait(), seconds)
