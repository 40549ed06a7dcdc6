"""The embedded database: one file, one writer at a time, every commit on the disk.

The standard library's driver is called on the event loop itself: our statements take
10-300 microseconds, less than a hop to a thread. Only COMMIT, which waits for the disk, runs in a
thread. WAL with `synchronous=FULL` is asserted at start: with NORMAL a power cut loses
acknowledged orders (docs/adr/0001).
"""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, closing
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from sqlalchemy import Dialect
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from basis.kit.data.database import Connection, Connections, DatabaseAway, Lent
from basis.kit.data.statements import Compiled

READERS = 8
UNITS_MAX = 16
GROUP_SECONDS_MAX = 0.005
BUSY_MILLISECONDS = 5_000
LOG_IN_USE = "the log is being read"
CACHE_KIBIBYTES = 2_000
"""For each connection. Larger ones, or the file mapped into memory, made no request cheaper: the
system keeps the pages anyway, and does so once for all connections.
"""
AWAY = (
    "disk is full",
    "database is locked",
    "disk I/O error",
    "unable to open",
    "readonly database",
)

_lent: ContextVar[sqlite3.Connection] = ContextVar("lent_sqlite_connection")


class InlineSqliteDialect(Lent, SQLiteDialect_pysqlite):  # type: ignore[misc]  # we narrow its hooks
    """The standard driver, called in place where an async driver would be awaited."""

    driver = "inline"
    is_async = True
    supports_statement_cache = True
    # Otherwise a Boolean expression is written `(...) = 1` and the index is lost.
    supports_native_boolean = True


registry.register("sqlite.inline", __name__, InlineSqliteDialect.__name__)


class OpenCursor(sqlite3.Cursor):
    """A cursor as the entity session knows it from async drivers."""

    server_side = False

    async def _async_soft_close(self) -> None:
        """All rows are in memory: there is nothing on the other side to close."""


class OpenConnection(sqlite3.Connection):
    def cursor(self, factory: Any = OpenCursor) -> Any:
        return super().cursor(factory)


class SqliteConnection(Connection):
    """Statements run at once; nothing here ever waits, so nothing comes between two of them."""

    def __init__(self, raw: sqlite3.Connection, dialect: Any, engine: AsyncEngine) -> None:
        super().__init__(dialect, engine)
        self._raw = raw

    def _lend(self) -> None:
        _lent.set(self._raw)

    async def _fetch(self, compiled: Compiled, arguments: Sequence[Any]) -> Sequence[Any]:
        try:
            return self._raw.execute(compiled.sql, arguments).fetchall()
        except sqlite3.OperationalError as error:
            check_there(error)
            raise

    async def _execute(self, compiled: Compiled, arguments: Sequence[Any]) -> int:
        try:
            return self._raw.execute(compiled.sql, arguments).rowcount
        except sqlite3.OperationalError as error:
            check_there(error)
            raise

    async def _execute_many(self, compiled: Compiled, arguments: list[list[Any]]) -> None:
        with translated():
            self._raw.executemany(compiled.sql, arguments)


class translated:  # noqa: N801  # reads as a word of the statement it guards
    """Turns the driver's "cannot now" into `DatabaseAway`; a class, since it is on every unit."""

    __slots__ = ()

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: object
    ) -> None:
        if error is not None:
            check_there(error)


def check_there(error: BaseException) -> None:
    """Raises DatabaseAway when this is what the driver meant."""
    # The entity session wraps up what the driver said.
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, sqlite3.OperationalError) and any(s in str(cause) for s in AWAY):
        raise DatabaseAway(str(cause)) from error


