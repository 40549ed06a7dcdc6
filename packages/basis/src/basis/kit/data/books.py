"""The books: where units of work and looks come from, and where they are closed.

They know the database, the clock and the bell that wakes the dispatcher. The context that opened a
unit of work stores its events and jobs and commits; nobody else does.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Generic

from basis.clock import Clock
from basis.kit.data.database import Database
from basis.kit.data.jobs import store_jobs
from basis.kit.data.outbox import rows_of_events
from basis.kit.data.work import A, Look, UnitOfWork
from basis.kit.secret import Secret


@dataclass(slots=True)
class Books(Generic[A]):
    """Where units of work and looks come from."""

    database: Database
    clock: Clock
    secret: Secret
    given: Mapping[str, str] = field(default_factory=dict)
    bell: asyncio.Event = field(default_factory=asyncio.Event)
    committed: Counter[str] = field(default_factory=Counter)
    """How many events of each topic this process has committed."""
    tell: Callable[[list[Any]], None] = lambda _: None
    """Publishes what a committed unit of work told; the live announcer puts itself here."""
    system: A = field(kw_only=True)
    """Who acts when nobody is named."""

    @asynccontextmanager
    async def writing(
        self, actor: A | None = None, *, request_id: str = "", address: str | None = None
    ) -> AsyncIterator[UnitOfWork[A]]:
        """One transaction: committed when the block ends, rolled back when it raises."""
        async with self.database.writing() as connection:
            uow = UnitOfWork(
                connection,
                self.clock(),
                self.system if actor is None else actor,
                request_id,
                address,
                secret=self.secret,
                given=self.given,
            )
            yield uow
            await uow.together([*uow.last, *rows_of_events(uow)])
            await store_jobs(uow)
        for event in uow.events:
            self.committed[event.topic] += 1
        if uow.events or uow.jobs:
            self.bell.set()
        if uow.told:
            self.tell(uow.told)

    @asynccontextmanager
    async def reading(
        self, actor: A | None = None, *, snapshot: bool = False
    ) -> AsyncIterator[Look[A]]:
        """A look; `snapshot=True` when several statements must see the same moment."""
        async with self.database.reading(snapshot=snapshot) as connection:
            yield Look(
                connection,
                self.clock(),
                self.system if actor is None else actor,
                secret=self.secret,
                given=self.given,
            )
