"""A review as other slices and doors see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kitchenasty.reviews.states import ReviewState

BODY_LENGTH_MAX = 2_000
REPLY_LENGTH_MAX = 1_000


@dataclass(frozen=True, slots=True)
class Review:
    id: str
    house_id: str
    order_id: str | None
    customer_id: str | None
    author_name: str
    rating: int
    body: str | None
    state: ReviewState
    reply: str | None
    replied_by: str | None
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Summary:
    """Of the reviews of a house that are shown: how many, and their average to one place."""

    count: int
    average: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewFilter:
    """Which reviews; None lets all through."""

    house_ids: frozenset[str] | None = None
    state: ReviewState | None = None
    rating: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a guest typed. `house_id` counts where no order is named."""

    rating: int
    body: str = ""
    order_id: str | None = None
    house_id: str | None = None
    capability: str | None = None
