"""The rail's word becomes the market's: entry by entry, in order, each exactly once.

The market decides nothing about money. Whatever came on the rail, also past the market's own doors,
is read from the rail's log, and a leg is done when the rail says so and not a moment before.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import msgspec
import structlog

from basis.kit.data.database import DatabaseAway
from swarmhaul import reputation
from swarmhaul.identity import write_key
from swarmhaul.kit.books import Books, UnitOfWork
from swarmhaul.market.closing import look_at_end
from swarmhaul.market.events import JobListed, JobMoved, LegMoved
from swarmhaul.market.openings import read_opening
from swarmhaul.market.queries import (
    BEGIN_CURSOR,
    FIND_CHOSEN,
    MOVE_CURSOR,
    MOVE_LEG,
    PAY_JOB,
    READ_CURSOR,
    find_job,
    move_job,
)
from swarmhaul.market.schemas import JobView, LegView
from swarmhaul.market.states import JobStatus, LegStatus
from swarmhaul.market.venue import Venue
from swarmhaul.market.watching import keep_entry
from swarmhaul.reputation import Deed, SeenKind
from swarmhaul.settlement import (
    Accept,
    Arrive,
    Award,
    Close,
    Confirm,
    Deposit,
    Dispute,
    Entry,
    Expire,
    JobCommand,
    Open,
    Release,
    Replace,
    Resolve,
    Withdraw,
)

logger = structlog.get_logger(__name__)

BATCH = 100


async def follow(books: Books, venue: Venue) -> int:
    """Read one batch of the rail's log. Answers how many entries there were."""
    async with books.reading() as look:
        cursor = int(await look.value(READ_CURSOR, of_rail=venue.rail_name) or 0)
    entries = await venue.ask(partial(venue.rail.list_entries, since=cursor, limit=BATCH))
    if not entries:
        return 0
    async with books.writing() as uow:
        await uow.run(BEGIN_CURSOR, rail=venue.rail_name, seq=0)
        # Of two who read the same batch one gets on; the other looks again.
        moved = await uow.run(
            MOVE_CURSOR, of_rail=venue.rail_name, seq_before=cursor, seq_after=entries[-1].seq
        )
        if moved:
            for entry in entries:
                await try_to_note(uow, venue, entry)
    return len(entries)


async def try_to_note(uow: UnitOfWork, venue: Venue, entry: Entry) -> None:
    """One entry that makes no sense here, such as an award that the market's key gave past the
    market, must not keep the others from being read.
    """
    try:
        async with uow.attempt():
            await take_note(uow, venue, entry)
    except DatabaseAway:
        raise
    except Exception:
        logger.exception("rail.entry_unread", seq=entry.seq)


@dataclass(frozen=True, slots=True)
class Word:
    """One entry of the rail about a job that was listed here."""

    uow: UnitOfWork
    venue: Venue
    job: JobView
    entry: Entry


async def take_note(uow: UnitOfWork, venue: Venue, entry: Entry) -> None:
    """One entry, if it is about a job that was listed here."""
    command = entry.envelope.command
    if isinstance(command, Deposit | Withdraw):
        return
    job = await find_job(uow, shipper=write_key(command.job.shipper), rail_id=command.job.id.hex())
    if job is not None:
        await keep_entry(uow, job, entry)
        await MEANINGS[type(command)](Word(uow, venue, job, entry), command)


async def opened(word: Word, _command: Open) -> None:
    """Only the opening that was listed: another one of the same shipper is another bargain."""
    job = word.job
    envelope, _ = read_opening(job.terms.opening)
    if word.entry.envelope != envelope or not await move_job(word.uow, job.id, JobStatus.OPEN):
        return
    word.uow.emit(
        JobListed(
            job_id=job.id,
            shipper=job.shipper,
            budget=job.terms.budget,
            bids_until=job.terms.window.bids_until,
        )
    )
    look_at_end(word.uow, job)


async def awarded(word: Word, _command: Award) -> None:
    await move_and_tell(word, JobStatus.AWARDED)


