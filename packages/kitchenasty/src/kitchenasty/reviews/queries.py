"""Reading reviews."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import bindparam, func, select

from basis.errors import NotFound
from basis.kit.data.paging import Page
from basis.kit.data.statements import Statement, one_of
from kitchenasty.kit.books import Look
from kitchenasty.reviews.models import ReviewRow
from kitchenasty.reviews.states import ReviewState, average_of
from kitchenasty.reviews.views import Review, ReviewFilter, Summary

FIELDS = (
    "id",
    "house_id",
    "order_id",
    "customer_id",
    "author_name",
    "rating",
    "body",
    "state",
    "reply",
    "replied_by",
    "created_at",
    "updated_at",
)
SELECTED = tuple(getattr(ReviewRow, name) for name in FIELDS)
ONE = Statement(select(*SELECTED).where(ReviewRow.id == bindparam("review_id", required=True)))
OF_ORDER = Statement(
    select(*SELECTED).where(ReviewRow.order_id == bindparam("of_order", required=True))
)
SUMMARY = Statement(
    select(func.count(), func.sum(ReviewRow.rating)).where(
        ReviewRow.house_id == bindparam("of_house", required=True),
        ReviewRow.state == ReviewState.APPROVED,
    )
)
UNREAD = Statement(
    select(func.count())
    .select_from(ReviewRow)
    .where(one_of(ReviewRow.house_id, "house_ids"), ReviewRow.state == ReviewState.PENDING)
)
CONDITIONS = {
    "house_ids": one_of(ReviewRow.house_id, "house_ids"),
    "state": ReviewRow.state == bindparam("state", required=True),
    "rating": ReviewRow.rating == bindparam("rating", required=True),
}


class ReviewNotFound(NotFound):
    def __init__(self) -> None:
        super().__init__("There is no such review.")


async def load_review(look: Look, review_id: str) -> Review:
    """Raises ReviewNotFound, also for one of a house that the acting person does not see."""
    row = await look.row(ONE, review_id=review_id)
    if row is None or not look.actor.may_see_house(row[1]):
        raise ReviewNotFound
    return Review(*row)


async def find_review_of(look: Look, order_id: str) -> Review | None:
    row = await look.row(OF_ORDER, of_order=order_id)
    return None if row is None else Review(*row)


async def summarise(look: Look, house_id: str) -> Summary:
    """Counted in an index."""
    row = await look.row(SUMMARY, of_house=house_id)
    assert row is not None
    count, total = int(row[0]), int(row[1] or 0)
    return Summary(count, average_of(total, count))


async def count_unread(look: Look, house_ids: Sequence[str]) -> int:
    """Reviews of these houses that wait for somebody to read them; counted in an index."""
    return int(await look.value(UNREAD, house_ids=house_ids))


async def list_reviews(look: Look, wanted: ReviewFilter, page: Page) -> tuple[list[Review], int]:
    """The newest first, and how many there are."""
    if wanted.house_ids == frozenset():
        return [], 0
    values: dict[str, Any] = {
        "house_ids": None if wanted.house_ids is None else sorted(wanted.house_ids),
        "state": wanted.state,
        "rating": wanted.rating,
    }
    values = {name: value for name, value in values.items() if value is not None}
    shape = tuple(sorted(values))
    rows = await look.rows(listing(shape), **values, taken=page.limit, skipped=page.offset)
    return [Review(*row) for row in rows], int(await look.value(counting(shape), **values))


@lru_cache
def listing(shape: tuple[str, ...]) -> Statement:
    return Statement(
        select(*SELECTED)
        .where(*(CONDITIONS[name] for name in shape))
        .order_by(ReviewRow.created_at.desc(), ReviewRow.id.desc())
        .limit(bindparam("taken", required=True))
        .offset(bindparam("skipped", required=True))
    )


@lru_cache
def counting(shape: tuple[str, ...]) -> Statement:
    some = select(func.count()).select_from(ReviewRow)
    return Statement(some.where(*(CONDITIONS[name] for name in shape)))
