"""How often a database is asked for an order: each time is a journey on PostgreSQL."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import httpx
import pytest

from basis.kit.data.postgres import PostgresConnection
from basis.kit.data.sqlite import SqliteConnection
from kitchenasty import locations
from kitchenasty.kit.books import Books
from kitchenasty.kit.config import Config
from kitchenasty.menu.tests.builders import add_dish

JOURNEYS_MAX = {"postgresql": 10, "sqlite": 13}
"""Beside BEGIN and COMMIT: whether a setting has moved on, the key, the house, what is left, the
menu, the stock, the number, the order, the payment, the answer with its event. SQLite is asked for
lines, history and event apart: nothing lies between it and us.
"""


@pytest.fixture
def config(config: Config) -> Config:
    return replace(config, rate_limits=False)


@pytest.fixture
def journeys(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts that reached a driver."""
    heard: list[str] = []
    for kind in (SqliteConnection, PostgresConnection):
        for way in ("_fetch", "_execute", "_execute_many"):
            listen(monkeypatch, kind, way, heard)
    return heard


def listen(monkeypatch: pytest.MonkeyPatch, kind: type, way: str, heard: list[str]) -> None:
    real = getattr(kind, way)

    async def note(self: Any, compiled: Any, arguments: Any) -> Any:
        heard.append(compiled.sql)
        return await real(self, compiled, arguments)

    monkeypatch.setattr(kind, way, note)


async def place(client: httpx.AsyncClient, house: locations.House, dish_id: str, key: str) -> None:
    form = {
        "orderType": "PICKUP",
        "locationId": house.id,
        "guestName": "Ines Berg",
        "guestPhone": "+49 30 5550101",
        "items": [{"menuItemId": dish_id, "quantity": 1}] * 2,
    }
    answer = await client.post("/api/orders", json=form, headers={"Idempotency-Key": key})
    assert answer.status_code == 201, answer.text


async def test_an_order_asks_the_database_no_more_often_than_it_must(
    client: httpx.AsyncClient, books: Books, house: locations.House, journeys: list[str]
) -> None:
    async with books.writing() as uow:
        dish_id = await add_dish(uow, name="Lentil soup", stock=10)
    await place(client, house, dish_id, "first")  # what is remembered afterwards is read now
    journeys.clear()
    await place(client, house, dish_id, "second")
    most = JOURNEYS_MAX[books.database.dialect.name]
    assert len(journeys) <= most, "\n".join(journeys)
