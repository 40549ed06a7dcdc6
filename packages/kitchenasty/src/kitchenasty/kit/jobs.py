"""Work for later: rows claimed by a conditional update, run in a transaction, at least once.

A job that only changes our database happens exactly once, because its row is finished in its own
transaction. A job that calls out must be ready to be called again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import Index, String, bindparam, delete, func, or_, select, text, update
from sqlalchemy.orm import Mapped, mapped_column

from basis.ids import new_id
from kitchenasty.kit.columns import Record
from kitchenasty.kit.statements import Statement, insert_unless_there
from kitchenasty.kit.work import Books, Look, UnitOfWork

logger = structlog.get_logger(__name__)

LEASE_SECONDS = 60
TRIES_MAX = 12
BACKOFF_SECONDS_MAX = 3_600
IDLE_SECONDS = 1.0
KEPT_DAYS = 30


class JobRow(Record):
    """A job: waiting (`done_at` and `dead_at` empty), done, or given up with its last error."""

    __tablename__ = "jobs"
    __table_args__ = (
        Index(
            "ix_jobs_waiting",
            "run_at",
            sqlite_where=text("done_at IS NULL AND dead_at IS NULL"),
            postgresql_where=text("done_at IS NULL AND dead_at IS NULL"),
        ),
    )

    name: Mapped[str] = mapped_column(String(80))
    key: Mapped[str | None] = mapped_column(String(200), unique=True)
    payload: Mapped[dict[str, Any]]
    run_at: Mapped[datetime]
    claimed_until: Mapped[datetime | None]
    tries: Mapped[int]
    done_at: Mapped[datetime | None] = mapped_column(index=True)
    dead_at: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(String(1000))


@dataclass(frozen=True, slots=True)
class Job:
    """A kind of job: its name and what it does with its payload."""

    name: str
    run: Callable[[UnitOfWork, dict[str, Any]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Every:
    """A job that comes by itself, once per `seconds` for all processes together."""

    seconds: int
    job: Job


INSERT = insert_unless_there(JobRow)
DUE = Statement(
    select(JobRow.id, JobRow.name, JobRow.payload, JobRow.tries)
    .where(
        JobRow.done_at.is_(None),
        JobRow.dead_at.is_(None),
        JobRow.run_at <= bindparam("now", required=True),
        or_(JobRow.claimed_until.is_(None), JobRow.claimed_until < bindparam("now", required=True)),
    )
    .order_by(JobRow.run_at)
    .limit(20)
)
CLAIM = Statement(
    update(JobRow)
    .where(
        JobRow.id == bindparam("job_id", required=True),
        JobRow.done_at.is_(None),
        or_(JobRow.claimed_until.is_(None), JobRow.claimed_until < bindparam("now", required=True)),
    )
    .values(claimed_until=bindparam("until", required=True), tries=JobRow.tries + 1)
)
FINISH = Statement(
    update(JobRow)
    .where(JobRow.id == bindparam("job_id", required=True), JobRow.done_at.is_(None))
    .values(done_at=bindparam("now", required=True), claimed_until=None, error=None)
)
POSTPONE = Statement(
    update(JobRow)
    .where(JobRow.id == bindparam("job_id", required=True))
    .values(
        run_at=bindparam("again_at", required=True),
        claimed_until=None,
        dead_at=bindparam("dead", required=True),
        error=bindparam("why", required=True),
    )
)
COUNT_DEAD = Statement(select(func.count()).where(JobRow.dead_at.is_not(None)))
FORGET = Statement(delete(JobRow).where(JobRow.done_at < bindparam("before", required=True)))


async def store_jobs(uow: UnitOfWork) -> None:
    """Write the queued jobs; called by the edge just before it commits."""
    await uow.many(INSERT, [waiting_row(job) for job in uow.jobs])


def waiting_row(job: Mapping[str, Any]) -> dict[str, Any]:
    blank = {"claimed_until": None, "tries": 0, "done_at": None, "dead_at": None, "error": None}
    return {"id": new_id(), **blank, **job}


async def count_dead(look: Look) -> int:
    """Jobs that were given up and wait for a person."""
    return int(await look.value(COUNT_DEAD))


async def forget_old_jobs(uow: UnitOfWork, _payload: dict[str, Any]) -> None:
    await uow.run(FORGET, before=uow.now - timedelta(days=KEPT_DAYS))


class Worker:
    """Runs jobs whose time has come. Any number of processes may have one."""

    def __init__(self, books: Books, jobs: Sequence[Job], regular: Sequence[Every] = ()) -> None:
        self._books = books
        self._jobs = {job.name: job for job in [*jobs, *(every.job for every in regular)]}
        self._regular = tuple(regular)

    async def run_forever(self) -> None:
        while True:
            try:
                await self.queue_regular()
                while await self.run_due():
                    pass
            except Exception:
                logger.exception("worker.failed")
            await asyncio.sleep(IDLE_SECONDS)

    async def queue_regular(self) -> None:
        """Queue what comes by itself; the key names the interval, so it comes once for all."""
        now = self._books.clock()
        due = [
            (every, int(now.timestamp()) // every.seconds)
            for every in self._regular
        ]
        async with self._books.reading() as look:
            missing = [
                (every, slot)
                for every, slot in due
                if await look.value(FIND_KEY, key=f"{every.job.name}:{slot}") is None
            ]
        if missing:
            async with self._books.writing() as uow:
                for every, slot in missing:
                    uow.enqueue(every.job.name, {}, key=f"{every.job.name}:{slot}")

    async def run_due(self) -> int:
        """Run the jobs that are due. Answers how many were run."""
        async with self._books.reading() as look:
            due = await look.rows(DUE, now=look.now)
        return sum([await self._run(*row) for row in due])

    async def _run(self, job_id: str, name: str, payload: dict[str, Any], tries: int) -> int:
        async with self._books.writing() as uow:
            until = uow.now + timedelta(seconds=LEASE_SECONDS)
            if not await uow.run(CLAIM, job_id=job_id, now=uow.now, until=until):
                return 0
        try:
            async with self._books.writing() as uow:
                await self._jobs[name].run(uow, payload)
                await uow.run(FINISH, job_id=job_id, now=uow.now)
        except Exception as error:
            logger.exception("job.failed", job=name, tries=tries + 1)
            async with self._books.writing() as uow:
                wait = min(2 ** (tries + 1), BACKOFF_SECONDS_MAX)
                await uow.run(
                    POSTPONE,
                    job_id=job_id,
                    again_at=uow.now + timedelta(seconds=wait),
                    dead=uow.now if tries + 1 >= TRIES_MAX else None,
                    why=repr(error)[:1000],
                )
        return 1


FIND_KEY = Statement(select(JobRow.id).where(JobRow.key == bindparam("key", required=True)))
