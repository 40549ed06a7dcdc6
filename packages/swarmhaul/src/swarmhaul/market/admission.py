"""Which bids a job takes at all: those that could be part of an answer."""

from __future__ import annotations

from basis.errors import Conflict, Invalid
from swarmhaul.market.choosing import duration_of
from swarmhaul.market.terms import ListJob, PlaceBid

LIVE_MAX = 8
"""Live bids of one agent for one job: more would only make the matcher work."""
EVER_MAX = 64
"""With those that were withdrawn: nobody fills the books by changing their mind."""


class BidUseless(Invalid):
    """A bid that no chain of this job could use."""


class TooManyBids(Conflict):
    """An agent has as many bids for this job as anybody may."""


def check_bid(job: ListJob, bid: PlaceBid, *, seconds_max: int) -> None:
    """`seconds_max` is what the rail gives for a leg. Raises BidUseless."""
    if bid.cost > job.budget:
        raise BidUseless("The bid costs more than the whole job.", budget=job.budget)
    if bid.carries_grams < job.weight_grams or bid.carries_ml < job.volume_ml:
        raise BidUseless("The load of this job is heavier or larger than what you carry.")
    if bid.pickup == bid.dropoff:
        raise BidUseless("A leg ends elsewhere than where it begins.")
    if not bid.pickup_until < bid.arrives_by:
        raise BidUseless("A leg arrives after it was picked up.")
    if duration_of(bid, since=bid.pickup_until) > seconds_max:
        raise BidUseless("The rail gives nobody so long for a leg: 30 days are the most.")
    if bid.pickup_until < job.ready_at or bid.arrives_by > job.deliver_by:
        raise BidUseless("A leg lies between the time the load is ready and its delivery.")


def check_count(*, live: int, ever: int) -> None:
    """Raises TooManyBids."""
    if live >= LIVE_MAX:
        raise TooManyBids(f"You have {LIVE_MAX} bids for this job. Withdraw one first.")
    if ever >= EVER_MAX:
        raise TooManyBids("You have changed your mind about this job often enough.")
