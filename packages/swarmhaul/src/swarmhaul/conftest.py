"""Fixtures for every slice: a real database, a clock that we move, a market on a rail."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from copy import copy
from pathlib import Path

import httpx
import pytest
from litestar import Litestar

from basis.kit.data.database import Database
from basis.kit.testing import HandClock, PostgresCluster, copy_of_file, make_empty_file
from swarmhaul.identity import read_key
from swarmhaul.kit.books import Books, open_books
from swarmhaul.kit.config import Config
from swarmhaul.kit.schema import SCHEMA
from swarmhaul.main import equip, join_doors
from swarmhaul.market import Venue
from swarmhaul.market.tests.builders import ARBITER, BUDGET, MARKET_KEY, SHIPPER, TREASURY, fund
from swarmhaul.settlement import SettlementRail, open_ledger
from swarmhaul.svm import open_svm

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
    return make_empty_file(SCHEMA, tmp_path_factory.mktemp("empty") / "empty.db")


@pytest.fixture
def database_url(
    engine_name: str, tmp_path: Path, empty_sqlite: Path, request: pytest.FixtureRequest
) -> Iterator[str]:
    if engine_name == "sqlite":
        yield copy_of_file(empty_sqlite, tmp_path)
        return
    cluster: PostgresCluster = request.getfixturevalue("cluster")
    with cluster.copy_of(request.getfixturevalue("empty_postgres")) as url:
        yield url


@pytest.fixture
def books(database: Database, clock: HandClock) -> Books:
    return open_books(database, clock)


@pytest.fixture
def rail_name(request: pytest.FixtureRequest) -> str:
    """A ledger, unless a test wants another."""
    name: str = getattr(request, "param", "ledger")
    return name


@pytest.fixture
def rail(clock: HandClock, tmp_path: Path, rail_name: str) -> Iterator[SettlementRail]:
    """With a shipper who has ten jobs' money."""
    path = tmp_path / f"{rail_name}.journal"
    if rail_name == "svm":
        made: SettlementRail = open_svm(path, treasury=TREASURY.seed, clock=clock)
    else:
        treasury = read_key(TREASURY.public)
        made = open_ledger(path, treasury=treasury, unit="lamports", clock=clock)
    fund(made, SHIPPER, 10 * BUDGET, clock())
    yield made
    made.close()


@pytest.fixture
def venue(rail: SettlementRail, rail_name: str) -> Venue:
    return Venue("test-market", MARKET_KEY, ARBITER.public, rail, rail_name)


@pytest.fixture
def config(tmp_path: Path, database_url: str) -> Config:
    return Config(
        data_dir=tmp_path,
        database_url=database_url,
        market="test-market",
        hosts=frozenset({"market.example"}),
    )


@pytest.fixture(scope="session")
def doors() -> Litestar:
    """All doors and nothing behind them: to join them takes longer than most tests."""
    return join_doors()


@pytest.fixture
def app(doors: Litestar, config: Config, books: Books, venue: Venue) -> Litestar:
    return equip(copy(doors), config, books, venue)


@pytest.fixture
def app_again(doors: Litestar, config: Config, books: Books, venue: Venue) -> Litestar:
    """Another application over the same books, as after a restart."""
    return equip(copy(doors), config, books, venue)


@pytest.fixture
async def client(app: Litestar) -> AsyncIterator[httpx.AsyncClient]:
    """Anybody. It runs in the test's own event loop, as the database does."""
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://market.example") as made:
        yield made
