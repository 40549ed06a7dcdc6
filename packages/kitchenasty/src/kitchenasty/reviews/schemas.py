"""Reviews on the wire: the shapes of the contract, and a superset of them."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import UNSET, UnsetType

from basis.kit.http.wire import Form, PageOf, Stamp, WireStruct, stamp
from kitchenasty.reviews.states import ReviewState
from kitchenasty.reviews.views import BODY_LENGTH_MAX, REPLY_LENGTH_MAX, Draft, Review, Summary

Id = Annotated[str, msgspec.Meta(max_length=64)]


class ReviewForm(Form, kw_only=True):
    """`orderId` names the order; `locationId` counts where none is needed."""

    PARAGRAPHS = frozenset({"comment"})

    rating: Annotated[int, msgspec.Meta(ge=1, le=5)]
    location_id: Id | None = None
    order_id: Id | None = None
    comment: Annotated[str, msgspec.Meta(max_length=BODY_LENGTH_MAX)] | None = None

    def to_draft(self, capability: str | None) -> Draft:
        return Draft(
            rating=self.rating,
            body=self.comment or "",
            order_id=self.order_id,
            house_id=self.location_id,
            capability=capability,
        )


class ReviewChange(Form, kw_only=True):
    """What is left out stays; an empty reply takes it back."""

    PARAGRAPHS = frozenset({"reply"})

    is_approved: bool | UnsetType = UNSET
    reply: Annotated[str, msgspec.Meta(max_length=REPLY_LENGTH_MAX)] | UnsetType = UNSET


class Author(WireStruct, kw_only=True):
    name: str


class PublicReviewView(WireStruct, kw_only=True):
    """As everybody reads it."""

    id: str
    location_id: str
    rating: int
    comment: str | None
    reply: str | None
    is_approved: bool
    customer: Author
    created_at: Stamp

    @classmethod
    def of(cls, review: Review) -> PublicReviewView:
        return cls(
            id=review.id,
            location_id=review.house_id,
            rating=review.rating,
            comment=review.body,
            reply=review.reply,
            is_approved=review.state is ReviewState.APPROVED,
            customer=Author(name=review.author_name),
            created_at=stamp(review.created_at),
        )


class ReviewView(PublicReviewView, kw_only=True):
    """As the house reads it. `state` tells what nobody has looked at from what was hidden."""

    state: ReviewState
    order_id: str | None
    customer_id: str | None
    updated_at: Stamp

    @classmethod
    def of(cls, review: Review) -> ReviewView:
        shared = PublicReviewView.of(review)
        return cls(
            **{name: getattr(shared, name) for name in PublicReviewView.__struct_fields__},
            state=review.state,
            order_id=review.order_id,
            customer_id=review.customer_id,
            updated_at=stamp(review.updated_at),
        )


class SummaryView(WireStruct, kw_only=True):
    average_rating: float | None
    total_reviews: int

    @classmethod
    def of(cls, summary: Summary) -> SummaryView:
        return cls(average_rating=summary.average, total_reviews=summary.count)


class HouseReviews(WireStruct, kw_only=True):
    """A page of the reviews of a house, and what all of them come to."""

    success: bool = True
    data: list[PublicReviewView]
    summary: SummaryView
    pagination: PageOf
