"""The migrations end where the models are, on both databases."""

from basis.kit.data import schema
from basis.kit.testing import differences_from
from swarmhaul.kit.schema import SCHEMA
from swarmhaul.kit.tables import METADATA


async def test_migrations_end_at_the_models(empty_url: str) -> None:
    assert await SCHEMA.migrate(empty_url) is True
    assert await SCHEMA.migrate(empty_url) is False
    assert await SCHEMA.version_of(empty_url) == SCHEMA.newest_version()
    # The tables of this process are those whose slices were imported; conftest imports them all.
    assert await schema.on_database(empty_url, differences_from(METADATA)) == []
