"""The story of a job, and its money: made of what was signed and of what the rail carried out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest

from swarmhaul.market import BidView, JobEntryView, JobStatus, JobView, LegStatus
from swarmhaul.observatory.wording import COMMANDS, instant_of

BIDS_TOLD_MAX = 8
"""Each of the first few is a line of the story; a crowd is one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One line. `entry` proves it, if the rail said so."""

    at: datetime
    words: str
    who: str | None = None
    is_bid: bool = False
    entry: JobEntryView | None = None
    is_ahead: bool = False


@dataclass(frozen=True, slots=True)
class JobMoney:
    """What was locked, and where it is: these add up to the lamport."""

    locked: int
    paid: int
    back: int

    @property
    def held(self) -> int:
        return self.locked - self.paid - self.back


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """A leg that arrived, and whose word is waited for."""

    number: int
    courier: str
    pay: int
    receiver: str
    is_last: bool


def story_of(
    job: JobView, bids: Sequence[BidView], entries: Sequence[JobEntryView]
) -> list[Moment]:
    """What happened, the oldest first, and at the end what is waited for."""
    moments = [Moment(at=job.listed_at, words="The job was listed", who=job.shipper)]
    moments += bids_told(bids)
    moments += [moment_of(entry) for entry in entries]
    # The rail counts whole seconds, and one second has many of them.
    moments.sort(key=lambda moment: (moment.at.replace(microsecond=0), *order_of(moment)))
    return [*moments, *ahead(job)]


def order_of(moment: Moment) -> tuple[int, int]:
    """Within a second: the listing, the money, the bids, and the rest in the rail's order."""
    if moment.entry is None:
        return (2 if moment.is_bid else 0), 0
    return (1 if moment.entry.command == "Open" else 3), moment.entry.seq


def bids_told(bids: Sequence[BidView]) -> list[Moment]:
    first, rest = bids[:BIDS_TOLD_MAX], bids[BIDS_TOLD_MAX:]
    told = [
        Moment(at=bid.placed_at, words="A bid was placed", who=bid.agent, is_bid=True)
        for bid in first
    ]
    if rest:
        told.append(Moment(at=rest[-1].placed_at, words=f"And {len(rest)} more bids", is_bid=True))
    return told


def moment_of(entry: JobEntryView) -> Moment:
    leg = 0 if entry.leg is None else entry.leg + 1
    words = COMMANDS.get(entry.command, entry.command).format(leg=leg)
    return Moment(at=entry.at, words=words, who=entry.signer, entry=entry)


def ahead(job: JobView) -> list[Moment]:
    """Until when bids are taken, or that no chain was found."""
    if job.status is JobStatus.OPEN:
        return [
            Moment(
                at=instant_of(job.terms.window.bids_until),
                words="Bids are taken until here, or until it is quiet",
                is_ahead=True,
            )
        ]
    return []


def money_of(job: JobView, entries: Sequence[JobEntryView], treasury: str) -> JobMoney:
    """From what wallets gained and gave. The treasury pays what new accounts cost, and gets it
    back; that is not the job's.
    """
    locked = paid = back = 0
    for entry in entries:
        for wallet, amount in entry.moves.items():
            if wallet == treasury:
                continue
            if wallet != job.shipper:
                paid += amount
            elif amount < 0:
                locked -= amount
            else:
                back += amount
    return JobMoney(locked, paid, back)


def handover_of(job: JobView) -> Handover | None:
    """The leg that arrived and was neither confirmed nor disputed, if there is one."""
    for leg, following in zip_longest(job.legs, job.legs[1:]):
        if leg.status is not LegStatus.ARRIVED:
            continue
        # Nobody receives from a leg before the next one is accepted, but the shipper may dispute.
        is_taken = following is not None and following.status is not LegStatus.OFFERED
        return Handover(
            number=leg.number,
            courier=leg.agent,
            pay=leg.pay,
            receiver=following.agent if following is not None and is_taken else job.shipper,
            is_last=following is None,
        )
    return None
