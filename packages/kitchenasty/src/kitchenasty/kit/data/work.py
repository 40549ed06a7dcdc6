"""The unit of work: what a service needs to do one thing once.

A service is given a `UnitOfWork` (it may change things) or a `Look` (it may not). Both come from
the `Books` (books.py).
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from basis.events import Event
from kitchenasty.kit.config import Secret
from kitchenasty.kit.data.database import Connection
from kitchenasty.kit.data.statements import Row, Statement
from kitchenasty.kit.principals import SYSTEM, Principal


@dataclass(slots=True)
class Look:
    """A view of the books at one moment."""

    connection: Connection
    now: datetime
    actor: Principal = SYSTEM
    secret: Secret = field(kw_only=True)
    """The server's own; what is derived from it need not be stored."""
    given: Mapping[str, str] = field(default_factory=dict, kw_only=True)
    """Settings of the environment by name without prefix; they count unless others were saved."""

    async def rows(self, statement: Statement, **parameters: Any) -> list[Row]:
        return await self.connection.rows(statement, **parameters)

    async def row(self, statement: Statement, **parameters: Any) -> Row | None:
        return await self.connection.row(statement, **parameters)

    async def value(self, statement: Statement, **parameters: Any) -> Any:
        return await self.connection.value(statement, **parameters)

    @property
    def session(self) -> AsyncSession:
        return self.connection.session


@dataclass(slots=True)
class UnitOfWork(Look):
    """One change, with everything that belongs to it, in one transaction. Nobody commits it but
    the edge that opened it.
    """

    request_id: str = ""
    address: str | None = None
    events: list[Event] = field(default_factory=list)
    jobs: list[dict[str, Any]] = field(default_factory=list)
    told: list[Any] = field(default_factory=list)
    """Messages for live screens, stored by `kit.live.append`, published after the commit."""

    async def run(self, statement: Statement, **parameters: Any) -> int:
        return await self.connection.run(statement, **parameters)

    async def many(self, statement: Statement, rows: Sequence[Mapping[str, Any]]) -> None:
        await self.connection.many(statement, rows)

    @asynccontextmanager
    async def attempt(self) -> AsyncIterator[None]:
        """A part that may fail and be undone without the rest, with all that it wanted to tell."""
        queues: tuple[list[Any], ...] = (self.events, self.jobs, self.told)
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
