"""C6: a hundred guests want one dish at once while the till sells it too; nobody sees a lock."""

from __future__ import annotations

import asyncio
import contextlib
import statistics
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from basis.clock import system_clock
from basis.kit.data.database import DatabaseAway
from basis.kit.data.engines import open_database
from basis.kit.testing import SECRET_KEY, postgres_cluster
from kitchenasty import menu
from kitchenasty.kit.books import Books, open_books
from kitchenasty.kit.schema import SCHEMA
from kitchenasty.locations.tests.builders import add_house
from kitchenasty.menu.tests.builders import add_dish
from tests.server import Server

GUESTS = 100
ORDERS_EACH = 3
STOCK = 1_000_000
TRIES_MAX = 50
HELD_SECONDS = 0.01
LOCK_WORDS = ("deadlock", "database is locked", "could not serialize")


@dataclass
class Rush:
    """A server whose dish everybody wants, and what its guests were answered."""

    url: str
    server: Server
    engine_log: Path | None
    house_id: str
    dish_id: str
    side_id: str
    milliseconds: list[float] = field(default_factory=list)
    answers: Counter[int] = field(default_factory=Counter)
    lock_words_seen: list[str] = field(default_factory=list)

    def form(self, guest: int) -> dict[str, Any]:
        """Every second guest names the dishes the other way round: deadlocks are made of that."""
        dish_ids = (self.dish_id, self.side_id)[:: -1 if guest % 2 else 1]
        return {
            "orderType": "PICKUP",
            "locationId": self.house_id,
            "items": [{"menuItemId": dish_id, "quantity": 1} for dish_id in dish_ids],
            "guestName": f"Guest {guest}",
            "guestPhone": "0301234567",
        }

    async def order(self, client: httpx.AsyncClient, guest: int, number: int) -> None:
        """Order once; "busy, please try again" is obeyed as every client does, and counted."""
        for _ in range(TRIES_MAX):
            start = time.perf_counter()
            answer = await client.post(
                f"{self.server.url}/api/orders",
                json=self.form(guest),
                headers={"idempotency-key": f"guest-{guest}-order-{number}"},
            )
            self.milliseconds.append((time.perf_counter() - start) * 1_000)
            self.answers[answer.status_code] += 1
            self.lock_words_seen += words_of_locks(answer.text)
            if answer.status_code != 503:
                return

    def words_in_logs(self) -> list[str]:
        logs = [self.server.log, *([self.engine_log] if self.engine_log else [])]
        return [word for log in logs for word in words_of_locks(log.read_text(errors="replace"))]


def words_of_locks(text: str) -> list[str]:
    return [word for word in LOCK_WORDS if word in text.lower()]


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def rush(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Rush]:
    if request.param == "sqlite":
        with serving(f"sqlite:///{tmp_path}/house.db", tmp_path, None) as running:
            yield running
        return
    with postgres_cluster() as cluster:
        cluster.create_database("house")
        with serving(cluster.url("house"), tmp_path, cluster.folder / "log") as running:
            yield running


@contextmanager
def serving(url: str, folder: Path, engine_log: Path | None) -> Iterator[Rush]:
    house_id, dish_id, side_id = asyncio.run(furnish(url))
    environment = {"KITCHENASTY_RATE_LIMITS": "off", "KITCHENASTY_DATABASE_URL": url}
    server = Server(folder / "data", environment=environment)
    server.start()
    try:
        yield Rush(url, server, engine_log, house_id, dish_id, side_id)
    finally:
        server.stop()


async def furnish(url: str) -> tuple[str, str, str]:
    await SCHEMA.migrate(url)
    async with opened(url) as books, books.writing() as uow:
        house = await add_house(uow)
        return house.id, await add_dish(uow, stock=STOCK), await add_dish(uow, stock=STOCK)


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Books]:
    database = open_database(url)
    await database.start()
    try:
        yield open_books(database, system_clock, SECRET_KEY)
    finally:
        await database.stop()


async def sell_at_the_till(books: Books, dish_id: str, done: asyncio.Event) -> int:
    """Sell the dish from another process, each time holding what it locked for a moment."""
    sold = 0
    while not done.is_set():
        # The till may lose its turn on a busy machine and tries again, as a person would.
        with contextlib.suppress(DatabaseAway):
            async with books.writing() as uow:
                await menu.take_stock(uow, {dish_id: 1}, {dish_id: "Soup"})
                await asyncio.sleep(HELD_SECONDS)
            sold += 1
        await asyncio.sleep(HELD_SECONDS)
    return sold


async def rush_hour(rush: Rush, books: Books) -> int:
    """All guests order all they want while the till sells; returns what was sold there."""
    done = asyncio.Event()
    till = asyncio.create_task(sell_at_the_till(books, rush.dish_id, done))
    limits = httpx.Limits(max_connections=GUESTS, max_keepalive_connections=GUESTS)
    async with httpx.AsyncClient(timeout=60, limits=limits) as client:

        async def keep_ordering(guest: int) -> None:
            for number in range(ORDERS_EACH):
                await rush.order(client, guest, number)

        await asyncio.gather(*(keep_ordering(guest) for guest in range(GUESTS)))
    done.set()
    return await till


async def test_100_guests_and_the_till_want_one_dish_and_nobody_sees_a_lock(rush: Rush) -> None:
    # The till is at work before the guests come: to connect while they storm takes a while.
    async with opened(rush.url) as books:
        sold = await rush_hour(rush, books)
        async with books.reading() as look:
            left = await menu.load_availability(look, [rush.dish_id, rush.side_id])
    p99 = statistics.quantiles(rush.milliseconds, n=100)[98]
    engine = rush.url.partition(":")[0]
    print(
        f"C6: {GUESTS} guests on one dish, {engine}: {dict(rush.answers)}, {sold} at the till, "
        f"{len(rush.lock_words_seen)} lock errors answered, p99 {p99:.0f} ms"
    )
    ordered = GUESTS * ORDERS_EACH
    assert rush.lock_words_seen == []
    assert rush.words_in_logs() == []
    assert rush.answers[201] == ordered
    # On SQLite only a lock can answer 503; on PostgreSQL the queue for a connection can, too.
    assert set(rush.answers) <= ({201} if engine == "sqlite" else {201, 503})
    assert left[rush.dish_id].stock == STOCK - ordered - sold
    assert left[rush.side_id].stock == STOCK - ordered
    assert sold > 0
