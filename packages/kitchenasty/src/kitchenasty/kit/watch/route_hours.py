"""How often each route was asked in each hour, how it answered and how quick: counted in memory,
added to the books once a minute in one transaction, kept for eight days.

No request writes for it. Every process adds to the same rows, so they are right with many.
"""

from __future__ import annotations

import asyncio
import contextlib
from bisect import bisect_left
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import structlog
from litestar import Litestar
from sqlalchemy import BigInteger, Column, Integer, String, Table, bindparam, delete, select, update

from basis.errors import Unavailable
from basis.kit.data.columns import UtcDateTime
from basis.kit.data.statements import InsertUnlessThere, Statement
from kitchenasty.kit.books import Books, Look, UnitOfWork
from kitchenasty.kit.tables import Model

logger = structlog.get_logger(__name__)

BOUNDS_MS = (2, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 10_000)
"""An answer is counted in the first of these that it kept; one more holds what is slower."""
BUCKETS = (*(f"within_{bound}_ms" for bound in BOUNDS_MS), "slower")
SUMS = ("answers", "refused", "failed", "microseconds", *BUCKETS)
KEPT_HOURS = 8 * 24
FLUSH_SECONDS = 60
HOURS_IN_MEMORY_MAX = 24
KEYS_MAX = 5_000
REFUSED_FROM, FAILED_FROM = 400, 500

TABLE = Table(
    "route_hours",
    Model.metadata,
    Column("hour", UtcDateTime(), primary_key=True),
    Column("method", String(8), primary_key=True),
    Column("route", String(200), primary_key=True),
    *(Column(name, BigInteger() if name == "microseconds" else Integer(), nullable=False)
      for name in SUMS),
)  # fmt: skip
ADD = Statement(
    update(TABLE)
    .where(
        TABLE.c.hour == bindparam("of_hour", required=True),
        TABLE.c.method == bindparam("of_method", required=True),
        TABLE.c.route == bindparam("of_route", required=True),
    )
    .values({name: TABLE.c[name] + bindparam(f"more_{name}", required=True) for name in SUMS})
)
BEGIN = Statement(
    InsertUnlessThere(TABLE).values({one.name: bindparam(one.name) for one in TABLE.columns})
)
FORGET = Statement(delete(TABLE).where(TABLE.c.hour < bindparam("oldest", required=True)))
SINCE = Statement(
    select(TABLE).where(TABLE.c.hour >= bindparam("since", required=True)).order_by(TABLE.c.hour)
)

Key = tuple[datetime, str, str]
"""The hour in UTC, the method, the template of the route."""


@dataclass(slots=True)
class Sums:
    """What one route did in some time."""

    answers: int = 0
    refused: int = 0
    failed: int = 0
    microseconds: int = 0
    buckets: list[int] = field(default_factory=lambda: [0] * len(BUCKETS))

    def count(self, status: int, seconds: float) -> None:
        self.answers += 1
        self.refused += REFUSED_FROM <= status < FAILED_FROM
        self.failed += status >= FAILED_FROM
        self.microseconds += round(seconds * 1_000_000)
        self.buckets[bisect_left(BOUNDS_MS, seconds * 1_000)] += 1

    def add(self, other: Sums) -> None:
        self.answers += other.answers
        self.refused += other.refused
        self.failed += other.failed
        self.microseconds += other.microseconds
        self.buckets = [a + b for a, b in zip(self.buckets, other.buckets, strict=True)]

    @property
    def errors(self) -> int:
        return self.refused + self.failed

    @property
    def mean_ms(self) -> float:
        return round(self.microseconds / 1_000 / self.answers, 1) if self.answers else 0.0

    @property
    def p95_ms(self) -> float:
        return percentile_ms(self.buckets, 95)

    def to_row(self) -> dict[str, int]:
        plain = (self.answers, self.refused, self.failed, self.microseconds, *self.buckets)
        return dict(zip(SUMS, plain, strict=True))


