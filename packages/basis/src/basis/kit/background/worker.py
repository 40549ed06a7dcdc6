"""Runs the jobs whose time has come. Any number of processes may have a worker."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog

from basis.kit.data.books import Books
from basis.kit.data.database import DatabaseAway
from basis.kit.data.jobs import (
    CLAIM,
    DUE,
    FIND_KEY,
    FINISH,
    GIVE_UP,
    POSTPONE,
    TRIES_MAX,
    Every,
    Job,
)
from basis.kit.data.statements import Row
from basis.kit.data.work import Look

logger = structlog.get_logger(__name__)

LEASE_SECONDS = 60
"""An errand must have come to an end by then, or another process begins it too."""
BACKOFF_SECONDS_MAX = 3_600
IDLE_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Errand:
    """A job that calls out. It opens its own transactions, so that none is open while others think.
    What it does is done at least once: it must not mind being done twice.
    """

    name: str
    run: Callable[[Books[Any], dict[str, Any]], Awaitable[None]]


Task = Job | Errand


class Worker:
    def __init__(
        self, books: Books[Any], jobs: Sequence[Job | Errand], regular: Sequence[Every] = ()
    ) -> None:
        self._books = books
        self._jobs: dict[str, Job | Errand] = {
            job.name: job for job in [*jobs, *(every.job for every in regular)]
        }
        self._regular = tuple(regular)

    async def run_forever(self) -> None:
        while True:
            try:
                await self.queue_regular()
                while await self.run_due():
                    pass
            except DatabaseAway as away:
                logger.warning("worker.waits", cause=away.cause)
            except Exception:
                logger.exception("worker.failed")
            await asyncio.sleep(IDLE_SECONDS)

    async def queue_regular(self) -> None:
        """Queue what comes by itself; the key names the interval, so it comes once for all."""
        now = self._books.clock()
        due = [(every, int(now.timestamp()) // every.seconds) for every in self._regular]
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
            due = await self.list_due(look)
        return sum([await self.run(*row) for row in due])

    async def list_due(self, look: Look[Any]) -> list[Row]:
        """The jobs whose time has come: id, name, payload and tries so far."""
        return await look.rows(DUE, now=look.now)

    async def run(self, job_id: str, name: str, payload: dict[str, Any], tries: int) -> int:
        """Run a job that was due a moment ago, unless another process has it; 1 if it was run.

        A try counts from before it runs: what ends the whole process cannot be counted afterwards.
        """
        if tries >= TRIES_MAX:
            await self._give_up(job_id, name, tries)
            return 0
        async with self._books.writing() as uow:
            until = uow.now + timedelta(seconds=LEASE_SECONDS)
            if not await uow.run(CLAIM, job_id=job_id, now=uow.now, until=until):
                return 0
        try:
            await self._carry_out(job_id, self._jobs[name], payload)
        except DatabaseAway:
            raise  # not the job's fault: its lease runs out, and it is tried again
        except Exception as error:
            logger.exception("job.failed", job=name, tries=tries + 1)
            await self._postpone(job_id, tries + 1, error)
        return 1

    async def _carry_out(self, job_id: str, job: Job | Errand, payload: dict[str, Any]) -> None:
        if isinstance(job, Errand):
            await job.run(self._books, payload)
        async with self._books.writing() as uow:
            if isinstance(job, Job):
                await job.run(uow, payload)
            await uow.run(FINISH, job_id=job_id, now=uow.now)

    async def _postpone(self, job_id: str, tries: int, error: Exception) -> None:
        async with self._books.writing() as uow:
            await uow.run(
                POSTPONE,
                job_id=job_id,
                again_at=uow.now + timedelta(seconds=min(2**tries, BACKOFF_SECONDS_MAX)),
                dead=uow.now if tries >= TRIES_MAX else None,
                why=repr(error)[:1000],
            )

    async def _give_up(self, job_id: str, name: str, tries: int) -> None:
        why = f"begun {tries} times and never came to an end: does it end the whole process?"
        async with self._books.writing() as uow:
            if await uow.run(GIVE_UP, job_id=job_id, now=uow.now, why=why):
                logger.error("job.given_up", job=name, tries=tries)
