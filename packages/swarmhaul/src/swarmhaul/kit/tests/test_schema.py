"""The migrations end where the models are, on both databases."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection

from basis.kit.data import schema
from basis.kit.testing import PostgresCluster
from swarmhaul.kit.schema import SCHEMA
from swarmhaul.kit.tables import METADATA


@pytest.fixture
def empty_url(engine_name: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """A database without any table."""
    if engine_name == "sqlite":
        yield f"sqlite:///{tmp_path}/new.db"
        return
    cluster: PostgresCluster = request.getfixturevalue("cluster")
    cluster.create_database("migrated_market")
    yield cluster.url("migrated_market")
    cluster.drop_database("migrated_market")


async def test_migrations_end_at_the_models(empty_url: str) -> None:
    assert await SCHEMA.migrate(empty_url) is True
    assert await SCHEMA.migrate(empty_url) is False
    assert await SCHEMA.version_of(empty_url) == SCHEMA.newest_version()
    assert await schema.on_database(empty_url, differences) == []


def differences(connection: Connection) -> list[object]:
    # The tables of this process are those whose slices were imported; conftest imports them all.
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    found: list[object] = compare_metadata(context, METADATA)  # type: ignore[arg-type]  # Alembic's own type is too narrow: several are allowed
    return found
