"""Fixtures for every slice: a real database, a clock that we move, a market on a rail."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from basis.ids import new_code
from basis.kit.data.database import Database
from basis.kit.data.engines import open_database
from basis.kit.testing import HandClock, PostgresCluster
from swarmhaul.identity import read_key
from swarmhaul.kit.books import Books, open_books
from swarmhaul.kit.schema import SCHEMA
from swarmhaul.market import Venue
from swarmhaul.market.tests.builders import ARBITER, BUDGET, MARKET_KEY, SHIPPER
from swarmhaul.market.tests.twin import MemoryRail

TEMPLATE = "empty_market"


@pytest.fixture(scope="session")
def empty_postgres(cluster: PostgresCluster) -> str:
    """A database as we ship it and nothing in it, to be copied for each test."""
    cluster.create_database(TEMPLATE)
    asyncio.run(SCHEMA.migrate(cluster.url(TEMPLATE)))
    return TEMPLATE


@pytest.fixture(scope="session")
def empty_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file as we ship it and nothing in it, to be copied for each test."""
    path = tmp_path_factory.mktemp("empty") / "empty.db"
    asyncio.run(SCHEMA.migrate(f"sqlite:///{path}"))
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
    connection.close()
    return path


@pytest.fixture
def database_url(
    engine_name: str, tmp_path: Path, empty_sqlite: Path, request: pytest.FixtureRequest
) -> Iterator[str]:
    if engine_name == "sqlite":
        path = tmp_path / "market.db"
        path.write_bytes(empty_sqlite.read_bytes())
        yield f"sqlite:///{path}"
        return
    cluster: PostgresCluster = request.getfixturevalue("cluster")
    template: str = request.getfixturevalue("empty_postgres")
    name = f"market_{new_code(10).lower()}"
    cluster.create_database(name, template)
    yield cluster.url(name)
    cluster.drop_database(name)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    opened = open_database(database_url)
    await opened.start()
    yield opened
    await opened.stop()


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def books(database: Database, clock: HandClock) -> Books:
    return open_books(database, clock)


@pytest.fixture
def rail(clock: HandClock) -> MemoryRail:
    """With a shipper who has ten jobs' money."""
    made = MemoryRail(clock)
    made.balances[read_key(SHIPPER.public)] = 10 * BUDGET
    return made


@pytest.fixture
def venue(rail: MemoryRail) -> Venue:
    return Venue("test-market", MARKET_KEY, ARBITER.public, rail)
