"""On which terms guests review, as the house sets them."""

from __future__ import annotations

from dataclasses import dataclass

from basis.sentences import word
from kitchenasty import settings
from kitchenasty.kit.books import Look
from kitchenasty.reviews.states import RATING_MAX, RATING_MIN

REVIEW = settings.Group(
    "review",
    (
        settings.Field(name="enabled", label=word("Guests can review"), default=True),
        settings.Field(name="requireOrder", label=word("Only after an order"), default=True),
        settings.Field(name="autoApprove", label=word("Show reviews at once"), default=False),
        settings.Field(
            name="minimumRating",
            label=word("Stars from which a review is shown at once"),
            kind=settings.Kind.WHOLE,
            default=RATING_MIN,
            least=RATING_MIN,
            most=RATING_MAX,
            hint=word("From 1 to 5. What has fewer waits for somebody to read it."),
        ),
        settings.Field(
            name="notifyHouse",
            label=word("Write to the house when a review comes"),
            default=True,
            hint=word("To the e-mail address of the house, if it has one and a mail server."),
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Terms:
    is_on: bool
    needs_order: bool
    approves: bool
    least_rating: int
    tells_house: bool


async def load_terms(look: Look) -> Terms:
    saved = await settings.load(look, REVIEW)
    return Terms(
        is_on=bool(saved["enabled"]),
        needs_order=bool(saved["requireOrder"]),
        approves=bool(saved["autoApprove"]),
        least_rating=int(str(saved["minimumRating"] or RATING_MIN)),
        tells_house=bool(saved["notifyHouse"]),
    )
