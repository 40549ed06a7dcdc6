"""Legs that were offered and not accepted, and the bids from among which somebody else is asked."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, exists, select, update

from basis.kit.data.statements import Statement
from swarmhaul.kit.books import Look
from swarmhaul.market.models import BidRow, LegRow, ListedJob
from swarmhaul.market.queries import BID, JOBS_MAX, bid_of
from swarmhaul.market.schemas import BidView
from swarmhaul.market.states import BidStatus, JobStatus, LegStatus

FREE_BID = Statement(
    update(BidRow)
    .where(BidRow.id == bindparam("bid_id", required=True), BidRow.status == BidStatus.CHOSEN)
    .values(status=BidStatus.LIVE)
)
# Also those whose statement has expired: see replacing.py.
LIST_IN_STATUS = Statement(
    BID.where(
        BidRow.job_id == bindparam("job_id", required=True),
        BidRow.status == bindparam("of_status", required=True),
    ).order_by(BidRow.id)
)
SILENT = select(ListedJob.id, ListedJob.accept_by).where(
    ListedJob.status.in_((JobStatus.AWARDED, JobStatus.IN_TRANSIT)),
    ListedJob.accept_by < bindparam("now", required=True),
    exists().where(LegRow.job_id == ListedJob.id, LegRow.status == LegStatus.OFFERED),
)
LIST_SILENT = Statement(SILENT.order_by(ListedJob.accept_by).limit(JOBS_MAX))
FIND_SILENT = Statement(SILENT.where(ListedJob.id == bindparam("job_id", required=True)))
# Whoever moves it on is the one who offers the legs anew; who comes after finds time given.
GIVE_TIME = Statement(
    update(ListedJob)
    .where(
        ListedJob.id == bindparam("job_id", required=True),
        ListedJob.accept_by == bindparam("seen_until", required=True),
        ListedJob.accept_by < bindparam("now", required=True),
    )
    .values(accept_by=bindparam("new_until", required=True))
)


async def list_untaken_bids(look: Look, job_id: str) -> list[BidView]:
    """Those that were neither withdrawn nor offered a leg."""
    rows = await look.rows(LIST_IN_STATUS, job_id=job_id, of_status=BidStatus.LIVE)
    return [bid_of(row) for row in rows]


async def list_chosen_bids(look: Look, job_id: str) -> list[BidView]:
    """Those that were offered a leg, whether or not it was accepted."""
    rows = await look.rows(LIST_IN_STATUS, job_id=job_id, of_status=BidStatus.CHOSEN)
    return [bid_of(row) for row in rows]


async def list_silent(look: Look) -> list[tuple[str, datetime]]:
    """Jobs with a leg that was not accepted in time, and until when it was offered."""
    return [(row[0], row[1]) for row in await look.rows(LIST_SILENT, now=look.now)]


async def is_silent(look: Look, job_id: str) -> bool:
    return await look.row(FIND_SILENT, job_id=job_id, now=look.now) is not None
