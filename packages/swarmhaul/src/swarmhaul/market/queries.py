"""Statements about jobs, bids and legs, and what they give."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeVar

import msgspec
from sqlalchemy import bindparam, func, select, update

from basis.kit.data.statements import Row, Statement, insert_into, insert_unless_there, one_of
from swarmhaul.identity import Statement as Signable
from swarmhaul.kit.books import Look, UnitOfWork
from swarmhaul.market.models import BidRow, LegRow, ListedJob, RailCursor
from swarmhaul.market.refusals import NoSuchBid, NoSuchJob, TermsUnfit
from swarmhaul.market.schemas import BidView, JobView, LegView, WithdrawalView
from swarmhaul.market.states import BEFORE, BidStatus, JobStatus
from swarmhaul.market.terms import ListJob, PlaceBid, Terms

T = TypeVar("T", bound=Terms)

JOBS_MAX = 100
BIDS_MAX = 500
FIRST_ID = "00000000-0000-0000-0000-000000000000"

JOB = select(
    ListedJob.id,
    ListedJob.shipper,
    ListedJob.status,
    ListedJob.listed_at,
    ListedJob.signed_text,
    ListedJob.signature,
    ListedJob.paid,
    ListedJob.refusal,
)
BID = select(
    BidRow.id,
    BidRow.job_id,
    BidRow.agent,
    BidRow.status,
    BidRow.placed_at,
    BidRow.expires_at,
    BidRow.signed_text,
    BidRow.signature,
    BidRow.withdrawal_text,
    BidRow.withdrawal_signature,
)
INSERT_JOB = insert_unless_there(ListedJob)
INSERT_BID = insert_into(BidRow)
INSERT_LEG = insert_into(LegRow)
BEGIN_CURSOR = insert_unless_there(RailCursor)
LOAD_JOB = Statement(JOB.where(ListedJob.id == bindparam("job_id", required=True)))
FIND_JOB = Statement(
    JOB.where(
        ListedJob.shipper == bindparam("of_shipper", required=True),
        ListedJob.rail_id == bindparam("of_rail_id", required=True),
    )
)
LIST_JOBS = Statement(
    JOB.where(ListedJob.id < bindparam("before", required=True))
    .order_by(ListedJob.id.desc())
    .limit(bindparam("most", required=True))
)
LIST_JOBS_IN = Statement(
    JOB.where(
        ListedJob.status == bindparam("status", required=True),
        ListedJob.id < bindparam("before", required=True),
    )
    .order_by(ListedJob.id.desc())
    .limit(bindparam("most", required=True))
)
LIST_BIDS = Statement(
    BID.where(
        BidRow.job_id == bindparam("job_id", required=True),
        BidRow.id > bindparam("after", required=True),
    )
    .order_by(BidRow.id)
    .limit(bindparam("most", required=True))
)
LIST_LIVE = Statement(
    BID.where(
        BidRow.job_id == bindparam("job_id", required=True),
        BidRow.status == BidStatus.LIVE,
        BidRow.expires_at > bindparam("now", required=True),
    ).order_by(BidRow.id)
)
LOAD_BID = Statement(BID.where(BidRow.id == bindparam("bid_id", required=True)))
COUNT_BIDS = Statement(
    select(BidRow.status, BidRow.expires_at).where(
        BidRow.job_id == bindparam("job_id", required=True),
        BidRow.agent == bindparam("of_agent", required=True),
    )
)
WINDOW = Statement(
    select(ListedJob.changed_at, ListedJob.accept_by).where(
        ListedJob.id == bindparam("job_id", required=True)
    )
)
# The row is held until the commit: bids of one job are written one after the other, and the window
# does not close between the look at it and the bid.
HOLD_WINDOW = Statement(
    update(ListedJob)
    .where(
        ListedJob.id == bindparam("job_id", required=True),
        ListedJob.status == JobStatus.OPEN,
        ListedJob.bids_until > bindparam("now", required=True),
    )
    .values(changed_at=bindparam("now", required=True))
)
CLOSE_WINDOW = Statement(
    update(ListedJob)
    .where(
        ListedJob.id == bindparam("job_id", required=True),
        ListedJob.status == JobStatus.OPEN,
        ListedJob.changed_at == bindparam("seen_at", required=True),
    )
    .values(
        status=bindparam("new_status", required=True),
        accept_by=bindparam("new_accept_by", required=True),
    )
)
MOVE_JOB = {
    following: Statement(
        update(ListedJob)
        .where(
            ListedJob.id == bindparam("job_id", required=True), ListedJob.status.in_(list(before))
        )
        .values(status=following, refusal=bindparam("why", required=True))
    )
    for following, before in BEFORE.items()
    if before
}
PAY_JOB = Statement(
    update(ListedJob)
    .where(ListedJob.id == bindparam("job_id", required=True))
    .values(paid=ListedJob.paid + bindparam("amount", required=True))
)
WITHDRAW_BID = Statement(
    update(BidRow)
    .where(BidRow.id == bindparam("bid_id", required=True), BidRow.status == BidStatus.LIVE)
    .values(
        status=BidStatus.WITHDRAWN,
        withdrawal_text=bindparam("text", required=True),
        withdrawal_signature=bindparam("sealed", required=True),
    )
)
CHOOSE_BIDS = Statement(
    update(BidRow)
    .where(one_of(BidRow.id, "ids"), BidRow.status == BidStatus.LIVE)
    .values(status=BidStatus.CHOSEN)
)
# Agents are asked once a job, so there is one.
FIND_CHOSEN = Statement(
    select(BidRow.id).where(
        BidRow.job_id == bindparam("of_job", required=True),
        BidRow.agent == bindparam("of_agent", required=True),
        BidRow.status == BidStatus.CHOSEN,
    )
)
LIST_LEGS = Statement(
    select(
        LegRow.job_id,
        LegRow.number,
        LegRow.bid_id,
        LegRow.agent,
        LegRow.pay,
        LegRow.duration_seconds,
        LegRow.status,
    )
    .where(one_of(LegRow.job_id, "job_ids"))
    .order_by(LegRow.job_id, LegRow.number)
)
MOVE_LEG = Statement(
    update(LegRow)
    .where(
        LegRow.job_id == bindparam("of_job", required=True),
        LegRow.number == bindparam("of_number", required=True),
    )
    .values(
        status=bindparam("new_status", required=True),
        agent=bindparam("new_agent", required=True),
        bid_id=bindparam("new_bid", required=True),
        pay=bindparam("new_pay", required=True),
    )
)
READ_CURSOR = Statement(
    select(RailCursor.seq).where(RailCursor.rail == bindparam("of_rail", required=True))
)
MOVE_CURSOR = Statement(
    update(RailCursor)
    .where(
        RailCursor.rail == bindparam("of_rail", required=True),
        RailCursor.seq == bindparam("seq_before", required=True),
    )
    .values(seq=bindparam("seq_after", required=True))
)
STATUS_COUNTS = Statement(
    select(ListedJob.status, func.count(), func.sum(ListedJob.paid)).group_by(ListedJob.status)
)

COUNT_ALL_BIDS = Statement(select(func.count()).select_from(BidRow))


async def load_job(look: Look, job_id: str) -> JobView:
    """Raises NoSuchJob."""
    row = await look.row(LOAD_JOB, job_id=job_id)
    if row is None:
        raise NoSuchJob
    return (await with_legs(look, [row]))[0]


async def find_job(look: Look, *, shipper: str, rail_id: str) -> JobView | None:
    """The job that the rail knows by this id, if it was listed here."""
    row = await look.row(FIND_JOB, of_shipper=shipper, of_rail_id=rail_id)
    return (await with_legs(look, [row]))[0] if row else None


async def list_jobs(
    look: Look, *, status: JobStatus | None, before: str, limit: int
) -> list[JobView]:
    """The newest first, from before an id on."""
    most = min(limit, JOBS_MAX)
    if status is None:
        rows = await look.rows(LIST_JOBS, before=before, most=most)
    else:
        rows = await look.rows(LIST_JOBS_IN, status=status, before=before, most=most)
    return await with_legs(look, rows)


async def with_legs(look: Look, rows: Sequence[Row]) -> list[JobView]:
    """Two questions, however many jobs there are."""
    legs: dict[str, list[LegView]] = {row[0]: [] for row in rows}
    for job_id, *leg in await look.rows(LIST_LEGS, job_ids=list(legs)) if legs else ():
        legs[job_id].append(leg_of(leg))
    return [
        JobView(
            id=row[0],
            shipper=row[1],
            status=JobStatus(row[2]),
            listed_at=row[3],
            statement=row[4],
            signature=row[5],
            paid=row[6],
            refusal=row[7],
            terms=terms_in(row[4], ListJob),
            legs=legs[row[0]],
        )
        for row in rows
    ]


def leg_of(leg: Sequence[Any]) -> LegView:
    number, bid_id, agent, pay, duration, status = leg
    return LegView(
        number=number,
        bid_id=bid_id,
        agent=agent,
        pay=pay,
        duration_seconds=duration,
        status=status,
    )


async def list_bids(
    look: Look, job_id: str, *, after: str = FIRST_ID, limit: int = BIDS_MAX
) -> list[BidView]:
    """The oldest first, from after an id on."""
    most = min(limit, BIDS_MAX)
    rows = await look.rows(LIST_BIDS, job_id=job_id, after=after, most=most)
    return [bid_of(row) for row in rows]


async def list_all_bids(look: Look, job_id: str) -> list[BidView]:
    """However many there are: an award is done again with all of them or not at all."""
    found = page = await list_bids(look, job_id)
    while len(page) == BIDS_MAX:
        page = await list_bids(look, job_id, after=page[-1].id)
        found = [*found, *page]
    return found


async def list_live_bids(look: Look, job_id: str) -> list[BidView]:
    return [bid_of(row) for row in await look.rows(LIST_LIVE, job_id=job_id, now=look.now)]


async def find_bid(look: Look, bid_id: str) -> BidView | None:
    row = await look.row(LOAD_BID, bid_id=bid_id)
    return bid_of(row) if row else None


async def load_bid(look: Look, bid_id: str) -> BidView:
    """Raises NoSuchBid."""
    found = await find_bid(look, bid_id)
    if found is None:
        raise NoSuchBid
    return found


async def count_jobs(look: Look) -> list[tuple[str, int, int]]:
    """Status, how many, and what was paid for them."""
    rows = await look.rows(STATUS_COUNTS)
    return [(JobStatus(status).value, count, int(paid)) for status, count, paid in rows]


async def count_all_bids(look: Look) -> int:
    return int(await look.value(COUNT_ALL_BIDS))


def bid_of(row: Row) -> BidView:
    return BidView(
        id=row[0],
        job_id=row[1],
        agent=row[2],
        status=BidStatus(row[3]),
        placed_at=row[4],
        expires_at=row[5],
        statement=row[6],
        signature=row[7],
        terms=terms_in(row[6], PlaceBid),
        withdrawal=WithdrawalView(statement=row[8], signature=row[9]) if row[8] else None,
    )


async def load_window(look: Look, job_id: str) -> tuple[datetime, datetime | None]:
    """When bids changed last, and until when an award must be accepted."""
    row = await look.row(WINDOW, job_id=job_id)
    if row is None:
        raise NoSuchJob
    return row[0], row[1]


async def move_job(
    uow: UnitOfWork, job_id: str, following: JobStatus, *, why: str | None = None
) -> bool:
    """Whether it could become that."""
    return bool(await uow.run(MOVE_JOB[following], job_id=job_id, why=why))


def terms_in(statement: str, kind: type[T]) -> T:
    """The terms of a statement that was accepted before."""
    return read_terms(msgspec.json.decode(statement, type=Signable).terms, kind)


def read_terms(terms: Any, kind: type[T]) -> T:
    """Raises TermsUnfit."""
    try:
        return msgspec.convert(terms, kind)
    except msgspec.ValidationError as error:
        raise TermsUnfit(f"These terms do not fit: {error}.") from error
