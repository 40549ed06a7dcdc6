"""The tables of a database: brought to the newest version, or compared with it.

Migrations run in one transaction under a lock, so of several processes that start together one
does the work and the others wait and find nothing left to do.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import asyncpg
from sqlalchemy import Connection, create_engine, event, inspect, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

if TYPE_CHECKING:
    from alembic.config import Config as AlembicConfig

VERSION_TABLE = "alembic_version"
LOCK = 7_406_002  # an arbitrary number that names the right to migrate on PostgreSQL

T = TypeVar("T")


class UnknownSchema(RuntimeError):
    """The database was made by a newer version of this program."""


@dataclass(frozen=True, slots=True)
class Schema:
    """The tables of one product, as its migrations make them."""

    product: str
    """As people call it."""
    scripts: str
    """Where Alembic finds them: `package:folder`."""
    folder: Path
    """The same place on the disk."""

    async def migrate(self, url: str) -> bool:
        """Bring the tables to the newest version. Answers whether there was anything to do.

        Raises UnknownSchema when the tables are newer than this program.
        """
        return await on_database(url, self._upgrade)

    async def version_of(self, url: str) -> str | None:
        """The version of the tables, None for an empty database."""
        return await on_database(url, current_version)

    def newest_version(self) -> str:
        """Of this program."""
        return max(self.known_versions())

    def known_versions(self) -> set[str]:
        """From the names of the files: Alembic, which would read them all, is loaded only when
        there is something to do. A server that starts again has it quicker and is 7 MB smaller.
        """
        steps = (self.folder / "versions").glob("[0-9]*.py")
        return {path.stem.partition("_")[0] for path in steps}

    def configuration(self, connection: Connection) -> AlembicConfig:
        from alembic.config import Config as AlembicConfig  # noqa: PLC0415  # see known_versions

        made = AlembicConfig()
        made.set_main_option("script_location", self.scripts)
        made.attributes["connection"] = connection
        return made

    def _upgrade(self, connection: Connection) -> bool:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        before = current_version(connection)
        if before == self.newest_version():
            return False
        if before is not None and before not in self.known_versions():
            raise UnknownSchema(
                f"These books were written by a newer version of {self.product} (schema {before}). "
                "Install that version, or restore a backup from before."
            )
        from alembic import command  # noqa: PLC0415  # see known_versions

        command.upgrade(self.configuration(connection), "head")
        return True


def current_version(connection: Connection) -> str | None:
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    found: str | None = connection.scalar(text(f"SELECT version_num FROM {VERSION_TABLE}"))  # noqa: S608  # ours
    return found


async def on_database(url: str, act: Callable[[Connection], T]) -> T:
    """Run a synchronous function on a connection of its own, in one transaction."""
    if url.startswith("sqlite:///"):
        return on_sqlite(url, act)
    engine = create_async_engine(
        "postgresql+asyncpg://",
        async_creator=lambda: asyncpg.connect(plain_url(url)),
        poolclass=NullPool,
    )
    try:
        async with engine.begin() as connection:
            return await connection.run_sync(act)
    finally:
        await engine.dispose()


def on_sqlite(url: str, act: Callable[[Connection], T]) -> T:
    Path(url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, poolclass=NullPool)
    event.listen(engine, "connect", leave_transactions_to_us)
    event.listen(engine, "begin", begin_immediately)
    with engine.begin() as connection:
        return act(connection)


def leave_transactions_to_us(raw: Any, _record: Any) -> None:
    """The driver would commit before every change of a table; we want all steps or none."""
    raw.isolation_level = None
    with closing(raw.cursor()) as cursor:
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA busy_timeout=60000")


def begin_immediately(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def plain_url(url: str) -> str:
    return url.replace("postgresql+asyncpg://", "postgresql://", 1)
