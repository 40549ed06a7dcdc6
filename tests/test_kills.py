"""The server is killed while it takes orders, again and again; its guests never notice.

R1 of the promises: whatever was answered is in the books exactly once, with its event delivered
and its portions taken. R8: asked to stop, the server finishes what it had begun.
"""

import asyncio
import json
import random
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select

from basis.clock import system_clock
from basis.ids import new_id
from kitchenasty.kit import schema
from kitchenasty.kit.books import Books
from kitchenasty.kit.engines import open_database
from kitchenasty.kit.outbox import OutboxRow, count_waiting
from kitchenasty.kit.statements import Statement
from kitchenasty.kit.testing import postgres_cluster
from kitchenasty.locations.tests.builders import add_house
from kitchenasty.menu.models import DishRow
from kitchenasty.menu.tests.builders import add_dish
from kitchenasty.orders.models import OrderLineRow, OrderRow
from tests.server import Server

CLIENTS = 8
STOCK = 100_000
DEADLINE_SECONDS = 600
STARTS_SECONDS = 60

ORDERS = Statement(select(OrderRow.id, OrderRow.number))
PLACED = Statement(select(OutboxRow.payload).where(OutboxRow.topic == "order.placed"))
PORTIONS = Statement(select(func.sum(OrderLineRow.quantity)))
LEFT = Statement(select(DishRow.stock))


@dataclass
class Crowd:
    """Guests who order, and order the same again until they get an answer."""

    url: str
    house_id: str
    dish_id: str
    orders_count: int
    answers: dict[str, dict[str, Any]] = field(default_factory=dict)
    retries: int = 0
    is_served: asyncio.Event = field(default_factory=asyncio.Event)
    was_answered: asyncio.Event = field(default_factory=asyncio.Event)
    chance: random.Random = field(default_factory=lambda: random.Random(7))

    async def order_everything(self) -> None:
        keys = [new_id() for _ in range(self.orders_count)]
        self.is_served.set()
        async with asyncio.timeout(DEADLINE_SECONDS), asyncio.TaskGroup() as guests:
            for number in range(CLIENTS):
                guests.create_task(self._order_share(keys[number::CLIENTS]))

    async def _order_share(self, keys: list[str]) -> None:
        async with httpx.AsyncClient(base_url=self.url, timeout=5) as client:
            for key in keys:
                self.answers[key] = await self._order_until_answered(client, key)
                self.was_answered.set()
                if self.chance.random() < 0.1:
                    assert await self._order_until_answered(client, key) == self.answers[key]

    async def _order_until_answered(self, client: httpx.AsyncClient, key: str) -> dict[str, Any]:
        body = {
            "orderType": "PICKUP",
            "locationId": self.house_id,
            "guestName": f"Guest {key[-4:]}",
            "guestEmail": "guest@crowd.example",
            "guestPhone": "+49 30 5550101",
            "items": [{"menuItemId": self.dish_id, "quantity": 1 + int(key[-1], 16) % 3}],
        }
        while True:
            try:
                answer = await client.post(
                    "/api/orders", json=body, headers={"Idempotency-Key": key}
                )
            except httpx.TransportError:
                self.retries += 1
                await asyncio.wait_for(self.is_served.wait(), STARTS_SECONDS)
                continue
            if answer.status_code == 503:
                self.retries += 1
                continue
            assert answer.status_code == 201, answer.text
            data: dict[str, Any] = json.loads(answer.content)["data"]
            return data


@dataclass(frozen=True)
class House:
    """A server over books with one dish of which there is plenty."""

    server: Server
    books: Books
    house_id: str
    dish_id: str

    def crowd(self, orders_count: int) -> Crowd:
        return Crowd(self.server.url, self.house_id, self.dish_id, orders_count)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "engine_name" in metafunc.fixturenames:
        with_postgres = metafunc.config.getoption("--postgres")
        metafunc.parametrize(
            "engine_name", ["sqlite", "postgresql"] if with_postgres else ["sqlite"]
        )


@pytest.fixture
def url(engine_name: str, tmp_path: Path) -> Iterator[str]:
    if engine_name == "sqlite":
        yield f"sqlite:///{tmp_path}/house.db"
        return
    with postgres_cluster() as cluster:
        cluster.create_database("house")
        yield cluster.url("house")


