"""Which database a URL means."""

from __future__ import annotations

from basis.kit.data.database import Database
from basis.kit.data.postgres import PostgresDatabase
from basis.kit.data.sqlite import SqliteDatabase


def open_database(url: str) -> Database:
    """A database from its URL: `sqlite:///path/to/file.db` or `postgresql://user@host/name`.

    Raises ValueError for any other kind. It connects when it is started.
    """
    if url.startswith("sqlite:///"):
        return SqliteDatabase(url)
    if url.startswith(("postgresql://", "postgres://", "postgresql+asyncpg://")):
        return PostgresDatabase(url)
    raise ValueError(f"a database URL starts with sqlite:/// or postgresql://, not {url!r}")
