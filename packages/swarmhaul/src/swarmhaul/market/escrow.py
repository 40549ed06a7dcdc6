"""Money that is to be locked, and money that waits with a date on it."""

from __future__ import annotations

import asyncio

import structlog

from swarmhaul.kit.books import Books
from swarmhaul.market.events import JobMoved
from swarmhaul.market.following import follow
from swarmhaul.market.openings import read_opening
from swarmhaul.market.queries import load_job, move_job
from swarmhaul.market.states import JobStatus
from swarmhaul.market.venue import Venue
from swarmhaul.settlement import Refused, way_out

logger = structlog.get_logger(__name__)

IDLE_SECONDS = 1.0
SWEEP_LIVES_SECONDS = 600


async def open_escrow(books: Books, venue: Venue, job_id: str) -> Refused | None:
    """Lock the budget of a job that was listed; the refusal, if the rail would not have it."""
    async with books.reading() as look:
        job = await load_job(look, job_id)
    if job.status is not JobStatus.OPENING:
        return None
    try:
        await venue.submit(*read_opening(job.terms.opening))
    except Refused as refused:
        async with books.writing() as uow:
            if await move_job(uow, job_id, JobStatus.REFUSED, why=refused.code):
                uow.emit(JobMoved(job_id=job_id, status=JobStatus.REFUSED, reason=refused.code))
        return refused
    await catch_up(books, venue)
    return None


async def catch_up(books: Books, venue: Venue) -> None:
    """Read the rail's log to its end."""
    while await follow(books, venue):
        pass


async def follow_forever(books: Books, venue: Venue) -> None:
    """Whenever this process moved the rail, and every second for what others did."""
    while True:
        venue.moved.clear()
        try:
            await catch_up(books, venue)
        except Exception:
            logger.exception("rail.unread")
        try:
            await asyncio.wait_for(venue.moved.wait(), IDLE_SECONDS)
        except TimeoutError:
            continue


async def sweep(books: Books, venue: Venue) -> int:
    """Do what anybody may do about money whose date has come: bring it back, pay it, end the job.
    Answers how often the rail agreed. Nothing here needs the market; it is only the first to come.
    """
    now = int(books.clock().timestamp())
    done = 0
    for job in await venue.ask(venue.rail.list_jobs):
        way = way_out(job)
        if job.coordinator != venue.coordinator or way.after >= now:
            continue
        try:
            await venue.give(
                way.command,
                occasion=f"sweep {way.command} {way.after}",
                expires_at=now + SWEEP_LIVES_SECONDS,
            )
            done += 1
        except Refused as refused:
            logger.warning("rail.sweep_refused", code=refused.code)
    await catch_up(books, venue)
    return done
