"""Money that goes back, as rules see it."""

from __future__ import annotations

from collections.abc import Sequence

from basis.facts import Fact, FactKind
from basis.kit.data.occasions import Loaded, Occasion
from basis.kit.data.outbox import StoredEvent
from basis.sentences import word
from kitchenasty import orders
from kitchenasty.kit.books import Look
from kitchenasty.refunds.events import RefundMade
from kitchenasty.refunds.states import Cause

CAUSE_WORDS = {
    Cause.BY_HAND: word("Somebody of the house gave it back"),
    Cause.CANCELLED: word("The order was cancelled"),
}
K = FactKind
FACTS = (
    Fact("refund.id", K.TEXT, word("The refund, as programs call it"), "0190-7e"),
    Fact("refund.amount", K.MONEY, word("What goes back"), [1200, "EUR"]),
    Fact("refund.so_far", K.MONEY, word("What went back of this order so far"), [1200, "EUR"]),
    Fact("refund.cause", K.CHOICE, word("Why it goes back"), "BY_HAND", CAUSE_WORDS),
    *orders.ORDER_FACTS,
)


async def load_facts(look: Look, events: Sequence[StoredEvent]) -> Loaded:
    """Of each refund, and of its order as it is when it is asked for."""
    found = await orders.load_order_facts(look, events)
    return {
        event.id: {
            **found[event.id],
            "refund.id": event.payload["refund_id"],
            "refund.amount": [event.payload["amount_minor"], event.payload["currency"]],
            "refund.so_far": [event.payload["given_back_minor"], event.payload["currency"]],
            "refund.cause": event.payload["cause"],
        }
        for event in events
        if event.id in found
    }


OCCASIONS = (Occasion(RefundMade.topic, word("Money is given back"), FACTS, load_facts),)
