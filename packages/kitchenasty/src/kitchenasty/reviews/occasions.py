"""What guests say, as rules see it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from basis.facts import Fact, FactKind
from basis.kit.data.occasions import Loaded, Occasion
from basis.kit.data.outbox import StoredEvent
from basis.kit.data.statements import Statement, one_of
from basis.sentences import word
from kitchenasty import locations
from kitchenasty.kit.books import Look
from kitchenasty.reviews.events import ReviewSubmitted
from kitchenasty.reviews.models import ReviewRow
from kitchenasty.reviews.queries import SELECTED
from kitchenasty.reviews.views import Review

K = FactKind
FACTS = (
    Fact("review.id", K.TEXT, word("The review, as programs call it"), "0190-7c"),
    Fact("review.rating", K.NUMBER, word("How many stars"), 2),
    Fact(
        "review.text", K.TEXT, word("What the review says"), "The soup was cold.", is_personal=True
    ),
    Fact(
        "review.author", K.TEXT, word("Who wrote it, as it is shown"), "Anna B.", is_personal=True
    ),
    Fact("review.is_shown", K.FLAG, word("Whether guests see it already"), False),
    Fact("order.id", K.TEXT, word("The order, as programs call it"), "0190-7a"),
    *locations.HOUSE_FACTS,
)
BY_IDS = Statement(select(*SELECTED).where(one_of(ReviewRow.id, "ids")))


async def load_facts(look: Look, events: Sequence[StoredEvent]) -> Loaded:
    """Of each event's review. One that names no order is nobody's here: who forgets its guest finds
    it by no order, so what it says is not kept a second time.
    """
    ids = sorted({str(event.payload["review_id"]) for event in events})
    found = {row[0]: Review(*row) for row in await look.rows(BY_IDS, ids=ids)}
    houses = await locations.load_houses(look, {one.house_id for one in found.values()})
    return {
        event.id: facts_of(one, event, houses[one.house_id])
        for event in events
        if (one := found.get(event.payload["review_id"])) is not None and one.house_id in houses
    }


def facts_of(one: Review, event: StoredEvent, house: locations.House) -> dict[str, Any]:
    is_findable = one.order_id is not None
    return {
        "review.id": one.id,
        "review.rating": one.rating,
        "review.text": one.body if is_findable else None,
        "review.author": one.author_name if is_findable else None,
        "review.is_shown": event.payload["is_approved"],
        "order.id": one.order_id,
        **locations.facts_of_house(house),
    }


OCCASIONS = (Occasion(ReviewSubmitted.topic, word("A review comes in"), FACTS, load_facts),)
