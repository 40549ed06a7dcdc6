"""A server with one house, and clients that never give up."""

from __future__ import annotations

import asyncio
import sqlite3
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from tests.server import Server


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
