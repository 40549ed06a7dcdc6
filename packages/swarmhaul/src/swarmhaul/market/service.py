"""What shippers and agents do on the market: list a job, bid for parts of it, withdraw a bid."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from basis.ids import new_id
from swarmhaul.identity import Signed, digest_of, read_key, spend
from swarmhaul.kit.books import UnitOfWork
from swarmhaul.market import admission, openings
from swarmhaul.market.events import BidPlaced, BidWithdrawn
from swarmhaul.market.queries import (
    COUNT_BIDS,
    HOLD_WINDOW,
    INSERT_BID,
    INSERT_JOB,
    WITHDRAW_BID,
    find_bid,
    load_job,
    read_terms,
)
from swarmhaul.market.refusals import (
    BidBound,
    BidsClosed,
    ListedBefore,
    NoSuchBid,
    OtherBid,
    OwnJob,
)
from swarmhaul.market.schemas import JobView
from swarmhaul.market.states import BidStatus, JobStatus
from swarmhaul.market.terms import ListJob, PlaceBid, WithdrawBid
from swarmhaul.market.venue import Venue
from swarmhaul.settlement import LEG_SECONDS_MAX

OPEN_ESCROW = "market.open_escrow"
CLOSE = "market.close_window"
RETRY_SECONDS = 5
"""The door itself asks the rail at once; the job is for when it could not."""


async def list_job(uow: UnitOfWork, signed: Signed, venue: Venue) -> str:
    """Keep a job whose budget is about to be locked; answers its id. Raises a refusal."""
    terms = read_terms(signed.terms, ListJob)
    openings.check_times(terms, now=int(uow.now.timestamp()))
    opening = openings.check_opening(terms, shipper=signed.signer, coordinator=venue.coordinator)
    await spend(uow, signed)
    job_id = new_id()
    kept = await uow.run(
        INSERT_JOB,
        id=job_id,
        shipper=signed.signer,
        rail_id=terms.id,
        status=JobStatus.OPENING,
        signed_text=signed.text,
        signature=signed.signature,
        listed_at=uow.now,
        bids_until=datetime.fromtimestamp(terms.window.bids_until, UTC),
        award_by=datetime.fromtimestamp(opening.award_by, UTC),
        changed_at=uow.now,
        accept_by=None,
        paid=0,
        refusal=None,
    )
    if not kept:
        raise ListedBefore
    uow.enqueue(OPEN_ESCROW, {"job_id": job_id}, run_at=uow.now + timedelta(seconds=RETRY_SECONDS))
    return job_id


async def place_bid(uow: UnitOfWork, signed: Signed) -> str:
    """Take a bid while the window is open; answers its id. Raises a refusal."""
    terms = read_terms(signed.terms, PlaceBid)
    if not await uow.run(HOLD_WINDOW, job_id=terms.job, now=uow.now):
        await load_job(uow, terms.job)
        raise BidsClosed
    job = await load_job(uow, terms.job)
    check_agent(job, signed.signer)
    admission.check_bid(job.terms, terms, seconds_max=LEG_SECONDS_MAX)
    live, ever = await count_bids(uow, terms.job, signed.signer)
    admission.check_count(live=live, ever=ever)
    await spend(uow, signed)
    bid_id = new_id()
    await uow.run(
        INSERT_BID,
        id=bid_id,
        job_id=terms.job,
        agent=signed.signer,
        status=BidStatus.LIVE,
        signed_text=signed.text,
        signature=signed.signature,
        placed_at=uow.now,
        expires_at=datetime.fromtimestamp(signed.statement.expires_at, UTC),
        withdrawal_text=None,
        withdrawal_signature=None,
    )
    uow.emit(BidPlaced(job_id=terms.job, bid_id=bid_id, agent=signed.signer, cost=terms.cost))
    look_again(uow, job)
    return bid_id


async def withdraw_bid(uow: UnitOfWork, signed: Signed) -> str:
    """Take a bid back while the window is open; answers its id. Raises a refusal."""
    terms = read_terms(signed.terms, WithdrawBid)
    bid = await find_bid(uow, terms.bid)
    if bid is None or bid.agent != signed.signer:
        raise NoSuchBid
    if terms.digest != digest_of(bid.statement):
        raise OtherBid
    if not await uow.run(HOLD_WINDOW, job_id=bid.job_id, now=uow.now):
        raise BidBound
    if not await uow.run(WITHDRAW_BID, bid_id=bid.id, text=signed.text, sealed=signed.signature):
        raise BidBound
    await spend(uow, signed)
    uow.emit(BidWithdrawn(job_id=bid.job_id, bid_id=bid.id, agent=bid.agent))
    look_again(uow, await load_job(uow, bid.job_id))
    return bid.id


def check_agent(job: JobView, agent: str) -> None:
    """Raises OwnJob: the rail would refuse the whole award for it."""
    command = openings.read_opening(job.terms.opening)[0].command
    parties = (command.coordinator, command.arbiter, read_key(job.shipper))  # type: ignore[union-attr]  # checked when it was listed
    if read_key(agent) in parties:
        raise OwnJob


async def count_bids(uow: UnitOfWork, job_id: str, agent: str) -> tuple[int, int]:
    """How many of the agent's bids for the job are live, and how many there ever were."""
    rows = await uow.rows(COUNT_BIDS, job_id=job_id, of_agent=agent)
    live = [1 for status, until in rows if status == BidStatus.LIVE and until > uow.now]
    return len(live), len(rows)


def look_again(uow: UnitOfWork, job: JobView) -> None:
    """See whether the window can close when it has been quiet from now on."""
    quiet_at = uow.now + timedelta(seconds=job.terms.window.quiet_seconds)
    look_at_window(uow, job.id, quiet_at)


def look_at_window(uow: UnitOfWork, job_id: str, at: datetime) -> None:
    """Have the window looked at; once for all who ask for the same second."""
    uow.enqueue(CLOSE, {"job_id": job_id}, run_at=at, key=f"{CLOSE}:{job_id}:{int(at.timestamp())}")
