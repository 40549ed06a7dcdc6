"""From the bids of a job to the legs that are offered: who carries what, for how much, how long."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from swarmhaul.market.terms import ListJob, PlaceBid, Prices, Pricing
from swarmhaul.matching import (
    NUDGE_DEFAULT,
    Bid,
    Nudge,
    Trip,
    find_chain,
    open_book,
    pay_as_bid,
    share_surplus,
)

GRACE_SECONDS = 900
"""Nobody breaks their word by a quarter of an hour, and no leg is too short to be carried."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """A live bid, with what the job's observer thinks of its agent (basis points)."""

    id: str
    agent: str
    terms: PlaceBid
    score: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ChosenLeg:
    bid_id: str
    agent: str
    pay: int
    duration: int
    """Seconds from the hand-over until it must have arrived; of the first leg, from its
    acceptance."""


def trip_of(job: ListJob, now: int) -> Trip:
    """From now on: whoever had left before the choice cannot fetch it any more."""
    return Trip(
        origin=job.origin.place,
        destination=job.destination.place,
        budget=job.budget,
        ready_at=max(now, job.ready_at),
        deliver_by=job.deliver_by,
        leg_count_max=job.legs_max,
        radius_m=job.radius_m,
        dwell_seconds=job.dwell_seconds,
    )


def bid_of(offered: Offered) -> Bid:
    """As the matcher reads it. An agent stands for itself: nobody can prove otherwise yet."""
    terms = offered.terms
    return Bid(
        id=offered.id,
        operator=offered.agent,
        pickup=terms.pickup.place,
        dropoff=terms.dropoff.place,
        cost=terms.cost,
        pickup_until=terms.pickup_until,
        arrives_by=terms.arrives_by,
        score=offered.score,
    )


def choose(
    job: ListJob, bids: Sequence[Offered], *, now: int, nudge: Nudge = NUDGE_DEFAULT
) -> list[ChosenLeg] | None:
    """The legs of the cheapest chain, paid by the job's policy; None if no chain covers the way."""
    if now >= job.deliver_by:
        return None
    trip = trip_of(job, now)
    chain = find_chain(trip, open_book(map(bid_of, bids), trip, nudge))
    if chain is None:
        return None
    by_id = {bid.id: bid for bid in bids}
    chosen = [by_id[name] for name in chain.bids]
    return [
        ChosenLeg(
            bid_id=bid.id,
            agent=bid.agent,
            pay=pay,
            duration=duration_of(bid.terms, since=now if number == 0 else bid.terms.pickup_until),
        )
        for number, (bid, pay) in enumerate(zip(chosen, pays(job, chosen), strict=True))
    ]


def pays(job: ListJob, chosen: Sequence[Offered]) -> list[int]:
    """What each leg gets; never more than the budget together."""
    prices: Prices = job.prices
    costs = [bid.terms.cost for bid in chosen]
    if prices.policy is Pricing.AS_BID:
        return pay_as_bid(costs)
    return share_surplus(
        costs,
        [bid.score for bid in chosen],
        budget=job.budget,
        shared=prices.shared,
        fairness=prices.fairness,
    )


def duration_of(terms: PlaceBid, *, since: int) -> int:
    return max(0, terms.arrives_by - since) + GRACE_SECONDS
