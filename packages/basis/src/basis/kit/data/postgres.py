"""PostgreSQL through asyncpg: for more than one process or machine."""

from __future__ import annotations

import asyncio
import re
import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import Any

import asyncpg
from asyncpg.pool import PoolConnectionProxy
from sqlalchemy import Dialect
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from basis.kit.data.database import Connection, Connections, DatabaseAway, Lent
from basis.kit.data.statements import Compiled

POOL_SIZE = 10
ACQUIRE_SECONDS = 1.5
# With the wait for a connection still below ten seconds, whatever hole swallows the answer.
COMMAND_SECONDS = 6
CACHED_STATEMENTS = 500
TOGETHER_MAX = 12
"""An order of ten lines; each length is a statement of its own to the server."""
STATEMENTS_JOINED_MAX = 256
PARAMETER = re.compile(r"\$(\d+)")

AWAY = (
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.TooManyConnectionsError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    asyncpg.DiskFullError,
    asyncpg.QueryCanceledError,
    ConnectionError,
    OSError,
    TimeoutError,
    asyncio.TimeoutError,
)

_lent: ContextVar[Any] = ContextVar("lent_postgres_connection")


class LentPostgresDialect(Lent, PGDialect_asyncpg):
    """Uses the connection lent to it, whose codecs are already set."""

    driver = "lent"
    supports_statement_cache = True


registry.register("postgresql.lent", __name__, LentPostgresDialect.__name__)


class PostgresConnection(Connection):
    def __init__(self, raw: PoolConnectionProxy[Any], dialect: Any, engine: AsyncEngine) -> None:
        super().__init__(dialect, engine)
        self.raw = raw

    def _lend(self) -> None:
        _lent.set(self.raw)

    async def _fetch(self, compiled: Compiled, arguments: Sequence[Any]) -> Sequence[Any]:
        try:
            rows: Sequence[Any] = await self.raw.fetch(compiled.sql, *arguments)
        except AWAY as error:
            raise away_by(error) from error
        return rows

    async def _execute(self, compiled: Compiled, arguments: Sequence[Any]) -> int:
        try:
            status: str = await self.raw.execute(compiled.sql, *arguments)
        except AWAY as error:
            raise away_by(error) from error
        touched = status.rpartition(" ")[2]
        return int(touched) if touched.isdigit() else 0

    async def _execute_many(self, compiled: Compiled, arguments: list[list[Any]]) -> None:
        with translated():
            if len(arguments) == 1:
                await self.raw.execute(compiled.sql, *arguments[0])
            else:
                await self.raw.executemany(compiled.sql, arguments)

    async def _execute_together(self, writes: Sequence[tuple[Compiled, list[Any]]]) -> None:
        if not 1 < len(writes) <= TOGETHER_MAX:
            await super()._execute_together(writes)
            return
        arguments = [value for _, values in writes for value in values]
        joined = join_statements(tuple((one.sql, len(values)) for one, values in writes))
        await self._execute(Compiled(joined), arguments)


@lru_cache(STATEMENTS_JOINED_MAX)
def join_statements(parts: tuple[tuple[str, int], ...]) -> str:
    """One statement that does what each of them does, with all their parameters one behind the
    other. References are checked when the whole is done.
    """
    texts, first = [], 0
    for sql, count in parts:
        texts.append(shift_parameters(sql, first))
        first += count
    named = ", ".join(f"part_{n} AS ({text})" for n, text in enumerate(texts[:-1]))
    return f"WITH {named} {texts[-1]}"


def shift_parameters(sql: str, by: int) -> str:
    return PARAMETER.sub(lambda found: f"${int(found[1]) + by}", sql)


class translated:  # noqa: N801  # reads as a word of the statement it guards
    """Turns whatever tells that the server is gone into `DatabaseAway`, at the statement itself: a
    dependency that changed an exception on its way out would look like a second one.
    """

    __slots__ = ()

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: object
    ) -> None:
        cause = cause_of(error)
        if isinstance(cause, AWAY):
            raise away_by(cause) from error


def away_by(cause: BaseException) -> DatabaseAway:
    return DatabaseAway(f"{type(cause).__name__}: {cause}")


