"""Deliveries handed to couriers of a market, and followed. Others use only these names."""

from kitchenasty.handoff.drafts import Market, Place, Terms, TermsDraft
from kitchenasty.handoff.events import HandoffMoved
from kitchenasty.handoff.market import MarketRefuses
from kitchenasty.handoff.queries import (
    Handoff,
    find_handoff,
    find_terms,
    list_handoffs,
    list_lost,
    list_open,
)
from kitchenasty.handoff.room import MarketRoom
from kitchenasty.handoff.rules import PlacesUnreadable, read_places, write_places
from kitchenasty.handoff.service import (
    NoMoreTries,
    TermsChanged,
    TermsRefused,
    hear_guest,
    set_terms,
    sum_paid,
    try_again,
)
from kitchenasty.handoff.states import LOST, HandoffState, Leg
from kitchenasty.handoff.visits import talk

__all__ = [
    "LOST",
    "Handoff",
    "HandoffMoved",
    "HandoffState",
    "Leg",
    "Market",
    "MarketRefuses",
    "MarketRoom",
    "NoMoreTries",
    "Place",
    "PlacesUnreadable",
    "Terms",
    "TermsChanged",
    "TermsDraft",
    "TermsRefused",
    "find_handoff",
    "find_terms",
    "hear_guest",
    "list_handoffs",
    "list_lost",
    "list_open",
    "read_places",
    "set_terms",
    "sum_paid",
    "talk",
    "try_again",
    "write_places",
]
