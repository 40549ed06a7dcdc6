"""Runs the jobs whose time has come. Any number of processes may have a worker."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import structlog

from kitchenasty.kit.data.books import Books
from kitchenasty.kit.data.database import DatabaseAway
from kitchenasty.kit.data.jobs import CLAIM, DUE, FIND_KEY, FINISH, POSTPONE, Every, Job
from kitchenasty.kit.data.statements import Row
from kitchenasty.kit.data.work import Look

logger = structlog.get_logger(__name__)

LEASE_SECONDS = 60
TRIES_MAX = 12
BACKOFF_SECONDS_MAX = 3_600
IDLE_SECONDS = 1.0


class Worker:
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

    async def list_due(self, look: Look) -> list[Row]:
        """The jobs whose time has come: id, name, payload and tries so far."""
        return await look.rows(DUE, now=look.now)

    async def run(self, job_id: str, name: str, payload: dict[str, Any], tries: int) -> int:
        """Run a job that was due a moment ago, unless another process has it; 1 if it was run."""
        async with self._books.writing() as uow:
            until = uow.now + timedelta(seconds=LEASE_SECONDS)
            if not await uow.run(CLAIM, job_id=job_id, now=uow.now, until=until):
                return 0
        try:
            async with self._books.writing() as uow:
                await self._jobs[name].run(uow, payload)
                await uow.run(FINISH, job_id=job_id, now=uow.now)
        except DatabaseAway:
            raise  # not the job's fault: its lease runs out, and it is tried again
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
