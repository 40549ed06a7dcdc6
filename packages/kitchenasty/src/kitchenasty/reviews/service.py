"""Writing a review, and what the house does with it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BindParameter, bindparam, delete, update

from basis.errors import Conflict, Forbidden, Invalid, Unauthenticated
from basis.ids import new_id
from basis.kit.data.statements import Statement, insert_unless_there
from basis.kit.texts import one_line, paragraphs
from basis.sentences import Sentence
from kitchenasty import audit, locations, orders
from kitchenasty.kit.books import UnitOfWork
from kitchenasty.reviews.events import ReviewSubmitted
from kitchenasty.reviews.models import ReviewRow
from kitchenasty.reviews.queries import load_review
from kitchenasty.reviews.states import (
    RATING_MAX,
    RATING_MIN,
    ReviewState,
    first_state,
    public_name,
)
from kitchenasty.reviews.terms import Terms, load_terms
from kitchenasty.reviews.views import BODY_LENGTH_MAX, REPLY_LENGTH_MAX, Draft, Review

ADD = insert_unless_there(ReviewRow)
THIS = ReviewRow.id == bindparam("review_id", required=True)
NOW: BindParameter[Any] = bindparam("now", required=True)
KEEP_STATE = Statement(
    update(ReviewRow)
    .where(THIS)
    .values(state=bindparam("new_state", required=True), updated_at=NOW)
)
KEEP_REPLY = Statement(
    update(ReviewRow)
    .where(THIS)
    .values(
        reply=bindparam("new_reply", required=True),
        replied_by=bindparam("new_author", required=True),
        updated_at=NOW,
    )
)
REMOVE = Statement(delete(ReviewRow).where(THIS))


class ReviewsOff(Conflict):
    def __init__(self) -> None:
        super().__init__("This house takes no reviews.")


class OrderNeeded(Conflict):
    def __init__(self) -> None:
        super().__init__("Please review an order that you have got.")


class NotHandedOver(Conflict):
    def __init__(self) -> None:
        super().__init__("An order can be reviewed as soon as it was handed over.")


class AlreadyReviewed(Conflict):
    def __init__(self) -> None:
        super().__init__("You have reviewed this already. Thank you!")


class ReviewRefused(Invalid):
    """The stars or the text do not fit."""


class OnlyGuestsReview(Forbidden):
    def __init__(self) -> None:
        super().__init__("Only guests review.")


class WhoReviews(Unauthenticated):
    def __init__(self) -> None:
        super().__init__("Please sign in, or open your order by its link.")


async def submit(uow: UnitOfWork, draft: Draft) -> Review:
    """Keep what a guest says about an order of theirs; once for each, whoever comes twice at once.

    Raises WhoReviews, OnlyGuestsReview, ReviewsOff, ReviewRefused, OrderNotFound, OrderNeeded,
    NotHandedOver, AlreadyReviewed, HouseNotFound.
    """
    if uow.actor.is_staff:
        raise OnlyGuestsReview
    if not uow.actor.is_customer and draft.capability is None:
        raise WhoReviews
    terms = await load_terms(uow)
    if not terms.is_on:
        raise ReviewsOff
    check(draft)
    order = await find_order(uow, draft, terms)
    house_id = order.house_id if order else await check_house(uow, draft)
    review = review_of(uow, draft, terms, order, house_id)
    values = {name: getattr(review, name) for name in Review.__dataclass_fields__}
    if not await uow.run(ADD, **values):
        raise AlreadyReviewed
    uow.emit(
        ReviewSubmitted(
            review_id=review.id,
            house_id=house_id,
            order_id=review.order_id,
            rating=review.rating,
            is_approved=review.state is ReviewState.APPROVED,
        )
    )
    return review


def review_of(
    uow: UnitOfWork, draft: Draft, terms: Terms, order: orders.Order | None, house_id: str
) -> Review:
    name = order.contact.name if order else uow.actor.name
    return Review(
        id=new_id(),
        house_id=house_id,
        order_id=order.id if order else None,
        customer_id=uow.actor.id if uow.actor.is_customer else None,
        author_name=public_name(one_line(name)),
        rating=draft.rating,
        body=paragraphs(draft.body) or None,
        state=first_state(draft.rating, approves=terms.approves, least=terms.least_rating),
        reply=None,
        replied_by=None,
        created_at=uow.now,
        updated_at=uow.now,
    )


def check(draft: Draft) -> None:
    """Raises ReviewRefused."""
    body = paragraphs(draft.body)
    if not RATING_MIN <= draft.rating <= RATING_MAX:
        raise ReviewRefused("Please give 1 to 5 stars.")
    if len(body) > BODY_LENGTH_MAX:
        raise ReviewRefused(
            Sentence.of("Please write at most {most} characters.", most=BODY_LENGTH_MAX)
        )


async def find_order(uow: UnitOfWork, draft: Draft, terms: Terms) -> orders.Order | None:
    """The order that the guest reviews. Raises OrderNotFound, OrderNeeded, NotHandedOver."""
    if draft.order_id is None:
        if terms.needs_order or not uow.actor.is_customer:
            raise OrderNeeded
        return None
    order = await orders.load_order(uow, orders.checked_id(draft.order_id))
    if not await orders.may_open(uow, order, draft.capability):
        raise orders.OrderNotFound("There is no such order.")
    if order.status not in orders.HANDED_OVER:
        raise NotHandedOver
    return order


async def check_house(uow: UnitOfWork, draft: Draft) -> str:
    """Raises HouseNotFound."""
    return (await locations.load_house(uow, draft.house_id or "")).id


async def decide(uow: UnitOfWork, review_id: str, state: ReviewState) -> Review:
    """Show it or hide it. Raises ReviewNotFound."""
    review = await load_review(uow, review_id)
    await uow.run(KEEP_STATE, review_id=review.id, new_state=state, now=uow.now)
    await audit.record(
        uow,
        action="update",
        entity="Review",
        entity_id=review.id,
        before={"state": review.state},
        after={"state": state},
    )
    return await load_review(uow, review_id)


async def answer(uow: UnitOfWork, review_id: str, words: str) -> Review:
    """What the house says to it, below it; empty words take it back. Raises ReviewNotFound,
    ReviewRefused.
    """
    review = await load_review(uow, review_id)
    plain = paragraphs(words)
    if len(plain) > REPLY_LENGTH_MAX:
        raise ReviewRefused(
            Sentence.of("Please write at most {most} characters.", most=REPLY_LENGTH_MAX)
        )
    await uow.run(
        KEEP_REPLY,
        review_id=review.id,
        new_reply=plain or None,
        new_author=uow.actor.name if plain else None,
        now=uow.now,
    )
    await audit.record(
        uow,
        action="reply",
        entity="Review",
        entity_id=review.id,
        # Not the words: the trail outlives the guest, and an answer may name them.
        before={"has_reply": review.reply is not None},
        after={"has_reply": bool(plain)},
    )
    return await load_review(uow, review_id)


async def remove(uow: UnitOfWork, review_id: str) -> None:
    """For good. The trail keeps the stars, not the words. Raises ReviewNotFound."""
    review = await load_review(uow, review_id)
    await uow.run(REMOVE, review_id=review.id)
    await audit.record(
        uow,
        action="delete",
        entity="Review",
        entity_id=review.id,
        before={"rating": review.rating, "state": review.state},
    )
