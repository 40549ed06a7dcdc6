"""What programs elsewhere hear of reviews: the stars. The words are the guest's own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import msgspec

from basis.sentences import word
from kitchenasty.kit.books import Look
from kitchenasty.reviews.events import ReviewSubmitted
from kitchenasty.reviews.states import RATING_MAX
from kitchenasty.webhooks import PublicFacts, Topic


class ReviewFacts(PublicFacts, kw_only=True):
    review_id: str
    house_id: str
    order_id: str | None
    rating: Annotated[int, msgspec.Meta(description=f"From 1 to {RATING_MAX} stars.")]
    is_approved: Annotated[bool, msgspec.Meta(description="Whether guests see it already.")]


async def tell_review(_look: Look, payload: Mapping[str, Any]) -> PublicFacts:
    return ReviewFacts(
        review_id=payload["review_id"],
        house_id=payload["house_id"],
        order_id=payload["order_id"],
        rating=payload["rating"],
        is_approved=payload["is_approved"],
    )


TOPICS = (Topic(ReviewSubmitted.topic, word("A guest wrote a review"), ReviewFacts, tell_review),)