def percentile_ms(buckets: Iterable[int], percent: int) -> float:
    """Where `percent` of the answers had come, as if they lay evenly within each bucket. What is
    slower than the last bound is told as that bound.
    """
    counts = list(buckets)
    rank = sum(counts) * percent / 100
    seen = 0
    for count, (low, high) in zip(counts, pairwise((0, *BOUNDS_MS)), strict=False):
        if count and seen + count >= rank:
            return round(low + (high - low) * (rank - seen) / count, 1)
        seen += count
    return BOUNDS_MS[-1] if seen < sum(counts) else 0.0


class Tally:
    """One process's counts since they were last added to the books."""

    def __init__(self) -> None:
        self._waiting: dict[Key, Sums] = {}

    def count(self, key: Key, status: int, seconds: float) -> None:
        sums = self._waiting.get(key)
        if sums is None:
            if len(self._waiting) >= KEYS_MAX:
                return  # nobody has taken them for long: the books are away
            sums = self._waiting[key] = Sums()
        sums.count(status, seconds)

    async def flush(self, books: Books) -> int:
        """Add what was counted to the books; answers how many rows. Kept for later if they are
        away, but not for longer than a day.
        """
        taken, self._waiting = self._waiting, {}
        if not taken:
            return 0
        try:
            async with books.writing() as uow:
                for key, sums in sorted(taken.items()):
                    await add_to_books(uow, key, sums)
        except Unavailable:
            oldest = books.clock() - timedelta(hours=HOURS_IN_MEMORY_MAX)
            for key, sums in taken.items():
                if key[0] >= oldest:
                    self._waiting.setdefault(key, Sums()).add(sums)
            return 0
        return len(taken)


async def add_to_books(uow: UnitOfWork, key: Key, sums: Sums) -> None:
    """Whoever comes first begins the row, all others add to it, also when two come at once."""
    hour, method, route = key
    row = sums.to_row()
    more = {f"more_{name}": value for name, value in row.items()}
    where = {"of_hour": hour, "of_method": method, "of_route": route}
    if await uow.run(ADD, **where, **more):
        return
    if await uow.run(BEGIN, hour=hour, method=method, route=route, **row):
        return
    await uow.run(ADD, **where, **more)


async def list_since(look: Look, since: datetime) -> list[tuple[Key, Sums]]:
    """Every route's hours from the one of `since` on, the oldest first."""
    names = [column.name for column in TABLE.columns]
    found = await look.rows(SINCE, since=hour_of(since))
    return [read_row(dict(zip(names, row, strict=True))) for row in found]


def read_row(row: Mapping[str, Any]) -> tuple[Key, Sums]:
    sums = Sums(
        answers=row["answers"],
        refused=row["refused"],
        failed=row["failed"],
        microseconds=row["microseconds"],
        buckets=[row[name] for name in BUCKETS],
    )
    return (row["hour"], row["method"], row["route"]), sums


async def forget_old_hours(uow: UnitOfWork, _payload: dict[str, Any]) -> None:
    """A daily job."""
    await uow.run(FORGET, oldest=hour_of(uow.now - timedelta(hours=KEPT_HOURS)))


def hour_of(instant: datetime) -> datetime:
    return instant.replace(minute=0, second=0, microsecond=0)


@contextlib.asynccontextmanager
async def flushing(app: Litestar) -> AsyncIterator[None]:
    """Add this process's counts to the books every minute while it serves, and once at its end."""
    task = asyncio.create_task(flush_forever(app), name="route hours")
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await app.state.metrics.tally.flush(app.state.books)


async def flush_forever(app: Litestar) -> None:
    while True:
        await asyncio.sleep(FLUSH_SECONDS)
        try:
            await app.state.metrics.tally.flush(app.state.books)
        except Exception:
            # Figures are not worth a process; the counts of this minute are lost.
            logger.exception("route hours could not be written")