class PostgresDatabase:
    """A pool of connections; a transaction is READ COMMITTED and takes its locks row by row."""

    def __init__(self, url: str) -> None:
        self.url = url.replace("postgresql+asyncpg://", "postgresql://", 1)
        self.dialect: Dialect = LentPostgresDialect()  # type: ignore[no-untyped-call]
        self._engine = create_entity_engine()
        self._pool: asyncpg.Pool[Any] | None = None
        self._opening = asyncio.Lock()

    async def start(self) -> None:
        """Connect. Raises DatabaseAway if the server does not answer, RuntimeError if it would
        acknowledge what it can forget (`fsync` or `synchronous_commit` off).
        """
        try:
            await self._look_at_server()
        except BaseException:
            await self.stop()
            raise

    async def _look_at_server(self) -> None:
        pool = await self._opened()
        async with acquired(pool) as raw:
            for setting in ("fsync", "synchronous_commit"):
                if await raw.fetchval(f"SHOW {setting}") == "off":
                    raise RuntimeError(f"PostgreSQL would not be durable: {setting} is off")
            _lent.set(raw)  # the engine asks the server's version once, and may wait only here
            async with self._engine.connect():
                pass

    async def stop(self) -> None:
        await self._engine.dispose()
        if self._pool is not None:
            pool, self._pool = self._pool, None
            try:
                await asyncio.wait_for(pool.close(), COMMAND_SECONDS)
            except TimeoutError:
                pool.terminate()

    async def sweep(self) -> None:
        """PostgreSQL overwrites what was deleted by itself (autovacuum)."""

    async def _opened(self) -> asyncpg.Pool[Any]:
        if self._pool is not None:
            return self._pool
        async with self._opening:
            if self._pool is None:
                try:
                    self._pool = await asyncpg.create_pool(
                        self.url,
                        min_size=1,
                        max_size=POOL_SIZE,
                        timeout=ACQUIRE_SECONDS,
                        command_timeout=COMMAND_SECONDS,
                        statement_cache_size=CACHED_STATEMENTS,
                        max_cached_statement_lifetime=0,
                        init=prepare_connection,
                        reset=leave_as_it_is,
                    )
                except (*AWAY, ssl.SSLError) as error:
                    raise DatabaseAway(str(error)) from error
        return self._pool

    def connections(self) -> Connections:
        if self._pool is None:
            return Connections(0, 0)
        return Connections(self._pool.get_size(), self._pool.get_idle_size())

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[Connection]:
        async with acquired(await self._opened()) as raw:
            await raw.execute("BEGIN")
            connection = PostgresConnection(raw, self.dialect, self._engine)
            try:
                yield connection
                await connection.settle()
                await raw.execute("COMMIT")
            except BaseException as error:
                await roll_back(raw, error)
                raise
            finally:
                await connection.release()

    @asynccontextmanager
    async def reading(self, *, snapshot: bool = False) -> AsyncIterator[Connection]:
        """A look; `snapshot=True` when several statements must see the same moment."""
        async with acquired(await self._opened()) as raw:
            if snapshot:
                await raw.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            connection = PostgresConnection(raw, self.dialect, self._engine)
            try:
                yield connection
                if snapshot:
                    await raw.execute("ROLLBACK")
            except BaseException as error:
                await roll_back(raw, error)
                raise
            finally:
                await connection.release()


@asynccontextmanager
async def acquired(pool: asyncpg.Pool[Any]) -> AsyncIterator[PoolConnectionProxy[Any]]:
    """A connection from the pool; whatever tells that the server is gone becomes DatabaseAway."""
    with translated():
        async with pool.acquire(timeout=ACQUIRE_SECONDS) as raw:
            yield raw


def cause_of(error: BaseException | None) -> BaseException | None:
    """What the driver said, also where the entity session or we have wrapped it up."""
    if isinstance(error, DBAPIError):
        return error.orig and error.orig.__cause__
    return error.__cause__ if isinstance(error, DatabaseAway) else error


async def roll_back(raw: PoolConnectionProxy[Any], error: BaseException) -> None:
    """Give the connection back clean. One that did not answer would not answer this either: it is
    thrown away, and the server rolls back by itself.
    """
    if raw.is_closed():
        return
    if isinstance(cause_of(error), AWAY):
        raw.terminate()
    elif raw.is_in_transaction():
        await raw.execute("ROLLBACK")


async def prepare_connection(raw: Any) -> None:
    """Ids are text for us, and 16 bytes for the server."""
    await raw.set_type_codec("uuid", schema="pg_catalog", encoder=str, decoder=str, format="text")


async def leave_as_it_is(_raw: Any) -> None:
    """Between two uses the driver would have the server forget settings, cursors and locks of the
    session, which costs a journey for each request. Ours has none: locks end with a transaction,
    and whoever listens has a connection of their own. A transaction left open is rolled back.
    """


async def _lend_connection(*_: Any, **__: Any) -> Any:
    return _lent.get()


def create_entity_engine() -> AsyncEngine:
    """An engine that never connects by itself: it uses the connection lent to it."""
    return create_async_engine(
        "postgresql+lent://",
        async_creator=_lend_connection,
        poolclass=NullPool,
        isolation_level="AUTOCOMMIT",
    )
