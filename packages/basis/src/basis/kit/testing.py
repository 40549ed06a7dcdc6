"""What tests share: a clock that we move, and real databases that are quick to make."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, MetaData

from basis.ids import new_code
from basis.kit.data.schema import Schema
from basis.kit.secret import Secret

POSTGRES_HOMES = Path("/usr/lib/postgresql")
MEMORY = Path("/dev/shm")  # noqa: S108  # folders of our own are made in it
MEMORY_BYTES_MIN = 4_000_000_000
SECRET_KEY = Secret("k3Jf9-2mXq7Wz-Lr5Tn8Vb1Yc6Hd4Gs0Pa")


@dataclass
class HandClock:
    """Stands still until it is told to move. A Friday evening in May."""

    now: datetime = datetime(2030, 5, 17, 16, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **parts: float) -> None:
        self.now += timedelta(**parts)


class NoPostgres(RuntimeError):
    """PostgreSQL's programs are not on this machine."""


@dataclass(frozen=True, slots=True)
class PostgresCluster:
    """A PostgreSQL server of our own in a temporary folder, reached by a unix socket."""

    folder: Path
    programs: Path

    def url(self, database: str) -> str:
        return f"postgresql:///{database}?host={quote(str(self.folder))}&user=postgres"

    def create_database(self, name: str, template: str = "template0") -> None:
        self.psql(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')

    def drop_database(self, name: str) -> None:
        self.psql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def psql(self, statement: str) -> None:
        self.run("psql", "-X", "-q", "-h", str(self.folder), "-U", "postgres", "-c", statement)

    @contextlib.contextmanager
    def copy_of(self, template: str) -> Iterator[str]:
        """The address of a copy, which goes with the block."""
        name = f"{template}_{new_code(10).lower()}"
        self.create_database(name, template)
        yield self.url(name)
        self.drop_database(name)

    def start(self) -> None:
        self.control("start", "-l", str(self.folder / "log"))

    def stop(self, mode: str = "immediate") -> None:
        self.control("stop", "-m", mode)

    def set(self, setting: str, value: str) -> None:
        """Change a setting of the server; it counts from the next start on."""
        self.psql(f"ALTER SYSTEM SET {setting} = {value}")

    @property
    def socket(self) -> Path:
        return self.folder / ".s.PGSQL.5432"

    @property
    def process_id(self) -> int:
        """The postmaster's."""
        return int((self.folder / "data" / "postmaster.pid").read_text().split()[0])

    def control(self, *words: str) -> None:
        self.run("pg_ctl", "-D", str(self.folder / "data"), "-w", *words)

    def run(self, program: str, *words: str) -> None:
        """Run one of PostgreSQL's programs; as root, in the name of its own user."""
        command = [str(self.programs / program), *words]
        if os.geteuid() == 0:
            command = [
                "setpriv",
                "--reuid=postgres",
                "--regid=postgres",
                "--clear-groups",
                *command,
            ]
        done = subprocess.run(  # noqa: S603  # fixed programs, no shell
            command, check=False, capture_output=True, text=True, cwd="/"
        )
        if done.returncode:
            raise RuntimeError(f"{program} {' '.join(words)}: {done.stderr or done.stdout}")


@contextlib.contextmanager
def postgres_cluster(*, durable: bool = True) -> Iterator[PostgresCluster]:
    """A server that ends with the block. One that need not last lies in memory where there is room
    for it, and makes and drops databases many times quicker: each drop waits for a checkpoint.
    `fsync` stays on, as our own check at the start wants it. Raises NoPostgres.
    """
    homes = sorted(POSTGRES_HOMES.glob("*/bin/initdb"))
    if not homes:
        raise NoPostgres("PostgreSQL is not installed; `make test` installs it")
    folder = Path(
        tempfile.mkdtemp(prefix="kitchenasty-pg-", dir=None if durable else roomy_memory())
    )
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    cluster = PostgresCluster(folder, homes[-1].parent)
    try:
        data = str(folder / "data")
        cluster.run("initdb", "-D", data, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N")
        # In a file and not on the command line, so that a second start has them too.
        settings = "\n".join(
            (
                f"unix_socket_directories = '{folder}'",
                "listen_addresses = ''",
                "max_connections = 200",
                "shared_buffers = 64MB",
                "",
            )
        )
        with (folder / "data" / "postgresql.conf").open("a") as configuration:
            configuration.write(settings)
        cluster.start()
        yield cluster
    finally:
        with contextlib.suppress(RuntimeError):
            cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)


def roomy_memory() -> Path | None:
    """A disk that is memory, if this machine has one with room; containers often have 64 MB."""
    if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free >= MEMORY_BYTES_MIN:
        return MEMORY
    return None


def differences_from(metadata: list[MetaData]) -> Callable[[Connection], list[object]]:
    """What the tables of a database have more or less than the models say."""

    def differences(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        found: list[object] = compare_metadata(context, metadata)  # type: ignore[arg-type]  # Alembic's own type is too narrow: several are allowed
        return found

    return differences


def make_empty_file(schema: Schema, path: Path) -> Path:
    """A database of SQLite as a product ships it and nothing in it, whole in its one file."""
    asyncio.run(schema.migrate(f"sqlite:///{path}"))
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
    return path


def copy_of_file(empty: Path, folder: Path) -> str:
    """The address of a copy in this folder."""
    path = folder / "books.db"
    path.write_bytes(empty.read_bytes())
    return f"sqlite:///{path}"
