"""What couriers of a market do with an order, in the words of the office."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from basis.sentences import word
from kitchenasty import handoff, orders
from kitchenasty.dashboard.houses.courier_pages import spaced
from kitchenasty.handoff import HandoffState
from kitchenasty.kit.books import Look
from kitchenasty.kit.principals import Principal, Role

SHOWN_FOR = timedelta(hours=6)
STATES = {
    HandoffState.WAITING: (word("About to be offered"), "warn"),
    HandoffState.LISTED: (word("Couriers bid for it"), ""),
    HandoffState.LEFT: (word("Nobody takes it"), "bad"),
    HandoffState.FOUND: (word("A courier will come"), "ok"),
    HandoffState.CARRIED: (word("On its way"), "ok"),
    HandoffState.ARRIVED: (word("Said to be there"), "ok"),
    HandoffState.DISPUTED: (word("Said not to have come"), "bad"),
    HandoffState.DELIVERED: (word("Delivered"), "ok"),
    HandoffState.NOBODY: (word("Nobody takes it"), "bad"),
    HandoffState.REFUSED: (word("The market refuses it"), "bad"),
    HandoffState.IMPOSSIBLE: (word("Cannot be offered"), "bad"),
    HandoffState.BROKEN: (word("Not brought"), "bad"),
    HandoffState.WITHDRAWN: (word("Taken back"), ""),
}
ADVICE = {
    HandoffState.NOBODY: word(
        "The money is back in the wallet. Bring it yourselves, or offer more."
    ),
    HandoffState.REFUSED: word(
        "No money has moved. Bring it yourselves, or put it right and offer it again."
    ),
    HandoffState.IMPOSSIBLE: word(
        "The place of the house or of the address is not known. Bring it yourselves, or enter "
        "where the postal code lies and offer it again."
    ),
    HandoffState.BROKEN: word(
        "The courier did not do what was promised, and what was not paid is back in the wallet. "
        "Call the guest."
    ),
    HandoffState.DISPUTED: word(
        "The guest says that nothing came. Nobody is paid before the market's arbiter has ruled. "
        "Call the guest."
    ),
}
SHORT_OF_MONEY = word("There is too little money in the wallet.")
LEGS = {
    "offered": word("is asked"),
    "accepted": word("will carry it"),
    "arrived": word("says it is there"),
    "disputed": word("says it is there, and the receiver says it is not"),
    "settled": word("carried it and is paid"),
}


async def handoff_of(look: Look, order: orders.Order) -> dict[str, Any]:
    """The last try to have the order carried, if there was any."""
    last = await handoff.find_handoff(look, order.id)
    if last is None:
        return {"handoff": None}
    is_lost = last.state in handoff.LOST and order.status in orders.OPEN_STATUSES
    return {
        "handoff": last,
        "handoff_state": STATES[last.state],
        "handoff_advice": ADVICE.get(last.state),
        "handoff_reason": SHORT_OF_MONEY if last.reason == "InsufficientFunds" else None,
        "handoff_legs": [(leg, spaced(leg.pay), LEGS.get(leg.status)) for leg in last.legs],
        "handoff_budget": spaced(last.budget),
        "handoff_paid": spaced(last.paid),
        "may_offer_again": is_lost and look.actor.has_role(Role.MANAGER),
    }


async def list_lost_orders(look: Look, principal: Principal) -> list[str]:
    """Orders of the last hours that nobody carries, in the houses that one works in."""
    lost = await handoff.list_lost(look, since=look.now - SHOWN_FOR)
    return [order_id for order_id, house_id in lost if principal.may_see_house(house_id)]
