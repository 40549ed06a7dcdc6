"""What the house reads when a guest has said how it was."""

from __future__ import annotations

from typing import Any

from basis.sentences import word
from kitchenasty import locations
from kitchenasty.kit.books import UnitOfWork
from kitchenasty.kit.http.i18n import translate
from kitchenasty.notices import GUEST, HOUSE, Area, Letter, Pattern, Sender, text_fact
from kitchenasty.reviews.queries import ReviewNotFound, load_review
from kitchenasty.reviews.states import RATING_MAX, ReviewState

KIND = "reviews.new"
NEW = Pattern(
    key=KIND,
    words=word("A new review, to the house"),
    area=Area.ORDERS,
    subject=(word("A new review: {stars}"),),
    lines=("{name}: {stars}", "{text}"),
    button=word("Read and answer it"),
    after=("{seen}",),
    places={
        "name": GUEST,
        "stars": text_fact("review.stars", word("Stars"), "5 of 5 stars"),
        "text": text_fact("review.text", word("What the guest wrote"), "A lovely evening."),
        "seen": text_fact("review.seen", word("Whether guests see it"), "Guests see it already."),
        "house": HOUSE,
    },
)
PATTERNS = (NEW,)


async def write_review(uow: UnitOfWork, facts: dict[str, Any], sender: Sender) -> Letter | None:
    """Nothing if it was deleted meanwhile."""
    try:
        review = await load_review(uow, facts["review_id"])
    except ReviewNotFound:
        return None
    house = await locations.load_house(uow, review.house_id)
    known = {
        "name": review.author_name,
        "stars": translate("{rating} of {most} stars").format(
            rating=review.rating, most=RATING_MAX
        ),
        "text": review.body or "",
        "seen": translate("Guests see it already.")
        if review.state is ReviewState.APPROVED
        else translate("Guests see it as soon as somebody of the house lets it through."),
        "house": house.name,
    }
    return NEW.write(known, url=f"{sender.public_url}/admin/reviews", house=house.name)


WRITERS = {KIND: write_review}
