"""A window closes: the matcher is asked once, outside of any transaction, and the answer becomes
an award on the rail.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from basis.errors import Unavailable
from swarmhaul import reputation
from swarmhaul.identity import read_key
from swarmhaul.kit.books import Books, Look, UnitOfWork
from swarmhaul.market import windows
from swarmhaul.market.choosing import ChosenLeg, Offered, choose
from swarmhaul.market.events import JobMoved
from swarmhaul.market.queries import (
    CHOOSE_BIDS,
    CLOSE_WINDOW,
    INSERT_LEG,
    list_live_bids,
    load_job,
    load_window,
    move_job,
)
from swarmhaul.market.schemas import BidView, JobView
from swarmhaul.market.service import look_at_window
from swarmhaul.market.states import JobStatus, LegStatus
from swarmhaul.market.venue import Venue
from swarmhaul.settlement import Award, JobKey, Offer, Refused

AWARD = "market.award"
ACCEPT_SECONDS = 600
"""Couriers have this long to accept, and the first leg's clock then has its own duration."""


class BidsMoved(Unavailable):
    """Bids came or went while the matcher thought; the window is looked at again."""

    def __init__(self) -> None:
        super().__init__("The bids have changed meanwhile.", retry_after=1)


async def close_window(books: Books, venue: Venue, job_id: str) -> None:
    """Close the window if it is time, or have it looked at again. Safe to be run at any time."""
    async with books.reading(snapshot=True) as look:
        job = await load_job(look, job_id)
        if job.status is not JobStatus.OPEN:
            return
        seen_at, _ = await load_window(look, job_id)
        offered = await list_offered(look, venue, job_id)
        now = look.now
    second = int(now.timestamp())
    window = job.terms.window
    is_over = windows.is_over(window, second)
    operators = len({bid.agent for bid in offered})
    if not is_over and not windows.is_quiet(
        window, last_change=int(seen_at.timestamp()), operators=operators, now=second
    ):
        return  # whoever moved last had it looked at again, and so had the listing
    # In a thread: it counts for as long as half a second, and others are served meanwhile.
    chosen = await asyncio.to_thread(choose, job.terms, offered, now=second)
    if chosen is None and not is_over:
        return
    async with books.writing() as uow:
        await keep_choice(uow, job, chosen, seen_at=seen_at)


async def list_offered(look: Look, venue: Venue, job_id: str) -> list[Offered]:
    """The live bids."""
    return await offered_of(look, venue, await list_live_bids(look, job_id))


async def offered_of(look: Look, venue: Venue, bids: Sequence[BidView]) -> list[Offered]:
    """With what the market itself saw of their agents: strangers are estimated."""
    agents = sorted({bid.agent for bid in bids})
    scores = await reputation.list_scores(look, venue.key.public, agents)
    return [
        Offered(
            id=bid.id,
            agent=bid.agent,
            terms=bid.terms,
            score=reputation.basis_points(scores[bid.agent]),
        )
        for bid in bids
    ]


async def keep_choice(
    uow: UnitOfWork, job: JobView, chosen: list[ChosenLeg] | None, *, seen_at: datetime
) -> None:
    """Raises BidsMoved if the choice is not about the bids as they are now."""
    status = JobStatus.AWARDING if chosen else JobStatus.UNMATCHED
    accept_by = uow.now + timedelta(seconds=ACCEPT_SECONDS) if chosen else None
    closed = await uow.run(
        CLOSE_WINDOW, job_id=job.id, seen_at=seen_at, new_status=status, new_accept_by=accept_by
    )
    if not closed:
        raise BidsMoved
    uow.emit(JobMoved(job_id=job.id, status=status))
    if not chosen:
        return
    await uow.run(CHOOSE_BIDS, ids=[leg.bid_id for leg in chosen])
    rows = [
        {
            "job_id": job.id,
            "number": number,
            "bid_id": leg.bid_id,
            "agent": leg.agent,
            "pay": leg.pay,
            "duration_seconds": leg.duration,
            "status": LegStatus.OFFERED,
        }
        for number, leg in enumerate(chosen)
    ]
    await uow.many(INSERT_LEG, rows)
    uow.enqueue(AWARD, {"job_id": job.id}, key=f"{AWARD}:{job.id}")


async def award(books: Books, venue: Venue, job_id: str) -> None:
    """Tell the rail who carries. It is the same command however often it is sent, so a job that
    is tried again awards nothing twice; the rail's own word then moves the job on.
    """
    async with books.reading(snapshot=True) as look:
        job = await load_job(look, job_id)
        if job.status is not JobStatus.AWARDING:
            return
        _, accept_by = await load_window(look, job_id)
    assert accept_by is not None
    try:
        await venue.give(
            award_of(job, accept_by),
            occasion=f"award {job.id}",
            expires_at=int(accept_by.timestamp()),
        )
    except Refused as refused:
        async with books.writing() as uow:
            if await move_job(uow, job.id, JobStatus.UNMATCHED, why=refused.code):
                uow.emit(JobMoved(job_id=job.id, status=JobStatus.UNMATCHED, reason=refused.code))


def award_of(job: JobView, accept_by: datetime) -> Award:
    return Award(
        job=rail_key(job),
        accept_by=int(accept_by.timestamp()),
        legs=tuple(
            Offer(courier=read_key(leg.agent), pay=leg.pay, duration=leg.duration_seconds)
            for leg in job.legs
        ),
    )


def rail_key(job: JobView) -> JobKey:
    return JobKey(read_key(job.shipper), bytes.fromhex(job.terms.id))


def look_at_end(uow: UnitOfWork, job: JobView) -> None:
    """However quiet it is: at its end the window closes."""
    look_at_window(uow, job.id, datetime.fromtimestamp(job.terms.window.bids_until, UTC))