@pytest.fixture
async def house(url: str, tmp_path: Path) -> AsyncIterator[House]:
    await schema.migrate(url)
    database = open_database(url)
    await database.start()
    books = Books(database, system_clock)
    async with books.writing() as uow:
        place = await add_house(uow)
        dish_id = await add_dish(uow, stock=STOCK)
    environment = {"KITCHENASTY_RATE_LIMITS": "off", "KITCHENASTY_DATABASE_URL": url}
    server = Server(tmp_path / "data", environment=environment)
    await asyncio.to_thread(server.start)
    yield House(server, books, place.id, dish_id)
    server.kill()
    await database.stop()


@pytest.mark.parametrize(
    ("kills", "orders_count"),
    [
        pytest.param(30, 2_000, id="30 kills"),
        pytest.param(200, 43_000, id="200 kills", marks=pytest.mark.long),
    ],
)
async def test_no_answered_order_is_lost_or_doubled(
    house: House, kills: int, orders_count: int
) -> None:
    crowd = house.crowd(orders_count)
    async with asyncio.TaskGroup() as together:
        together.create_task(crowd.order_everything())
        killing = together.create_task(kill_often(house.server, crowd, kills))
    killed = killing.result()
    stored = await count_books(house, crowd)
    print(
        f"R1: {killed} kills in {orders_count} orders of {CLIENTS} clients, {crowd.retries} "
        f"retries: {stored.lost} lost, {stored.doubled} doubled, {stored.silent} without event"
    )
    assert killed == kills
    assert (stored.lost, stored.doubled, stored.silent) == (0, 0, 0)


async def test_stopping_finishes_what_was_begun(house: House) -> None:
    """Nobody retries here but for a refused connection, which nothing had accepted."""
    crowd = house.crowd(300)
    async with asyncio.TaskGroup() as together:
        together.create_task(crowd.order_everything())
        stopping = together.create_task(stop_thrice(house.server, crowd))
    codes = stopping.result()
    stored = await count_books(house, crowd)
    print(f"R8: {len(codes)} stops under load, exit codes {codes}: {stored.lost} lost")
    assert codes == [0, 0, 0]
    assert (stored.lost, stored.doubled, stored.silent) == (0, 0, 0)


async def kill_often(server: Server, crowd: Crowd, kills: int) -> int:
    """Kill at random moments, spread over all the orders; answers how often it was."""
    moments = sorted(crowd.chance.sample(range(1, crowd.orders_count * 9 // 10), kills))
    for count, moment in enumerate(moments):
        await reached(crowd, moment)
        crowd.is_served.clear()
        await asyncio.to_thread(server.kill)
        await asyncio.to_thread(server.start)
        crowd.is_served.set()
        assert len(crowd.answers) < crowd.orders_count, f"all was over after {count} kills"
    return len(moments)


async def stop_thrice(server: Server, crowd: Crowd) -> list[int]:
    """Ask the server to stop, and start it again; answers its exit codes."""
    codes = []
    for share in (0.25, 0.5, 0.75):
        await reached(crowd, round(share * crowd.orders_count))
        crowd.is_served.clear()
        codes.append(await asyncio.to_thread(server.stop))
        await asyncio.to_thread(server.start)
        crowd.is_served.set()
    return codes


async def reached(crowd: Crowd, orders_count: int) -> None:
    """Wait until so many orders were answered."""
    async with asyncio.timeout(DEADLINE_SECONDS):
        while len(crowd.answers) < orders_count:
            crowd.was_answered.clear()
            await crowd.was_answered.wait()


@dataclass(frozen=True)
class Counted:
    lost: int
    doubled: int
    silent: int


async def count_books(house: House, crowd: Crowd) -> Counted:
    """Compare the books with what the guests were told, once all events were delivered."""
    await delivered(house.books)
    async with house.books.reading(snapshot=True) as look:
        stored = Counter(row[0] for row in await look.rows(ORDERS))
        placed = Counter(row[0]["order_id"] for row in await look.rows(PLACED))
        portions, left = await look.value(PORTIONS), await look.value(LEFT)
    told = {answer["id"] for answer in crowd.answers.values()}
    assert len(told) == len(crowd.answers) == crowd.orders_count
    assert int(portions) + left == STOCK
    return Counted(
        lost=len(told - stored.keys()),
        doubled=sum(stored.values()) - len(told),
        silent=len(told) - sum(placed[order_id] == 1 for order_id in told),
    )


async def delivered(books: Books) -> None:
    """Wait until no event is left that nobody handled."""
    async with asyncio.timeout(STARTS_SECONDS):
        while True:
            async with books.reading() as look:
                if not (await count_waiting(look))[0]:
                    return
