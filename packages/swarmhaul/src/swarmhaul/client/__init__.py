"""Dealing on a market as a stranger does: by its public API, with a key of one's own."""

from swarmhaul.client.answers import (
    SCORE_OF_ONE,
    AboutMarket,
    BidsTold,
    BidTerms,
    BidTold,
    Gap,
    Happening,
    HappeningsTold,
    JobTold,
    LegTold,
    RailJobTold,
    RailLegTold,
    SpotTold,
    WindowTold,
    WorkTerms,
)
from swarmhaul.client.calls import Calls, MarketAway, MarketRefuses
from swarmhaul.client.dealing import ANY_MARKET, Dealer, Expected, open_dealer
from swarmhaul.client.messages import RailUnknown, message_on
from swarmhaul.client.proofs import MarketLies, read_own_bid, read_work

__all__ = [
    "ANY_MARKET", "SCORE_OF_ONE", "AboutMarket", "BidTerms", "BidTold", "BidsTold", "Calls",
    "Dealer", "Expected", "Gap", "Happening", "HappeningsTold", "JobTold", "LegTold", "MarketAway",
    "MarketLies", "MarketRefuses", "RailJobTold", "RailLegTold", "RailUnknown", "SpotTold",
    "WindowTold", "WorkTerms", "message_on", "open_dealer", "read_own_bid", "read_work",
]  # fmt: skip
