"""Guests who wait for a table, and what is offered to them. Others use only these names."""

from kitchenasty.waitlist.queries import (
    NobodyWaits,
    Waiting,
    list_waiting,
    load_waiting,
    open_waiting,
)
from kitchenasty.waitlist.quotes import quote
from kitchenasty.waitlist.ready import NotInLine, NotTonight, take_back, tell_ready
from kitchenasty.waitlist.service import (
    Asked,
    OfferOver,
    StillFree,
    WaitRefused,
    accept,
    capability_of,
    forget_past,
    join,
    leave,
    offer_tables,
    seat_now,
)
from kitchenasty.waitlist.states import WAIT_WORDS, WaitState

__all__ = [
    "WAIT_WORDS",
    "Asked",
    "NobodyWaits",
    "NotInLine",
    "NotTonight",
    "OfferOver",
    "StillFree",
    "WaitRefused",
    "WaitState",
    "Waiting",
    "accept",
    "capability_of",
    "forget_past",
    "join",
    "leave",
    "list_waiting",
    "load_waiting",
    "offer_tables",
    "open_waiting",
    "quote",
    "seat_now",
    "take_back",
    "tell_ready",
]
