"""The migrations end where the models are, on both databases."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection

from kitchenasty.kit.data import schema
from kitchenasty.kit.data.columns import Model
from kitchenasty.kit.testing import PostgresCluster


@pytest.fixture
def empty_url(engine_name: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """A database without any table."""
    if engine_name == "sqlite":
        yield f"sqlite:///{tmp_path}/new.db"
        return
    cluster: PostgresCluster = request.getfixturevalue("cluster")
    cluster.create_database("migrated")
    yield cluster.url("migrated")
    cluster.drop_database("migrated")


async def test_migrations_end_at_the_models(empty_url: str) -> None:
    assert await schema.migrate(empty_url) is True
    assert await schema.migrate(empty_url) is False
    assert await schema.version_of(empty_url) == schema.newest_version()
    assert await schema.on_database(empty_url, differences) == []


def differences(connection: Connection) -> list[object]:
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    found: list[object] = compare_metadata(context, Model.metadata)
    return found
