"""The doors of the waiting list, for the composition root."""

from kitchenasty.waitlist.jobs import LAPSES, REGULAR
from kitchenasty.waitlist.letters import WRITERS
from kitchenasty.waitlist.pages import WaitingPages, WaitPages
from kitchenasty.waitlist.subscriptions import OFFERS

DOORS = (WaitPages, WaitingPages)

__all__ = ["DOORS", "LAPSES", "OFFERS", "REGULAR", "WRITERS"]
