"""What those who watch a market ask: what runs now, who bid how often, what the rail did."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import and_, bindparam, func, select

from basis.escrow import JobCommand
from basis.kit.data.statements import Statement, insert_into, one_of
from swarmhaul.identity import write_key, write_signature
from swarmhaul.kit.books import Look, UnitOfWork
from swarmhaul.market.models import BidRow, JobEntry, LegRow, ListedJob
from swarmhaul.market.queries import BID, JOB, bid_of, with_legs
from swarmhaul.market.schemas import BidView, JobEntryView, JobView
from swarmhaul.market.states import ENDED
from swarmhaul.settlement import Entry

WATCHED_MAX = 100
PAYMENTS_AT_ONCE = 5_000
ENTRIES_MAX = 200
"""No job has so many: eight legs, each offered anew a few times."""

INSERT_ENTRY = insert_into(JobEntry)
LIST_ENTRIES = Statement(
    select(
        JobEntry.seq,
        JobEntry.at,
        JobEntry.command,
        JobEntry.leg,
        JobEntry.signer,
        JobEntry.moves,
        JobEntry.signature,
        JobEntry.digest,
    )
    .where(JobEntry.job_id == bindparam("job_id", required=True))
    .order_by(JobEntry.seq)
    .limit(ENTRIES_MAX)
)
LIST_RUNNING = Statement(
    JOB.where(ListedJob.status.not_in(sorted(ENDED)))
    .order_by(ListedJob.id.desc())
    .limit(WATCHED_MAX)
)
COUNT_BIDS = Statement(
    select(BidRow.job_id, func.count())
    .where(one_of(BidRow.job_id, "job_ids"))
    .group_by(BidRow.job_id)
)
LIST_BIDS_BY_ID = Statement(BID.where(one_of(BidRow.id, "ids")))
LIST_LEGS_OF = Statement(
    select(LegRow.job_id, LegRow.number, LegRow.pay, LegRow.status)
    .where(LegRow.agent == bindparam("of_agent", required=True))
    .order_by(LegRow.job_id.desc(), LegRow.number)
    .limit(WATCHED_MAX)
)
AWARDS = Statement(
    select(ListedJob.listed_at, JobEntry.at)
    .join(ListedJob, ListedJob.id == JobEntry.job_id)
    .where(JobEntry.command == "Award")
    .order_by(JobEntry.at.desc())
    .limit(WATCHED_MAX)
)
PAYMENTS = Statement(
    select(JobEntry.seq, JobEntry.at, JobEntry.moves, LegRow.agent)
    .join(LegRow, and_(LegRow.job_id == JobEntry.job_id, LegRow.number == JobEntry.leg))
    .where(
        JobEntry.command.in_(("Confirm", "Release", "Resolve")),
        JobEntry.at >= bindparam("since", required=True),
        JobEntry.seq > bindparam("after", required=True),
    )
    .order_by(JobEntry.seq)
    .limit(PAYMENTS_AT_ONCE)
)


async def keep_entry(uow: UnitOfWork, job: JobView, entry: Entry) -> None:
    """Called by whoever reads the rail, in the transaction of what the entry means."""
    command: JobCommand = entry.envelope.command  # type: ignore[assignment]  # about a job
    await uow.run(
        INSERT_ENTRY,
        job_id=job.id,
        seq=entry.seq,
        at=datetime.fromtimestamp(entry.at, UTC),
        command=type(command).__name__,
        leg=getattr(command, "leg", None),
        signer=write_key(entry.envelope.signer),
        moves={write_key(move.wallet): move.amount for move in entry.moves},
        signature=write_signature(entry.signature),
        digest=entry.hash.hex(),
    )


async def list_job_entries(look: Look, job_id: str) -> list[JobEntryView]:
    """In the order in which the rail carried them out."""
    return [
        JobEntryView(
            seq=row[0],
            at=row[1],
            command=row[2],
            leg=row[3],
            signer=row[4],
            moves=row[5],
            signature=row[6],
            digest=row[7],
        )
        for row in await look.rows(LIST_ENTRIES, job_id=job_id)
    ]


async def list_running(look: Look) -> list[JobView]:
    """What has not ended yet, the newest first."""
    return await with_legs(look, await look.rows(LIST_RUNNING))


async def count_bids(look: Look, job_ids: Sequence[str]) -> dict[str, int]:
    """How many bids each job was given, withdrawn ones too."""
    counted: dict[str, int] = dict.fromkeys(job_ids, 0)
    if job_ids:
        counted |= dict(await look.rows(COUNT_BIDS, job_ids=list(job_ids)))
    return counted


async def list_bids_by_id(look: Look, ids: Sequence[str]) -> dict[str, BidView]:
    if not ids:
        return {}
    return {row[0]: bid_of(row) for row in await look.rows(LIST_BIDS_BY_ID, ids=list(ids))}


async def list_legs_of(look: Look, agent: str) -> list[tuple[str, int, int, str]]:
    """Job, number, pay and status of what somebody carries or carried, the newest first."""
    rows = await look.rows(LIST_LEGS_OF, of_agent=agent)
    return [(job_id, number, int(pay), str(status)) for job_id, number, pay, status in rows]


async def list_seconds_to_award(look: Look) -> list[float]:
    """From listing to the award on the rail, of the latest awards."""
    rows = await look.rows(AWARDS)
    return sorted((at - listed_at).total_seconds() for listed_at, at in rows)


async def list_payments(look: Look, *, since: datetime) -> list[tuple[datetime, int]]:
    """When something was paid to a courier, and how much: what went back to a shipper is no pay."""
    found: list[tuple[datetime, int]] = []
    after = 0
    while rows := await look.rows(PAYMENTS, since=since, after=after):
        found += [(at, paid) for _, at, moves, agent in rows if (paid := moves.get(agent, 0)) > 0]
        after = rows[-1][0]
    return found
