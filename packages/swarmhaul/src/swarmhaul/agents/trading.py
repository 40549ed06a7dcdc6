"""Bids: placed for the parts that an agent can ride beside all that it has promised, renewed before
they end, withdrawn when something else came first.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

import structlog

from basis.errors import DomainError
from swarmhaul.agents.book import JobBook, Known
from swarmhaul.agents.hauls import ride_of
from swarmhaul.agents.offers import Errand, Offer, propose
from swarmhaul.agents.profiles import Profile
from swarmhaul.agents.reasoning import Choice, Reasoner
from swarmhaul.agents.road import Pace, can_make
from swarmhaul.client import BidTerms, BidTold, Dealer, MarketAway, SpotTold, WorkTerms
from swarmhaul.matching import Place

logger = structlog.get_logger(__name__)

BID_SECONDS = 900
"""A bid stands for a while only, so that nobody waits for an agent that is gone."""
LIFE_SECONDS_MAX = 7 * 86_400
RENEW_SECONDS = 120
SLACK_SECONDS = 60
"""A window that ended is looked at a moment later."""
LOOK_AGAIN_SECONDS = 20
TOO_LATE_SECONDS = 1


class Whereabouts(Protocol):
    def at(self, now: float) -> Place: ...


@dataclass(slots=True)
class Trader:
    """Decides with `reasoner`, from where it is and what it has promised."""

    dealer: Dealer
    book: JobBook
    profile: Profile
    reasoner: Reasoner
    road: Whereabouts
    pace: Pace
    bid_seconds: int = BID_SECONDS
    _look_at: dict[str, float] = field(default_factory=dict)
    """When a job that was not bid for is thought about again."""
    _asked: set[str] = field(default_factory=set)
    """Jobs for which all bids that we want are there."""

    async def trade(self) -> None:
        """Look at every open job once. Raises MarketAway."""
        for job_id in list(self.book.known):
            known = self.book.known.get(job_id)
            if known is not None and known.job.status == "open":
                await asyncio.sleep(0)  # who carries is not kept waiting by a thousand jobs
                try:
                    await self.tend(known)
                except MarketAway:
                    raise
                except DomainError as refused:
                    logger.info("agent.bid_refused", job=job_id, code=refused.code)
                    known.bids = None
                    self._look_at[job_id] = self.dealer.now() + LOOK_AGAIN_SECONDS
        self._asked &= self.book.known.keys()
        for gone in self._look_at.keys() - self.book.known.keys():
            del self._look_at[gone]

    async def tend(self, known: Known) -> None:
        now, job_id = self.dealer.now(), known.job.id
        until = known.terms.window.bids_until
        if now >= until - TOO_LATE_SECONDS or now < self._look_at.get(job_id, 0):
            return
        if known.bids is None:
            known.bids = await self.book.own_bids(job_id)
        for bid in known.live_bids(now):
            if not self.can_keep(known, bid) or self.is_ending(bid, until, now):
                await self.take_back(known, bid)
        if job_id not in self._asked or not known.live_bids(now):
            await self.make_offers(known, now)

    def can_keep(self, known: Known, bid: BidTold) -> bool:
        return self.fits(known, self.book.terms_of(bid))

    def is_ending(self, bid: BidTold, until: int, now: int) -> bool:
        """Whether it ends before the window does, and soon."""
        ends = bid.expires_at.timestamp()
        return ends < until and ends - now < min(RENEW_SECONDS, self.bid_seconds / 2)

    def fits(self, known: Known, part: BidTerms) -> bool:
        """Beside all that was promised, with one load at a time."""
        now, patience = self.dealer.now(), self.profile.patience_seconds
        others = self.book.promised(but=known.job.id, now=now, patience=patience)
        rides = [*others, ride_of(part, patience=patience)]
        return can_make(self.pace, rides, at=self.road.at(now), now=now)

    async def take_back(self, known: Known, bid: BidTold) -> None:
        """It is made again, if it still can be, when all is seen anew."""
        self._asked.discard(known.job.id)
        await self.dealer.withdraw_bid(bid)
        logger.info("agent.withdraws", job=known.job.id, bid=bid.id)
        known.bids = await self.book.own_bids(known.job.id)

    async def make_offers(self, known: Known, now: int) -> None:
        errand = errand_of(known)
        offers = propose(self.profile, errand, now=now, at=self.road.at(now))
        able = [offer for offer in offers if self.fits(known, self.terms_for(known, offer, ""))]
        choices = await self.reasoner.choose(self.profile, errand, able, now=now) if able else []
        if not choices:
            # Elsewhere, or less busy, it may look otherwise.
            self._look_at[known.job.id] = now + LOOK_AGAIN_SECONDS
            return
        await self.place(known, choices)
        self._asked.add(known.job.id)

    async def place(self, known: Known, choices: Sequence[Choice]) -> None:
        """Those that are not there yet: an agent that was killed in the midst goes on there."""
        now, until = self.dealer.now(), known.terms.window.bids_until
        there = {places_of(self.book.terms_of(bid)) for bid in known.live_bids(now)}
        lives = self.life_of_bid(until - now)
        for choice in choices[: self.dealer.about.bids_live_max - len(there)]:
            terms = self.terms_for(known, choice.offer, choice.why)
            if places_of(terms) in there:
                continue
            await self.dealer.place_bid(terms, lives_seconds=lives)
            logger.info("agent.bids", job=known.job.id, cost=terms.cost, why=choice.why)
        known.bids = await self.book.own_bids(known.job.id)

    def life_of_bid(self, left: int) -> int:
        """Longer where the window is long: a job takes so many bids of an agent and no more, with
        those that were withdrawn.
        """
        return min(max(self.bid_seconds, left * 3 // 4), left + SLACK_SECONDS, LIFE_SECONDS_MAX)

    def terms_for(self, known: Known, offer: Offer, why: str) -> BidTerms:
        vehicle = self.profile.vehicle
        return BidTerms(
            job=known.job.id,
            pickup=SpotTold.of(offer.part.pickup.place),
            dropoff=SpotTold.of(offer.part.dropoff.place),
            cost=offer.cost,
            pickup_until=offer.pickup_until,
            arrives_by=offer.arrives_by,
            carries_grams=vehicle.carries_kg * 1_000,
            carries_ml=vehicle.carries_litres * 1_000,
            reasoning=why,
        )


def errand_of(known: Known) -> Errand:
    terms: WorkTerms = known.terms
    return Errand(
        id=known.job.id,
        origin=terms.origin.place,
        destination=terms.destination.place,
        grams=terms.weight_grams,
        millilitres=terms.volume_ml,
        ready_at=terms.ready_at,
        deliver_by=terms.deliver_by,
        budget=terms.budget,
        dwell_seconds=terms.dwell_seconds,
        description=terms.description,
    )


def places_of(terms: BidTerms) -> tuple[SpotTold, SpotTold]:
    return terms.pickup, terms.dropoff
