"""Which bids carry a job from its origin to its destination, and what each of them is paid."""

from swarmhaul.matching.bids import Bid, BidUnfit, Book, Trip, open_book
from swarmhaul.matching.match import Chain, find_chain
from swarmhaul.matching.nudge import NUDGE_DEFAULT, Nudge
from swarmhaul.matching.pay import pay_as_bid, share_surplus
from swarmhaul.matching.places import Place

__all__ = [
    "NUDGE_DEFAULT",
    "Bid",
    "BidUnfit",
    "Book",
    "Chain",
    "Nudge",
    "Place",
    "Trip",
    "find_chain",
    "open_book",
    "pay_as_bid",
    "share_surplus",
]
