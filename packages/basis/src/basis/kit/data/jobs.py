"""Work for later: rows claimed by a conditional update, run in a transaction, at least once.

A job that only changes our database happens exactly once, because its row is finished in its own
transaction. A job that calls out must be ready to be called again.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Index, String, bindparam, delete, func, or_, select, text, update
from sqlalchemy.orm import Mapped, mapped_column

from basis.errors import Conflict
from basis.ids import new_id
from basis.kit.data.columns import Record
from basis.kit.data.statements import Statement, insert_unless_there
from basis.kit.data.work import Look, UnitOfWork

KEPT_DAYS = 30
TRIES_MAX = 12
"""After so many tries a job waits for a person; one that is begun counts, however it ends."""
DEAD_SHOWN_MAX = 5


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
    run: Callable[[UnitOfWork[Any], dict[str, Any]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Every:
    """A job that comes by itself, once per `seconds` for all processes together."""

    seconds: int
    job: Job


@dataclass(frozen=True, slots=True)
class DeadJob:
    """A job that was given up, with what it said last."""

    id: str
    name: str
    tries: int
    error: str
    dead_at: datetime


class NotGivenUp(Conflict):
    """Only what was given up can be revived."""


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
        JobRow.dead_at.is_(None),
        # Another process may have tried it since it was found due, and put it off.
        JobRow.run_at <= bindparam("now", required=True),
        or_(JobRow.claimed_until.is_(None), JobRow.claimed_until < bindparam("now", required=True)),
    )
    .values(claimed_until=bindparam("until", required=True), tries=JobRow.tries + 1)
)
FINISH = Statement(
    update(JobRow)
    .where(JobRow.id == bindparam("job_id", required=True), JobRow.done_at.is_(None))
    .values(done_at=bindparam("now", required=True), claimed_until=None, dead_at=None, error=None)
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
# Whoever runs it for the last time still has it while the lease lasts.
GIVE_UP = Statement(
    update(JobRow)
    .where(
        JobRow.id == bindparam("job_id", required=True),
        JobRow.done_at.is_(None),
        JobRow.dead_at.is_(None),
        JobRow.claimed_until < bindparam("now", required=True),
    )
    .values(
        claimed_until=None,
        dead_at=bindparam("now", required=True),
        error=bindparam("why", required=True),
    )
)
COUNT_DUE = Statement(
    select(func.count()).where(
        JobRow.done_at.is_(None),
        JobRow.dead_at.is_(None),
        JobRow.run_at <= bindparam("now", required=True),
    )
)
COUNT_DEAD = Statement(select(func.count()).where(JobRow.dead_at.is_not(None)))
LIST_DEAD = Statement(
    select(JobRow.id, JobRow.name, JobRow.tries, JobRow.error, JobRow.dead_at)
    .where(JobRow.dead_at.is_not(None))
    .order_by(JobRow.dead_at.desc())
    .limit(bindparam("most", required=True))
)
# Its tries begin anew, or the first failure would end it again.
REVIVE = Statement(
    update(JobRow)
    .where(JobRow.id == bindparam("job_id", required=True), JobRow.dead_at.is_not(None))
    .values(run_at=bindparam("now", required=True), dead_at=None, claimed_until=None, tries=0)
)
FIND_KEY = Statement(select(JobRow.id).where(JobRow.key == bindparam("key", required=True)))
FORGET = Statement(delete(JobRow).where(JobRow.done_at < bindparam("before", required=True)))


async def store_jobs(uow: UnitOfWork[Any]) -> None:
    """Write the queued jobs; called by the edge just before it commits."""
    await uow.many(INSERT, [waiting_row(job) for job in uow.jobs])


def waiting_row(job: Mapping[str, Any]) -> dict[str, Any]:
    blank = {"claimed_until": None, "tries": 0, "done_at": None, "dead_at": None, "error": None}
    return {"id": new_id(), **blank, **job}


async def count_due(look: Look[Any]) -> int:
    """Jobs that could run now."""
    return int(await look.value(COUNT_DUE, now=look.now))


async def count_dead(look: Look[Any]) -> int:
    """Jobs that were given up and wait for a person."""
    return int(await look.value(COUNT_DEAD))


async def list_dead(look: Look[Any], *, most: int = DEAD_SHOWN_MAX) -> list[DeadJob]:
    """The newest of those that were given up."""
    return [
        DeadJob(job_id, name, tries, error or "", dead_at)
        for job_id, name, tries, error, dead_at in await look.rows(LIST_DEAD, most=most)
    ]


async def revive(uow: UnitOfWork[Any], job_id: str) -> None:
    """Let a job that was given up run again, at once. Raises NotGivenUp."""
    if not await uow.run(REVIVE, job_id=job_id, now=uow.now):
        raise NotGivenUp(f"No job {job_id} was given up: it waits, is done, or was never there.")


async def forget_old_jobs(uow: UnitOfWork[Any], _payload: dict[str, Any]) -> None:
    await uow.run(FORGET, before=uow.now - timedelta(days=KEPT_DAYS))
