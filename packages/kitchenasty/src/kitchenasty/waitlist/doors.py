"""The doors of the waiting list, for the composition root."""

from kitchenasty.waitlist.jobs import LAPSES, REGULAR
from kitchenasty.waitlist.letters import WRITERS
from kitchenasty.waitlist.pages import WaitingPages, WaitPages
from kitchenasty.waitlist.pushes import HELD
from kitchenasty.waitlist.pushes import WRITERS as PUSHES
from kitchenasty.waitlist.rooms import ROOM_RULES
from kitchenasty.waitlist.routes import WaitingListApi
from kitchenasty.waitlist.subscriptions import OFFERS, TOLD

DOORS = (WaitPages, WaitingPages, WaitingListApi)

__all__ = [
    "DOORS",
    "HELD",
    "LAPSES",
    "OFFERS",
    "PUSHES",
    "REGULAR",
    "ROOM_RULES",
    "TOLD",
    "WRITERS",
]
