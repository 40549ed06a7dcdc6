"""Prepared houses for the tests that hurt the server."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from basis.clock import system_clock
from basis.ids import new_code
from basis.kit.data.engines import open_database
from basis.kit.testing import SECRET_KEY, PostgresCluster, postgres_cluster
from kitchenasty.kit.books import open_books
from kitchenasty.kit.schema import SCHEMA
from kitchenasty.locations.tests.builders import add_house
from kitchenasty.menu.tests.builders import add_dish
from tests.reliability.shop import Shop
from tests.server import Server

STOCK = 1_000_000


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """On SQLite, as most houses run."""
    prepared = prepare_shop(tmp_path, f"sqlite:///{tmp_path}/kitchenasty.db")
    prepared.server.start()
    yield prepared
    prepared.server.kill()


@pytest.fixture
def own_cluster() -> Iterator[PostgresCluster]:
    """A PostgreSQL server that the test may stop, kill and starve."""
    with postgres_cluster() as running:
        yield running


@pytest.fixture
def postgres_shop(tmp_path: Path, own_cluster: PostgresCluster) -> Iterator[Shop]:
    own_cluster.create_database("house")
    prepared = prepare_shop(tmp_path, own_cluster.url("house"))
    prepared.server.start()
    yield prepared
    prepared.server.kill()


def prepare_shop(folder: Path, database_url: str, **more: str) -> Shop:
    """A furnished house and a server for it that has not been started."""
    house_id, dish_id = asyncio.run(furnish(database_url))
    environment = {
        **{f"KITCHENASTY_{name}": value for name, value in more.items()},
        "KITCHENASTY_RATE_LIMITS": "off",
        "KITCHENASTY_DATABASE_URL": database_url,
        "KITCHENASTY_HEARTBEAT_SECONDS": "0.5",
    }
    server = Server(folder, environment=environment)
    return Shop(server, database_url, house_id, dish_id, STOCK)


async def furnish(url: str) -> tuple[str, str]:
    """An open house that sells soup, of which there is a lot."""
    await SCHEMA.migrate(url)
    database = open_database(url)
    await database.start()
    async with open_books(database, system_clock, SECRET_KEY).writing() as uow:
        house = await add_house(uow, slug=f"house-{new_code(5).lower()}")
        dish_id = await add_dish(uow, name="Soup", stock=STOCK)
    await database.stop()
    return house.id, dish_id
