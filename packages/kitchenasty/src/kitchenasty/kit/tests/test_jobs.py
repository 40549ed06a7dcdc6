"""A job runs once, however many processes look for it, and is never given up in silence."""

from __future__ import annotations

import asyncio
import contextlib
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from basis.kit.background.worker import LEASE_SECONDS, Worker
from basis.kit.data.jobs import (
    TRIES_MAX,
    Every,
    Job,
    JobRow,
    NotGivenUp,
    count_dead,
    forget_old_jobs,
    list_dead,
    revive,
)
from basis.kit.testing import HandClock
from kitchenasty.kit.books import Books, UnitOfWork


async def queue(books: Books, *names: str, **fields: Any) -> None:
    async with books.writing() as uow:
        for name in names:
            uow.enqueue(name, {}, **fields)


async def jobs_of(books: Books) -> list[JobRow]:
    async with books.reading() as look:
        return list((await look.session.scalars(select(JobRow).order_by(JobRow.id))).all())


async def test_a_job_waits_for_its_time_and_runs_once(books: Books, clock: HandClock) -> None:
    ran: list[str] = []

    async def run(_uow: UnitOfWork, _payload: dict[str, Any]) -> None:
        ran.append("ran")

    workers = [Worker(books, [Job("remind", run)]) for _ in range(4)]
    await queue(books, "remind", run_at=clock() + timedelta(minutes=5))
    assert await workers[0].run_due() == 0
    clock.advance(minutes=5)
    await asyncio.gather(*(worker.run_due() for worker in workers))
    assert ran == ["ran"]
    assert [job.done_at for job in await jobs_of(books)] == [clock()]


async def test_a_key_queues_one_job_for_all_processes(books: Books, clock: HandClock) -> None:
    ran: list[str] = []

    async def run(_uow: UnitOfWork, _payload: dict[str, Any]) -> None:
        ran.append("ran")

    every = Every(3_600, Job("tidy", run))
    workers = [Worker(books, [], [every]) for _ in range(3)]
    await asyncio.gather(*(worker.queue_regular() for worker in workers))
    await asyncio.gather(*(worker.run_due() for worker in workers))
    assert ran == ["ran"]
    clock.advance(hours=1)
    await asyncio.gather(*(worker.queue_regular() for worker in workers))
    assert len(await jobs_of(books)) == 2


async def test_what_a_failed_job_changed_is_undone_and_it_is_tried_later_and_later(
    books: Books, clock: HandClock
) -> None:
    async def fail(uow: UnitOfWork, _payload: dict[str, Any]) -> None:
        uow.enqueue("never", {})
        raise RuntimeError("the printer is off")

    worker = Worker(books, [Job("print", fail)])
    await queue(books, "print")
    waits = []
    for _ in range(TRIES_MAX):
        assert await worker.run_due() == 1
        assert await worker.run_due() == 0
        [job] = await jobs_of(books)
        waits.append(job.run_at - clock())
        clock.now = job.run_at
    assert waits == sorted(waits)
    assert waits[0] < timedelta(minutes=1) < timedelta(minutes=30) < waits[-1]
    clock.advance(days=1)
    assert await worker.run_due() == 0
    [job] = await jobs_of(books)
    assert "the printer is off" in (job.error or "")
    async with books.reading() as look:
        assert await count_dead(look) == 1


async def test_one_failing_job_does_not_hold_up_the_others(books: Books) -> None:
    ran: list[str] = []

    async def run(_uow: UnitOfWork, _payload: dict[str, Any]) -> None:
        ran.append("ran")

    async def fail(_uow: UnitOfWork, _payload: dict[str, Any]) -> None:
        raise RuntimeError("no")

    worker = Worker(books, [Job("good", run), Job("bad", fail)])
    await queue(books, "good", "bad", "nobody knows this one", "good")
    await worker.run_due()
    assert ran == ["ran", "ran"]
    assert sum(job.done_at is None for job in await jobs_of(books)) == 2


