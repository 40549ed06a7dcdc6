"""The unit of work: what a service needs to do one thing once.

A service is given a `UnitOfWork` (it may change things) or a `Look` (it may not). Both come from
the `Books` (books.py).
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

from basis.events import Event
from basis.kit.data.database import Connection, Write
from basis.kit.data.statements import Row, Statement
from basis.kit.secret import Secret

A = TypeVar("A")
"""Who acts; each product has its own idea of that."""


@dataclass(slots=True)
class Look(Generic[A]):
    """A view of the books at one moment."""

    connection: Connection
    now: datetime
    actor: A
    secret: Secret = field(kw_only=True)
    """The server's own; what is derived from it need not be stored."""
    given: Mapping[str, str] = field(default_factory=dict, kw_only=True)
    """Settings of the environment by name without prefix; they count unless others were saved."""

    def rows(self, statement: Statement, **parameters: Any) -> Awaitable[list[Row]]:
        return self.connection.rows(statement, **parameters)

    def row(self, statement: Statement, **parameters: Any) -> Awaitable[Row | None]:
        return self.connection.row(statement, **parameters)

    def value(self, statement: Statement, **parameters: Any) -> Awaitable[Any]:
        return self.connection.value(statement, **parameters)

    @property
    def session(self) -> AsyncSession:
        return self.connection.session


@dataclass(slots=True)
class UnitOfWork(Look[A]):
    """One change, with everything that belongs to it, in one transaction. Nobody commits it but
    the edge that opened it.
    """

    request_id: str = ""
    address: str | None = None
    events: list[Event] = field(default_factory=list)
    jobs: list[dict[str, Any]] = field(default_factory=list)
    told: list[Any] = field(default_factory=list)
    """Messages for live screens, stored by `kit.live.append`, published after the commit."""
    last: list[Write] = field(default_factory=list)
    """What is written just before the commit."""

    def run(self, statement: Statement, **parameters: Any) -> Awaitable[int]:
        return self.connection.run(statement, **parameters)

    def many(self, statement: Statement, rows: Sequence[Mapping[str, Any]]) -> Awaitable[None]:
        return self.connection.many(statement, rows)

    def together(self, writes: Sequence[Write]) -> Awaitable[None]:
        return self.connection.together(writes)

    def write_last(self, statement: Statement, **parameters: Any) -> None:
        """Change something that nobody reads in this unit of work: it goes with the events."""
        self.last.append((statement, parameters))

    @asynccontextmanager
    async def attempt(self) -> AsyncIterator[None]:
        """A part that may fail and be undone without the rest, with all that it wanted to tell."""
        queues: tuple[list[Any], ...] = (self.events, self.jobs, self.told, self.last)
        lengths = [len(queue) for queue in queues]
        try:
            async with self.connection.savepoint():
                yield
        except BaseException:
            for queue, length in zip(queues, lengths, strict=True):
                del queue[length:]
            raise

    def emit(self, event: Event) -> None:
        """Tell the event exactly if this change happens: it is stored in the same transaction."""
        self.events.append(event)

    def enqueue(
        self,
        name: str,
        payload: Mapping[str, Any],
        *,
        run_at: datetime | None = None,
        key: str | None = None,
    ) -> None:
        """Have a job run after this change. A second job with the same `key` is not queued."""
        self.jobs.append(
            {"name": name, "payload": dict(payload), "run_at": run_at or self.now, "key": key}
        )