class SqliteDatabase:
    """A file. `writing()` queues behind one lock; `reading()` sees a snapshot and never waits.

    Units of work that queue are committed together (docs/adr/0007): each is a savepoint of one
    transaction, and all of them wait for the disk once.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.path = url.removeprefix("sqlite:///")
        self.dialect: Dialect = InlineSqliteDialect(paramstyle="qmark")
        self._engine = create_entity_engine()
        self._writing = asyncio.Lock()
        self._queued = 0
        self._group: Group | None = None
        self._readers: list[sqlite3.Connection] = []
        self._free = asyncio.Semaphore(READERS)
        self._committer = ThreadPoolExecutor(max_workers=1, thread_name_prefix="commit")

    async def start(self) -> None:
        """Open the file, making it if need be.

        Raises DatabaseAway if it cannot be opened, RuntimeError if it would not be durable.
        """
        Path(self.path).parent.mkdir(parents=True, exist_ok=True)
        with translated():
            self._writer = connect(self.path)
            self._readers = [connect(self.path) for _ in range(READERS)]
        check_durable(self._writer)

    async def stop(self) -> None:
        async with self._writing:
            for reader in self._readers:
                reader.close()
            self._readers.clear()
            self._writer.close()
        self._committer.shutdown()
        await self._engine.dispose()

    def connections(self) -> Connections:
        """The writer's and the readers'."""
        return Connections(1 + READERS, (not self._writing.locked()) + len(self._readers))

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[Connection]:
        self._queued += 1
        try:
            await self._writing.acquire()
        finally:
            self._queued -= 1
        try:
            group = self._group = self._group or await self._begin()
            try:
                async with self._unit(group) as connection:
                    yield connection
            finally:
                if not self._queued or group.is_full:
                    self._group = None
                    await self._end(group)
        finally:
            self._writing.release()
        await group.ended()

    @asynccontextmanager
    async def _unit(self, group: Group) -> AsyncIterator[Connection]:
        """One unit of work within the group: what it raises takes back its own part only."""
        raw = self._writer
        connection = SqliteConnection(raw, self.dialect, self._engine)
        raw.execute("SAVEPOINT unit")
        try:
            with translated():
                yield connection
                await connection.settle()
                raw.execute("RELEASE unit")
            group.units += 1
        except BaseException as error:
            take_back(raw, group, error)
            raise
        finally:
            await connection.release()

    @asynccontextmanager
    async def reading(self, *, snapshot: bool = False) -> AsyncIterator[Connection]:
        """A look at one moment. On SQLite every look is a snapshot."""
        async with self._free:
            raw = self._readers.pop()
            connection = SqliteConnection(raw, self.dialect, self._engine)
            try:
                with translated():
                    raw.execute("BEGIN")
                    yield connection
            finally:
                await connection.release()
                if raw.in_transaction:
                    raw.execute("ROLLBACK")
                self._readers.append(raw)

    async def sweep(self) -> None:
        """Empty the log next to the file, in which what was deleted can still be read.

        Raises DatabaseAway while somebody reads from it for long.
        """
        with translated():
            is_busy = await asyncio.to_thread(empty_log, self.path)
        if is_busy:
            raise DatabaseAway(LOG_IN_USE)

    async def _begin(self) -> Group:
        """Take the file's write lock. Another process may hold it, and then we wait in a thread."""
        raw = self._writer
        try:
            raw.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error):
                raise DatabaseAway(str(error)) from error
            with translated():
                await self._in_thread(
                    raw, f"PRAGMA busy_timeout={BUSY_MILLISECONDS}", "BEGIN IMMEDIATE"
                )
            raw.execute("PRAGMA busy_timeout=0")
        return Group()

    async def _end(self, group: Group) -> None:
        """Commit the group, or tell every unit of it that it is lost."""
        raw = self._writer
        try:
            if group.error is None and group.units:
                with translated():
                    await self._in_thread(raw, "COMMIT")
        except Exception as error:  # noqa: BLE001  # each unit of the group raises it
            group.error = error
        finally:
            try:
                if raw.in_transaction:
                    raw.execute("ROLLBACK")
            finally:
                group.end()  # whatever the disk says: nobody may wait for ever

    async def _in_thread(self, raw: sqlite3.Connection, *statements: str) -> None:
        """Run in the committing thread and stay until it is done, even when we are cancelled:
        the lock must not pass on while the thread still uses the connection.
        """

        def execute() -> None:
            for statement in statements:
                raw.execute(statement)

        work = asyncio.get_running_loop().run_in_executor(self._committer, execute)
        try:
            await asyncio.shield(work)
        except asyncio.CancelledError:
            await asyncio.wait({work})
            work.result()  # what went wrong in the thread counts more than our being cancelled
            raise


class Group:
    """Units of work on their way to one commit."""

    __slots__ = ("_begun", "_ended", "error", "units")

    def __init__(self) -> None:
        self.units = 0
        self.error: Exception | None = None
        self._begun = time.monotonic()
        self._ended = asyncio.Event()

    @property
    def is_full(self) -> bool:
        """Those who are done must not wait long for those who come."""
        late = time.monotonic() - self._begun > GROUP_SECONDS_MAX
        return late or self.units >= UNITS_MAX or self.error is not None

    def end(self) -> None:
        self._ended.set()

    async def ended(self) -> None:
        """Wait until the group is on the disk. Raises what kept it from there."""
        await self._ended.wait()
        if self.error is not None:
            raise self.error


def take_back(raw: sqlite3.Connection, group: Group, error: BaseException) -> None:
    """Undo one unit. SQLite ends the whole transaction by itself when the disk is full, and then
    the others of the group are lost with it.
    """
    if raw.in_transaction:
        raw.execute("ROLLBACK TO unit")
        raw.execute("RELEASE unit")
    else:
        group.error = DatabaseAway(str(error))


def empty_log(path: str) -> bool:
    """Whether somebody was in the way. On a connection of its own: it waits for the others."""
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        raw.execute(f"PRAGMA busy_timeout={BUSY_MILLISECONDS}")
        return bool(raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0])


def create_entity_engine() -> AsyncEngine:
    """An engine that never connects by itself: it uses the connection lent to it."""
    return create_async_engine("sqlite+inline://", creator=_lent.get, poolclass=NullPool)


def connect(path: str) -> sqlite3.Connection:
    raw = sqlite3.connect(
        path,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=512,
        factory=OpenConnection,
    )
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        # What is deleted or written over is gone from the file, not only from its tables.
        "secure_delete=ON",
        "busy_timeout=0",
        f"cache_size=-{CACHE_KIBIBYTES}",
        "temp_store=MEMORY",
    ):
        raw.execute(f"PRAGMA {pragma}")
    # SQLite's own knows the letters of English alone: nobody would find Özil by `özil`.
    raw.create_function("lower", 1, lower, deterministic=True)
    return raw


def lower(text: str | None) -> str | None:
    return None if text is None else text.lower()


def check_durable(raw: sqlite3.Connection) -> None:
    """Refuse to run on a file that may forget what was acknowledged."""
    journal = raw.execute("PRAGMA journal_mode").fetchone()[0]
    synchronous = raw.execute("PRAGMA synchronous").fetchone()[0]
    foreign_keys = raw.execute("PRAGMA foreign_keys").fetchone()[0]
    full = 2
    if journal not in ("wal", "memory") or synchronous < full or not foreign_keys:
        raise RuntimeError(
            f"SQLite would not be durable: journal_mode={journal}, synchronous={synchronous}, "
            f"foreign_keys={foreign_keys}"
        )
