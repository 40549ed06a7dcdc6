"""One way to a database, whichever it is: open it, read, write; the context commits, nobody else.

`writing()` is one transaction; `reading()` is a look. Both give a `Connection` with two ways in:
statements run by the driver itself (hot paths) and an entity session on the same connection and
in the same transaction (cold paths).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any, Protocol

from sqlalchemy import Connection as SyncConnection
from sqlalchemy import Dialect
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession
from sqlalchemy.util import greenlet_spawn

from basis.errors import Unavailable
from basis.kit.data.statements import Compiled, Row, Statement

RETRY_SECONDS = 2
SAVEPOINT = Compiled("SAVEPOINT part")
ROLLBACK_TO_SAVEPOINT = Compiled("ROLLBACK TO SAVEPOINT part")
RELEASE_SAVEPOINT = Compiled("RELEASE SAVEPOINT part")

Write = tuple[Statement, Mapping[str, Any]]
"""A change whose count nobody asks for, with its parameters."""


class DatabaseAway(Unavailable):
    """The database cannot be reached, is full or is busy; trying again later can help."""

    def __init__(self, cause: str) -> None:
        super().__init__(
            "The restaurant's books cannot be reached just now. Please try again in a moment.",
            retry_after=RETRY_SECONDS,
        )
        self.cause = cause


class Connection(ABC):
    """A connection inside one transaction, lent for the length of a context."""

    def __init__(self, dialect: Dialect, engine: AsyncEngine) -> None:
        self._dialect = dialect
        self._engine = engine
        self._session: AsyncSession | None = None
        self._bound: AsyncConnection

    @property
    def dialect(self) -> Dialect:
        return self._dialect

    @abstractmethod
    async def _fetch(self, compiled: Compiled, arguments: Sequence[Any]) -> Sequence[Any]: ...

    @abstractmethod
    async def _execute(self, compiled: Compiled, arguments: Sequence[Any]) -> int: ...

    @abstractmethod
    async def _execute_many(self, compiled: Compiled, arguments: list[list[Any]]) -> None: ...

    @abstractmethod
    def _lend(self) -> None:
        """Say to the entity engine that the next connection it makes is this one."""

    async def rows(self, statement: Statement, **parameters: Any) -> list[Row]:
        """All rows, as tuples of Python values."""
        compiled = statement.compiled(self._dialect)
        return compiled.convert(await self._fetch(compiled, compiled.arguments(parameters)))

    async def row(self, statement: Statement, **parameters: Any) -> Row | None:
        """The first row, or None."""
        found = await self.rows(statement, **parameters)
        return found[0] if found else None

    async def value(self, statement: Statement, **parameters: Any) -> Any:
        """The first column of the first row, or None."""
        found = await self.rows(statement, **parameters)
        return found[0][0] if found else None

    async def run(self, statement: Statement, **parameters: Any) -> int:
        """Change something; answers the number of rows touched."""
        compiled = statement.compiled(self._dialect)
        return await self._execute(compiled, compiled.arguments(parameters))

    async def many(self, statement: Statement, rows: Sequence[Mapping[str, Any]]) -> None:
        """The same statement for each mapping, in one go. An empty list does nothing."""
        if rows:
            compiled = statement.compiled(self._dialect)
            await self._execute_many(compiled, [compiled.arguments(row) for row in rows])

    async def together(self, writes: Sequence[Write]) -> None:
        """Several changes in this order, in one journey where the database can. None of them may
        need to see what another one of them wrote; references to it are fine.
        """
        compiled = [(one.compiled(self._dialect), given) for one, given in writes]
        await self._execute_together([(one, one.arguments(given)) for one, given in compiled])

    async def _execute_together(self, writes: Sequence[tuple[Compiled, list[Any]]]) -> None:
        for compiled, alike in groupby(writes, key=itemgetter(0)):
            await self._execute_many(compiled, [arguments for _, arguments in alike])

    @asynccontextmanager
    async def savepoint(self) -> AsyncIterator[None]:
        """A part of the transaction that may fail and be undone without the rest."""
        await self._flush()
        await self._execute(SAVEPOINT, ())
        try:
            yield
            await self._flush()
        except BaseException:
            await self._execute(ROLLBACK_TO_SAVEPOINT, ())
            if self._session is not None:
                # What it still held back belonged to the part that was undone.
                self._session.expunge_all()
            raise
        await self._execute(RELEASE_SAVEPOINT, ())

    async def _flush(self) -> None:
        if self._session is not None:
            await self._session.flush()

    @property
    def session(self) -> AsyncSession:
        """The entity session of this transaction, made at the first use."""
        if self._session is None:
            self._lend()
            self._bound = AsyncConnection(self._engine, run_now(self._engine.sync_engine.connect))
            self._session = AsyncSession(self._bound, expire_on_commit=False)
        return self._session

    async def settle(self) -> None:
        """Write what the entity session still holds back. The database's own COMMIT comes after."""
        if self._session is not None:
            await self._session.commit()

    async def release(self) -> None:
        """Give the lent connection back; the context that opened it closes the transaction."""
        if self._session is not None:
            await self._session.close()
            await self._bound.close()
            self._session = None


def run_now(make: Callable[[], SyncConnection]) -> SyncConnection:
    """Run what only looks asynchronous: a lent connection is there already, so nothing waits."""
    try:
        greenlet_spawn(make).send(None)
    except StopIteration as finished:
        made: SyncConnection = finished.value
        return made
    raise AssertionError("connecting the entity session had to wait; was the database started?")


@dataclass(frozen=True, slots=True)
class Connections:
    """How many connections are open, and how many of them have nothing to do."""

    opened: int
    idle: int


class Database(Protocol):
    """SQLite or PostgreSQL, opened by `open_database`."""

    url: str

    def connections(self) -> Connections: ...

    @property
    def dialect(self) -> Dialect: ...

    async def start(self) -> None: ...

    async def stop(self) -> None: ...

    def writing(self) -> AbstractAsyncContextManager[Connection]: ...

    def reading(self, *, snapshot: bool = False) -> AbstractAsyncContextManager[Connection]: ...

    async def sweep(self) -> None: ...


class Lent:
    """For dialects: the context owns BEGIN, COMMIT and the connection; the entity engine must
    touch neither.
    """

    def do_begin(self, _connection: Any) -> None: ...

    def do_commit(self, _connection: Any) -> None: ...

    def do_rollback(self, _connection: Any) -> None: ...

    def do_close(self, _connection: Any) -> None: ...

    def do_terminate(self, _connection: Any) -> None: ...

    def on_connect(self) -> None:
        """The lender has prepared the connection."""
