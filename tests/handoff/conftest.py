"""Fixtures: a restaurant with its books, and a market with its own, on each rail."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from basis.kit.data.engines import open_database
from basis.kit.testing import SECRET_KEY, HandClock, PostgresCluster, copy_of_file, make_empty_file
from kitchenasty.kit.books import open_books as open_kitchen_books
from kitchenasty.kit.schema import SCHEMA as KITCHEN
from swarmhaul.identity import read_key
from swarmhaul.kit.books import open_books as open_market_books
from swarmhaul.kit.config import Config
from swarmhaul.kit.schema import SCHEMA as MARKET
from swarmhaul.main import create_app
from swarmhaul.market import Venue
from swarmhaul.market.tests.builders import ADA, ARBITER, BEN, CYD, MARKET_KEY, TREASURY
from swarmhaul.settlement import SettlementRail, open_ledger
from swarmhaul.svm import open_svm
from tests.handoff.town import PURSE, Town, build, fill

RAILS = ("ledger", "svm")
TEMPLATE = "empty_kitchen"
HOUSE = "https://house.example"


@pytest.fixture(scope="session")
def empty_kitchen(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_empty_file(KITCHEN, tmp_path_factory.mktemp("kitchen") / "empty.db")


@pytest.fixture(scope="session")
def empty_postgres(cluster: PostgresCluster) -> str:
    cluster.create_database(TEMPLATE)
    asyncio.run(KITCHEN.migrate(cluster.url(TEMPLATE)))
    return TEMPLATE


@pytest.fixture
def kitchen_url(
    engine_name: str, tmp_path: Path, empty_kitchen: Path, request: pytest.FixtureRequest
) -> Iterator[str]:
    """The restaurant's books are on either database; the market's have tests of their own."""
    if engine_name == "sqlite":
        folder = tmp_path / "kitchen"
        folder.mkdir()
        yield copy_of_file(empty_kitchen, folder)
        return
    cluster: PostgresCluster = request.getfixturevalue("cluster")
    with cluster.copy_of(request.getfixturevalue("empty_postgres")) as url:
        yield url


@pytest.fixture(scope="session")
def empty_market(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_empty_file(MARKET, tmp_path_factory.mktemp("market") / "empty.db")


@pytest.fixture
def rail_name() -> str:
    """A test that minds asks for another one."""
    return "ledger"


@pytest.fixture
def rail(rail_name: str, clock: HandClock, tmp_path: Path) -> Iterator[SettlementRail]:
    path = tmp_path / "rail.journal"
    if rail_name == "svm":
        made = open_svm(path, treasury=TREASURY.seed, clock=clock)
    else:
        wallet = read_key(TREASURY.public)
        made = open_ledger(path, treasury=wallet, unit="lamports", clock=clock)
    yield made
    made.close()


@pytest.fixture
async def town(
    clock: HandClock,
    rail: SettlementRail,
    rail_name: str,
    tmp_path: Path,
    kitchen_url: str,
    empty_market: Path,
) -> AsyncIterator[Town]:
    folder = tmp_path / "market"
    folder.mkdir()
    urls = [kitchen_url, copy_of_file(empty_market, folder)]
    databases = [open_database(url) for url in urls]
    for database in databases:
        await database.start()
    kitchen = open_kitchen_books(databases[0], clock, SECRET_KEY, {"PUBLIC_URL": HOUSE})
    market = open_market_books(databases[1], clock)
    venue = Venue("test-market", MARKET_KEY, ARBITER.public, rail, rail_name)
    config = Config(
        data_dir=tmp_path,
        database_url=urls[1],
        market=venue.name,
        hosts=frozenset({"market.example"}),
    )
    made = await build(clock, kitchen, market, venue, create_app(config, market, venue))
    for courier in (ADA, BEN, CYD):
        fill(made, courier.public, PURSE)
    yield made
    for database in databases:
        await database.stop()
