"""A prepared house for the tests that hurt the server."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from basis.clock import system_clock
from basis.ids import new_code
from kitchenasty.kit import schema
from kitchenasty.kit.books import Books
from kitchenasty.kit.engines import open_database
from kitchenasty.locations.tests.builders import add_house
from kitchenasty.menu.tests.builders import add_dish
from tests.reliability.shop import Shop
from tests.server import Server

STOCK = 1_000_000


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