async def accepted(word: Word, command: Accept) -> None:
    await move_leg(word, word.job.legs[command.leg], LegStatus.ACCEPTED)


async def replaced(word: Word, command: Replace) -> None:
    """For what somebody else had bid; if the command came past the market, for no bid at all."""
    leg, agent = word.job.legs[command.leg], write_key(command.courier)
    bid_id = await word.uow.value(FIND_CHOSEN, of_job=word.job.id, of_agent=agent) or leg.bid_id
    given = msgspec.structs.replace(leg, agent=agent, pay=command.pay, bid_id=bid_id)
    await move_leg(word, given, LegStatus.OFFERED)


async def arrived(word: Word, command: Arrive) -> None:
    await move_leg(word, word.job.legs[command.leg], LegStatus.ARRIVED)


async def disputed(word: Word, command: Dispute) -> None:
    await move_leg(word, word.job.legs[command.leg], LegStatus.DISPUTED)


async def settled(word: Word, command: Confirm | Release | Resolve) -> None:
    leg = word.job.legs[command.leg]
    # A dispute that nobody ruled on is nobody's merit.
    is_merit = not (isinstance(command, Release) and leg.status is LegStatus.DISPUTED)
    paid = sum(move.amount for move in word.entry.moves if write_key(move.wallet) == leg.agent)
    await word.uow.run(PAY_JOB, job_id=word.job.id, amount=paid)
    await move_leg(word, leg, LegStatus.SETTLED, paid=paid)
    if isinstance(command, Resolve) and command.breach:
        await see(word, leg, SeenKind.BREACHED)
        await move_and_tell(word, JobStatus.REFUNDED)
        return
    if is_merit:
        await see(word, leg, SeenKind.COMPLETED)
    is_last = command.leg == len(word.job.legs) - 1
    await move_and_tell(word, JobStatus.DELIVERED if is_last else JobStatus.IN_TRANSIT)


async def expired(word: Word, _command: Expire) -> None:
    """The money went back. Only who had the load, or should have had it, broke their word."""
    was = word.job.status
    if not await move_and_tell(word, JobStatus.REFUNDED):
        return
    if was in (JobStatus.AWARDED, JobStatus.IN_TRANSIT):
        current = next(leg for leg in word.job.legs if leg.status is not LegStatus.SETTLED)
        if current.status is LegStatus.ACCEPTED:
            await see(word, current, SeenKind.BREACHED)


async def closed(_word: Word, _command: Close) -> None:
    """What was left of the budget is the shipper's again; the job was delivered before."""


async def move_and_tell(word: Word, following: JobStatus) -> bool:
    if not await move_job(word.uow, word.job.id, following):
        return False
    word.uow.emit(JobMoved(job_id=word.job.id, status=following))
    return True


async def move_leg(word: Word, leg: LegView, following: LegStatus, *, paid: int = 0) -> None:
    await word.uow.run(
        MOVE_LEG,
        of_job=word.job.id,
        of_number=leg.number,
        new_status=following,
        new_agent=leg.agent,
        new_bid=leg.bid_id,
        new_pay=leg.pay,
    )
    word.uow.emit(
        LegMoved(
            job_id=word.job.id, number=leg.number, agent=leg.agent, status=following, paid=paid
        )
    )


async def see(word: Word, leg: LegView, kind: SeenKind) -> None:
    """The market writes what it saw into its own log. Whom it was done for is who paid for it."""
    deed = Deed(
        subject=leg.agent,
        counterparty=word.job.shipper,
        kind=kind,
        about=f"{word.job.id}/{leg.number}",
    )
    await reputation.note(word.uow, word.venue.pen, deed)


MEANINGS: dict[type[JobCommand], Callable[[Word, Any], Awaitable[None]]] = {
    Open: opened,
    Award: awarded,
    Accept: accepted,
    Replace: replaced,
    Arrive: arrived,
    Confirm: settled,
    Release: settled,
    Dispute: disputed,
    Resolve: settled,
    Expire: expired,
    Close: closed,
}
