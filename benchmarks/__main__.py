"""Starts the server on a house with 60 dishes and prints requests a second, p50 and p99.

W1 reads the whole menu, as the storefront does (with and without the ETag of the last time);
W2 places orders of two lines. Client and server share the machine, so figures are lower bounds.
"""

import asyncio
import os
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import aiohttp

from basis.clock import system_clock
from basis.ids import new_id
from kitchenasty.kit import schema
from kitchenasty.kit.books import Books
from kitchenasty.kit.engines import open_database
from kitchenasty.kit.testing import SECRET_KEY, NoPostgres, postgres_cluster
from kitchenasty.locations.tests.builders import add_house
from kitchenasty.menu.tests.builders import add_category, add_dish
from tests.server import Server

SECONDS = float(os.environ.get("BENCH_SECONDS", "3"))
CLIENTS = (1, 8, 32)
DISHES = 60

Act = Callable[[aiohttp.ClientSession], Awaitable[int]]


def main() -> None:
    print(f"{'database':<12}{'workload':<22}{'clients':>8}{'per s':>9}{'p50 ms':>9}{'p99 ms':>9}")
    with tempfile.TemporaryDirectory() as folder:
        measure("sqlite", f"sqlite:///{folder}/house.db", Path(folder))
    try:
        with postgres_cluster() as cluster, tempfile.TemporaryDirectory() as folder:
            cluster.create_database("house")
            measure("postgresql", cluster.url("house"), Path(folder))
    except NoPostgres as missing:
        print(missing)


def measure(name: str, url: str, folder: Path) -> None:
    house_id, slug, dish_ids = asyncio.run(furnish(url))
    environment = {"KITCHENASTY_RATE_LIMITS": "off", "KITCHENASTY_DATABASE_URL": url}
    with serving(Server(folder / "data", environment=environment)) as server:
        acts = workloads(house_id, slug, dish_ids)
        for workload, act in acts.items():
            for clients in CLIENTS:
                times = asyncio.run(load(server.url, act, clients))
                show(name, workload, clients, times)


@contextmanager
def serving(server: Server) -> Iterator[Server]:
    server.start()
    try:
        yield server
    finally:
        server.stop()


async def furnish(url: str) -> tuple[str, str, list[str]]:
    """A house that never closes, with dishes that ask for nothing."""
    await schema.migrate(url)
    database = open_database(url)
    await database.start()
    async with Books(database, system_clock, SECRET_KEY).writing() as uow:
        house = await add_house(uow)
        category_id = await add_category(uow)
        dishes = [
            await add_dish(uow, category_id=category_id, stock=1_000_000) for _ in range(DISHES)
        ]
    await database.stop()
    return house.id, house.slug, dishes


def workloads(house_id: str, slug: str, dish_ids: list[str]) -> dict[str, Act]:
    """What is measured; each act is one request and answers its status."""
    etags: dict[str, str] = {}
    menu_path = f"/at/{slug}"

    async def read_page(client: aiohttp.ClientSession) -> int:
        async with client.get(menu_path) as answer:
            await answer.read()
            return answer.status

    async def read_menu(client: aiohttp.ClientSession) -> int:
        async with client.get(
            "/api/menu", params={"locationId": house_id}, headers=etags
        ) as answer:
            await answer.read()
            etags.update({"If-None-Match": answer.headers.get("ETag", "")})
            return answer.status

    async def order(client: aiohttp.ClientSession) -> int:
        lines = [{"menuItemId": dish_id, "quantity": 1} for dish_id in dish_ids[:2]]
        body = {
            "orderType": "PICKUP",
            "locationId": house_id,
            "guestName": "Ines",
            "guestPhone": "+49 30 5550101",
            "items": lines,
        }
        headers = {"Idempotency-Key": new_id()}
        async with client.post("/api/orders", json=body, headers=headers) as answer:
            await answer.read()
            return answer.status

    return {"W1 menu page": read_page, "W1 menu with ETag": read_menu, "W2 order": order}


async def load(url: str, act: Act, clients: int) -> list[float]:
    """Milliseconds of every request that so many clients make in a few seconds."""
    times: list[float] = []
    end = time.perf_counter() + SECONDS
    async with aiohttp.ClientSession(url, connector=aiohttp.TCPConnector(limit=0)) as client:

        async def keep_asking() -> None:
            while (start := time.perf_counter()) < end:
                status = await act(client)
                assert status < 400, status
                times.append((time.perf_counter() - start) * 1_000)

        await asyncio.gather(*(keep_asking() for _ in range(clients)))
    return times


def show(name: str, workload: str, clients: int, times: list[float]) -> None:
    p99 = statistics.quantiles(times, n=100)[98]
    rate, p50 = len(times) / SECONDS, statistics.median(times)
    print(f"{name:<12}{workload:<22}{clients:>8}{rate:>9.0f}{p50:>9.1f}{p99:>9.1f}", flush=True)


if __name__ == "__main__":
    main()
