"""A prepared house for the tests that hurt the server."""

from __future__ import annotations

import asyncio
import sqlite3
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from basis.clock import system_clock
from basis.ids import new_code
from kitchenasty.kit import schema
from kitchenasty.kit.books import Books
from kitchenasty.kit.engines import open_database
from kitchenasty.locations.tests.builders import add_house
from kitchenasty.menu.tests.builders import add_dish

sys.path.insert(0, str(Path(__file__).parents[1]))
from server import Server

STOCK = 1_000_000


@dataclass
class Shop:
    """A server with one house and one counted dish, and clients that never give up."""

    server: Server
    house_id: str
    dish_id: str
    acknowledged: dict[str, str] = field(default_factory=dict)
    retries: int = 0

    @property
    def file(self) -> Path:
        return self.server.data / "kitchenasty.db"

    def form(self, reference: str) -> dict[str, Any]:
        return {
            "orderType": "PICKUP",
            "locationId": self.house_id,
            "items": [{"menuItemId": self.dish_id, "quantity": 2}],
            "guestName": reference,
            "guestPhone": "0301234567",
        }

    async def order(self, client: httpx.AsyncClient, reference: str) -> None:
        """Send one order under one key until it is answered; a refusal is a failure."""
        pause = asyncio.Event()
        for _ in range(3_000):
            try:
                answer = await client.post(
                    f"{self.server.url}/api/orders",
                    json=self.form(reference),
                    headers={"idempotency-key": f"key-of-{reference}"},
                )
            except httpx.TransportError:
                answer = None
            if answer is not None and answer.status_code < 500:
                assert answer.status_code == 201, answer.text
                self.acknowledged[reference] = answer.json()["data"]["id"]
                return
            self.retries += 1
            try:
                await asyncio.wait_for(pause.wait(), 0.05)
            except TimeoutError:
                continue
        raise AssertionError(f"{reference} was never answered")

    async def order_many(self, count: int, *, clients: int, prefix: str = "guest") -> None:
        waiting = iter([f"{prefix}-{n}" for n in range(count)])

        async def keep_ordering(client: httpx.AsyncClient) -> None:
            for reference in waiting:
                await self.order(client, reference)

        async with httpx.AsyncClient(timeout=5) as client:
            await asyncio.gather(*(keep_ordering(client) for _ in range(clients)))

    def query(self, statement: str) -> list[Any]:
        with sqlite3.connect(self.file) as connection:
            rows = connection.execute(statement).fetchall()
        connection.close()
        return rows

    def count(self, table_and_condition: str) -> int:
        count: int = self.query(f"SELECT count(*) FROM {table_and_condition}")[0][0]  # noqa: S608
        return count


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    house_id, dish_id = asyncio.run(furnish(tmp_path))
    server = Server(tmp_path, environment={"KITCHENASTY_RATE_LIMITS": "off"})
    server.start()
    yield Shop(server, house_id, dish_id)
    server.kill()


async def furnish(folder: Path) -> tuple[str, str]:
    """An open house that sells soup, of which there is a lot."""
    url = f"sqlite:///{folder}/kitchenasty.db"
    await schema.migrate(url)
    database = open_database(url)
    await database.start()
    async with Books(database, system_clock).writing() as uow:
        house = await add_house(uow, slug=f"house-{new_code(5).lower()}")
        dish_id = await add_dish(uow, stock=STOCK)
    await database.stop()
    return house.id, dish_id