async def test_a_job_that_was_put_off_meanwhile_is_left_alone(books: Books) -> None:
    """One process has found two jobs due. While it runs the first, another tries the second."""
    tried = 0

    async def fail(_uow: UnitOfWork, _payload: dict[str, Any]) -> None:
        nonlocal tried
        tried += 1
        raise RuntimeError("no")

    other = Worker(books, [Job("bad", fail)])
    bad = Worker(books, [Job("bad", fail), Job("slow", nothing)])
    await queue(books, "slow", "bad")
    async with books.reading() as look:
        due = await bad.list_due(look)
    await other.run_due()
    for found in due:
        await bad.run(*found)
    assert tried == 1


async def nothing(_uow: UnitOfWork, _payload: dict[str, Any]) -> None:
    """A job with nothing to do."""


async def test_a_job_whose_process_died_is_taken_up_by_another(
    books: Books, clock: HandClock
) -> None:
    started, ran = asyncio.Event(), []

    async def hang(_uow: UnitOfWork, _payload: dict[str, Any]) -> None:
        started.set()
        await asyncio.Event().wait()

    async def run(_uow: UnitOfWork, _payload: dict[str, Any]) -> None:
        ran.append("ran")

    await queue(books, "mail")
    dying = asyncio.create_task(Worker(books, [Job("mail", hang)]).run_due())
    await asyncio.wait_for(started.wait(), 30)
    dying.cancel()
    await asyncio.gather(dying, return_exceptions=True)
    heir = Worker(books, [Job("mail", run)])
    assert await heir.run_due() == 0
    clock.advance(seconds=LEASE_SECONDS + 1)
    assert await heir.run_due() == 1
    assert ran == ["ran"]


async def test_a_job_that_ends_its_process_each_time_is_given_up(
    books: Books, clock: HandClock
) -> None:
    """Nothing is left to say that it failed, so its tries count from before it runs."""
    begun = 0

    async def die(_uow: UnitOfWork, _payload: dict[str, Any]) -> None:
        nonlocal begun
        begun += 1
        raise asyncio.CancelledError

    await queue(books, "eat all memory")
    for _ in range(TRIES_MAX + 3):
        with contextlib.suppress(asyncio.CancelledError):
            await Worker(books, [Job("eat all memory", die)]).run_due()
        clock.advance(seconds=LEASE_SECONDS + 1)
    assert begun == TRIES_MAX
    [job] = await jobs_of(books)
    assert job.dead_at is not None
    assert "never came to an end" in (job.error or "")
    async with books.reading() as look:
        [dead] = await list_dead(look)
    assert (dead.name, dead.tries, dead.error) == ("eat all memory", TRIES_MAX, job.error)


async def test_what_was_given_up_runs_again_when_somebody_says_so(
    books: Books, clock: HandClock
) -> None:
    await queue(books, "mend")
    async with books.writing() as uow:
        await uow.session.execute(update(JobRow).values(tries=TRIES_MAX, dead_at=clock()))
    worker = Worker(books, [Job("mend", nothing)])
    assert await worker.run_due() == 0
    [job] = await jobs_of(books)
    async with books.writing() as uow:
        await revive(uow, job.id)
    assert await worker.run_due() == 1
    async with books.writing() as uow:
        with pytest.raises(NotGivenUp):
            await revive(uow, job.id)


async def test_a_last_try_that_still_runs_is_not_given_up(books: Books, clock: HandClock) -> None:
    async with books.writing() as uow:
        uow.enqueue("slow", {})
    [job] = await jobs_of(books)
    async with books.writing() as uow:
        until = clock() + timedelta(seconds=LEASE_SECONDS)
        await uow.session.execute(
            update(JobRow).values(tries=TRIES_MAX, claimed_until=until, run_at=clock())
        )
    worker = Worker(books, [Job("slow", nothing)])
    assert await worker.run(job.id, "slow", {}, TRIES_MAX) == 0
    [job] = await jobs_of(books)
    assert job.dead_at is None


async def test_done_jobs_are_forgotten_and_dead_ones_are_not(
    books: Books, clock: HandClock
) -> None:
    async def fail(_uow: UnitOfWork, _payload: dict[str, Any]) -> None:
        raise RuntimeError("no")

    worker = Worker(books, [Job("good", nothing), Job("bad", fail)])
    await queue(books, "good", "bad")
    for _ in range(TRIES_MAX):
        await worker.run_due()
        clock.advance(hours=2)
    clock.advance(days=31)
    async with books.writing() as uow:
        await forget_old_jobs(uow, {})
    assert [job.name for job in await jobs_of(books)] == ["bad"]
