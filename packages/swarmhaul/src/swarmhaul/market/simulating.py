"""What would have been: the matcher itself, over the bids of a job whose window closed."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Annotated

import msgspec
from msgspec import Meta

from basis.errors import Conflict
from swarmhaul import reputation
from swarmhaul.kit.books import Books, Look
from swarmhaul.market.choosing import ChosenLeg, Offered, choose
from swarmhaul.market.queries import list_all_bids, load_job
from swarmhaul.market.schemas import JobView
from swarmhaul.market.states import BidStatus, JobStatus
from swarmhaul.market.terms import Prices, Pricing
from swarmhaul.market.venue import Venue
from swarmhaul.market.watching import list_job_entries
from swarmhaul.matching import NUDGE_DEFAULT, Nudge

STRENGTH_MAX = 2_000
BASIS_POINTS = 10_000
STILL_BID_FOR = frozenset({JobStatus.OPENING, JobStatus.OPEN})


class StillBidFor(Conflict):
    """Before the window closes, what would be chosen is nobody's business."""

    def __init__(self) -> None:
        super().__init__("Bids are still taken for this job. It can be tried when they are closed.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """How strongly names count (γ), how much of the surplus is shared out and how evenly (α); all
    in basis points. Nothing shared means everybody is paid what they bid.
    """

    strength: int = NUDGE_DEFAULT.strength
    shared: int = 0
    fairness: int = 7_000


class SimulatedLeg(msgspec.Struct, frozen=True, kw_only=True):
    """`score` is what the market thinks of the agent today, in basis points."""

    number: int
    bid_id: str
    agent: str
    cost: int
    score: int
    pay: int


class Simulation(msgspec.Struct, frozen=True, kw_only=True):
    """`legs` is empty when no chain covers the way. Of the budget `paid` goes to couriers and
    `back` to the shipper. `is_as_awarded`: the same bids as those that carried.
    """

    job_id: str
    strength: Annotated[int, Meta(ge=0, le=STRENGTH_MAX)]
    shared: Annotated[int, Meta(ge=0, le=BASIS_POINTS)]
    fairness: Annotated[int, Meta(ge=0, le=BASIS_POINTS)]
    bids: int
    legs: list[SimulatedLeg]
    paid: int
    back: int
    is_as_awarded: bool


async def simulate(books: Books, venue: Venue, job_id: str, wish: Wish) -> Simulation:
    """Changes nothing. Raises NoSuchJob, StillBidFor."""
    async with books.reading(snapshot=True) as look:
        job = await load_job(look, job_id)
        if job.status in STILL_BID_FOR:
            raise StillBidFor
        closed_at = await load_closed_at(look, job)
        offered = await list_offered_then(look, venue, job, closed_at)
    policy = Pricing.SHARED if wish.shared else Pricing.AS_BID
    prices = Prices(policy=policy, shared=wish.shared, fairness=wish.fairness)
    terms = msgspec.structs.replace(job.terms, prices=prices)
    nudge = Nudge(wish.strength)
    chosen = await asyncio.to_thread(choose, terms, offered, now=closed_at, nudge=nudge)
    return told(job, wish, offered, chosen or [])


async def load_closed_at(look: Look, job: JobView) -> int:
    """When the window closed."""
    entries = await list_job_entries(look, job.id)
    awards = [int(entry.at.timestamp()) for entry in entries if entry.command == "Award"]
    return min([job.terms.window.bids_until, *awards])


async def list_offered_then(
    look: Look, venue: Venue, job: JobView, closed_at: int
) -> list[Offered]:
    """The bids that stood when the window closed, with what the market thinks of them today."""
    stood = [
        bid
        for bid in await list_all_bids(look, job.id)
        if bid.status is not BidStatus.WITHDRAWN and bid.expires_at.timestamp() > closed_at
    ]
    agents = sorted({bid.agent for bid in stood})
    scores = await reputation.list_scores(look, venue.key.public, agents)
    return [
        Offered(
            id=bid.id,
            agent=bid.agent,
            terms=bid.terms,
            score=reputation.basis_points(scores[bid.agent]),
        )
        for bid in stood
    ]


def told(job: JobView, wish: Wish, offered: list[Offered], chosen: list[ChosenLeg]) -> Simulation:
    by_id = {bid.id: bid for bid in offered}
    paid = sum(leg.pay for leg in chosen)
    return Simulation(
        job_id=job.id,
        strength=wish.strength,
        shared=wish.shared,
        fairness=wish.fairness,
        bids=len(offered),
        legs=[
            SimulatedLeg(
                number=number,
                bid_id=leg.bid_id,
                agent=leg.agent,
                cost=by_id[leg.bid_id].terms.cost,
                score=by_id[leg.bid_id].score,
                pay=leg.pay,
            )
            for number, leg in enumerate(chosen)
        ],
        paid=paid,
        back=job.terms.budget - paid,
        is_as_awarded=[leg.bid_id for leg in chosen] == [leg.bid_id for leg in job.legs],
    )
