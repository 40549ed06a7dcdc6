"""What an agent knows of the market: jobs that are open or on their way, and its part in them. All
of it is read anew at any time, so whoever is killed loses nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field

import structlog

from swarmhaul.agents.hauls import Haul, ride_of, rides_of
from swarmhaul.agents.road import Ride
from swarmhaul.client import (
    BidTerms,
    BidTold,
    Dealer,
    JobTold,
    MarketLies,
    WorkTerms,
    read_own_bid,
    read_work,
)

logger = structlog.get_logger(__name__)

LIVING = ("open", "awarding", "awarded", "in-transit")
CARRIED = frozenset({"awarded", "in-transit"})
BIDS_KEPT = 2_000


@dataclass(slots=True)
class Known:
    """A job, what we bid for it, and the haul that came of it."""

    job: JobTold
    terms: WorkTerms
    bids: list[BidTold] | None = None
    """Our own; None: not asked for yet."""
    parts: dict[int, BidTerms] = field(default_factory=dict)
    haul: Haul | None = None

    def live_bids(self, now: float) -> list[BidTold]:
        return [
            bid
            for bid in self.bids or ()
            if bid.status == "live" and bid.expires_at.timestamp() > now
        ]


@dataclass(slots=True)
class JobBook:
    dealer: Dealer
    known: dict[str, Known] = field(default_factory=dict)
    _terms: dict[str, BidTerms] = field(default_factory=dict)
    _won: dict[str, BidTold] = field(default_factory=dict)
    _reading: asyncio.Lock = field(default_factory=asyncio.Lock)
    """What is read last is kept last."""

    async def reload(self) -> None:
        """All that live, from the market. Raises MarketAway."""
        found: set[str] = set()
        async with self._reading:
            for status in LIVING:
                for job in await self.dealer.list_jobs(status):
                    found.add(job.id)
                    await self.take(job)
        for gone in self.known.keys() - found:
            # Moved on between two of the lists, or over.
            await self.refresh(gone)

    async def refresh(self, job_id: str) -> Known | None:
        """One job, as it is now; None: it is over. Raises MarketAway, MarketRefuses."""
        async with self._reading:
            await self.take(await self.dealer.load_job(job_id))
        return self.known.get(job_id)

    async def take(self, job: JobTold) -> None:
        if job.status not in LIVING:
            self.known.pop(job.id, None)
            return
        try:
            known = self.known.get(job.id) or Known(
                job, read_work(job, market=self.dealer.about.market)
            )
            known.parts = await self.parts_of(job)
        except MarketLies as lie:
            logger.warning("agent.job_unproved", job=job.id, why=str(lie))
            self.known.pop(job.id, None)
            return
        known.job = job
        known.haul = await self.haul_of(known)
        self.known[job.id] = known

    async def haul_of(self, known: Known) -> Haul | None:
        if not known.parts or known.job.status not in CARRIED:
            return None
        rail = await self.dealer.find_rail_job(known.job.id)
        if rail is None or not rail.legs:
            return None
        return Haul(
            job=known.job, terms=known.terms, rail=rail, me=self.dealer.me, parts=known.parts
        )

    async def parts_of(self, job: JobTold) -> dict[int, BidTerms]:
        """What we ourselves signed for the legs that name us. A leg that was another's until it
        was replaced is ours for what we bid for the same part. Raises MarketLies, MarketAway.
        """
        found: dict[int, BidTerms] = {}
        for leg in job.legs:
            if leg.agent != self.dealer.me:
                continue
            bid = await self.bid_of(leg.bid_id)
            part = self.terms_of(bid)
            mine = part if bid.agent == self.dealer.me else await self.same_part(job.id, part)
            if mine is not None:
                found[leg.number] = mine
        return found

    async def bid_of(self, bid_id: str) -> BidTold:
        """As it was signed, whatever became of it."""
        if bid_id not in self._won:
            if len(self._won) >= BIDS_KEPT:
                self._won.clear()
            self._won[bid_id] = await self.dealer.load_bid(bid_id)
        return self._won[bid_id]

    async def same_part(self, job_id: str, part: BidTerms) -> BidTerms | None:
        for bid in await self.own_bids(job_id):
            terms = self.terms_of(bid)
            if (terms.pickup, terms.dropoff) == (part.pickup, part.dropoff):
                return terms
        return None

    async def own_bids(self, job_id: str) -> list[BidTold]:
        bids = await self.dealer.list_bids(job_id)
        return [bid for bid in bids if bid.agent == self.dealer.me]

    def terms_of(self, bid: BidTold) -> BidTerms:
        """Raises MarketLies."""
        if bid.id not in self._terms:
            if len(self._terms) >= BIDS_KEPT:
                self._terms.clear()
            self._terms[bid.id] = read_own_bid(bid, market=self.dealer.about.market)
        return self._terms[bid.id]

    def hauls(self) -> list[Haul]:
        return [known.haul for known in self.known.values() if known.haul is not None]

    def promised(self, *, but: str, now: float, patience: int) -> Iterator[Ride]:
        """What we may have to ride beside the job `but`: of each job that we bid for, the longest
        part, since a job takes one bid of an agent at most.
        """
        for job_id, known in self.known.items():
            if job_id == but or not (known.parts or known.bids):
                continue
            if known.haul is not None:
                yield from rides_of(known.haul, patience=patience)
                continue
            parts = list(known.parts.values())
            parts = parts or [self.terms_of(bid) for bid in known.live_bids(now)]
            if parts:
                yield ride_of(max(parts, key=metres), patience=patience)


def metres(part: BidTerms) -> float:
    return part.pickup.place.metres_to(part.dropoff.place)
