"""What the house reads when a guest has said how it was."""

from __future__ import annotations

from typing import Any

from kitchenasty import locations
from kitchenasty.kit.data.work import UnitOfWork
from kitchenasty.kit.http.i18n import translate
from kitchenasty.notices import Action, Letter, Sender
from kitchenasty.reviews.queries import ReviewNotFound, load_review
from kitchenasty.reviews.states import RATING_MAX, ReviewState

KIND = "reviews.new"


async def write_review(uow: UnitOfWork, facts: dict[str, Any], sender: Sender) -> Letter | None:
    """Nothing if it was deleted meanwhile."""
    try:
        review = await load_review(uow, facts["review_id"])
    except ReviewNotFound:
        return None
    house = await locations.load_house(uow, review.house_id)
    stars = translate("{rating} of {most} stars").format(rating=review.rating, most=RATING_MAX)
    return Letter(
        subject=translate("A new review: {stars}").format(stars=stars),
        paragraphs=(f"{review.author_name}: {stars}", *(review.body or "").splitlines()),
        action=Action(translate("Read and answer it"), f"{sender.public_url}/admin/reviews"),
        after=(
            translate("Guests see it already.")
            if review.state is ReviewState.APPROVED
            else translate("Guests see it as soon as somebody of the house lets it through."),
        ),
        house=house.name,
    )


WRITERS = {KIND: write_review}
