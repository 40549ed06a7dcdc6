"""Fixtures for every slice: a real database, a clock that we move, an application, a client."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from copy import copy
from pathlib import Path

import httpx
import pytest
from litestar import Litestar

from basis.kit.data.database import Database
from basis.kit.data.engines import open_database
from basis.kit.data.jobs import Every
from basis.kit.data.outbox import Subscription
from basis.kit.testing import SECRET_KEY, HandClock, PostgresCluster, copy_of_file, make_empty_file
from kitchenasty.kit.books import Books, Look, UnitOfWork, open_books
from kitchenasty.kit.config import Config
from kitchenasty.kit.schema import SCHEMA
from kitchenasty.locations import House
from kitchenasty.locations.tests.builders import add_house
from kitchenasty.main import REGULAR, SUBSCRIPTIONS, create_app, equip, join_doors, open_screens

TEMPLATE = "empty_restaurant"
BASE_URL = "http://house.example"


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
    return open_books(database, clock, SECRET_KEY)


@pytest.fixture
async def uow(books: Books) -> AsyncIterator[UnitOfWork]:
    async with books.writing() as work:
        yield work


@pytest.fixture
async def look(books: Books) -> AsyncIterator[Look]:
    async with books.reading() as view:
        yield view


@pytest.fixture
async def house(books: Books) -> House:
    """A house in Berlin that is open around the clock."""
    async with books.writing() as work:
        return await add_house(work)


@pytest.fixture
async def other_house(books: Books) -> House:
    async with books.writing() as work:
        return await add_house(work)


@pytest.fixture
def config(tmp_path: Path, database_url: str) -> Config:
    return Config(
        data_dir=tmp_path,
        database_url=database_url,
        secret_key=SECRET_KEY,
    )


@pytest.fixture(scope="session")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Litestar:
    """All doors and nothing behind them: to join them takes longer than most tests."""
    folder = tmp_path_factory.mktemp("doors")
    config = Config(
        data_dir=folder, database_url=f"sqlite:///{folder}/never.db", secret_key=SECRET_KEY
    )
    unopened = open_books(open_database(config.database_url), HandClock(), SECRET_KEY)
    return join_doors(open_screens(config, unopened))


@pytest.fixture
def app(doors: Litestar, config: Config, books: Books) -> Litestar:
    """The application for those who call it without a socket; `running_app` is for the others."""
    return equip(copy(doors), config, books, open_screens(config, books))


@pytest.fixture
def running_app(config: Config, books: Books) -> Litestar:
    """The application with the sockets and the life of its own."""
    return create_app(config, books)


@pytest.fixture
def subscriptions() -> list[Subscription]:
    """Everybody in the house who listens to what happens."""
    return SUBSCRIPTIONS


@pytest.fixture
def regular() -> list[Every]:
    """Everything that the house does by itself."""
    return REGULAR


@pytest.fixture
async def client(app: Litestar) -> AsyncIterator[httpx.AsyncClient]:
    """A guest nobody knows. It runs in the test's own event loop, as the database does."""
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url=BASE_URL) as anonymous:
        yield anonymous
