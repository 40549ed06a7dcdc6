"""What guests say about a house after an order, and the house's answer. Others use only these."""

from kitchenasty.reviews.events import ReviewSubmitted
from kitchenasty.reviews.queries import (
    ReviewNotFound,
    count_unread,
    find_review_of,
    list_reviews,
    load_review,
    summarise,
)
from kitchenasty.reviews.service import (
    AlreadyReviewed,
    NotHandedOver,
    OrderNeeded,
    ReviewRefused,
    ReviewsOff,
    WhoReviews,
    answer,
    decide,
    remove,
    submit,
)
from kitchenasty.reviews.states import STATE_WORDS, ReviewState
from kitchenasty.reviews.terms import REVIEW, Terms, load_terms
from kitchenasty.reviews.views import (
    BODY_LENGTH_MAX,
    REPLY_LENGTH_MAX,
    Draft,
    Review,
    ReviewFilter,
    Summary,
)

__all__ = [
    "BODY_LENGTH_MAX",
    "REPLY_LENGTH_MAX",
    "REVIEW",
    "STATE_WORDS",
    "AlreadyReviewed",
    "Draft",
    "NotHandedOver",
    "OrderNeeded",
    "Review",
    "ReviewFilter",
    "ReviewNotFound",
    "ReviewRefused",
    "ReviewState",
    "ReviewSubmitted",
    "ReviewsOff",
    "Summary",
    "Terms",
    "WhoReviews",
    "answer",
    "count_unread",
    "decide",
    "find_review_of",
    "list_reviews",
    "load_review",
    "load_terms",
    "remove",
    "submit",
    "summarise",
]
