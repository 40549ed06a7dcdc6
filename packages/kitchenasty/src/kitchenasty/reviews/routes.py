"""The API's doors to reviews."""

from __future__ import annotations

from typing import Annotated

from litestar import delete, get, patch, post
from litestar.params import FromQuery, HeaderParameter, JSONBody, PathParameter, QueryParameter
from msgspec import UNSET

from basis.kit.data.paging import Page
from basis.kit.http.api import ApiController
from basis.kit.http.wire import Envelope, PageOf, done, listed, ok
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.web import Actor, Reading, Work
from kitchenasty.locations import load_house
from kitchenasty.reviews import queries, service
from kitchenasty.reviews.schemas import (
    HouseReviews,
    PublicReviewView,
    ReviewChange,
    ReviewForm,
    ReviewView,
    SummaryView,
)
from kitchenasty.reviews.states import ReviewState
from kitchenasty.reviews.views import ReviewFilter

LIMIT_DEFAULT = 10
ReviewId = Annotated[str, PathParameter(max_length=64)]
HouseId = Annotated[str, PathParameter(max_length=64)]
Capability = Annotated[
    str | None, HeaderParameter(name="X-Order-Capability", required=False, max_length=200)
]


class ReviewsApi(ApiController):
    path = "/api/reviews"
    tags = ["Reviews"]

    @get("/location/{house_id:str}", opt=access(Access.PUBLIC), operation_id="ListHouseReviews")
    async def list_of_house(
        self,
        look: Reading,
        house_id: HouseId,
        page: FromQuery[int] = 1,
        limit: FromQuery[int] = LIMIT_DEFAULT,
    ) -> HouseReviews:
        """The reviews of a house that are shown, the newest first, and their average."""
        house = await load_house(look, house_id)
        place = Page.of(page, limit)
        wanted = ReviewFilter(house_ids=frozenset({house.id}), state=ReviewState.APPROVED)
        found, total = await queries.list_reviews(look, wanted, place)
        return HouseReviews(
            data=[PublicReviewView.of(review) for review in found],
            summary=SummaryView.of(await queries.summarise(look, house.id)),
            pagination=PageOf(
                page=place.number,
                limit=place.limit,
                total=total,
                total_pages=-(-total // place.limit),
            ),
        )

    @post(opt=access(Access.PUBLIC), operation_id="WriteReview")
    async def write(
        self, uow: Work, data: JSONBody[ReviewForm], capability: Capability = None
    ) -> Envelope[PublicReviewView]:
        """Review an order of one's own that was handed over: as its customer, or by the link of the
        order in `X-Order-Capability`. Once for each order.
        """
        review = await service.submit(uow, data.to_draft(capability))
        return ok(PublicReviewView.of(review))

    @get(opt=access(Access.STAFF), operation_id="ListReviews")
    async def list_all(
        self,
        look: Reading,
        principal: Actor,
        page: FromQuery[int] = 1,
        limit: FromQuery[int] = 20,
        location_id: Annotated[str, QueryParameter(name="locationId", max_length=64)] = "",
        is_approved: Annotated[bool | None, QueryParameter(name="isApproved")] = None,
    ) -> Envelope[list[ReviewView]]:
        """The reviews of the houses that one works in, the newest first."""
        houses = principal.house_ids
        if location_id:
            houses = frozenset({location_id} if principal.may_see_house(location_id) else ())
        states = {None: None, True: ReviewState.APPROVED, False: ReviewState.PENDING}
        wanted = ReviewFilter(house_ids=houses, state=states[is_approved])
        place = Page.of(page, limit)
        found, total = await queries.list_reviews(look, wanted, place)
        views = [ReviewView.of(review) for review in found]
        return listed(views, page=place.number, limit=place.limit, total=total)

    @patch("/{review_id:str}", opt=access(Access.STAFF), operation_id="DecideReview")
    async def decide(
        self, uow: Work, review_id: ReviewId, data: JSONBody[ReviewChange]
    ) -> Envelope[ReviewView]:
        """Show a review or hide it, and answer it."""
        review = await queries.load_review(uow, review_id)
        if data.is_approved is not UNSET:
            state = ReviewState.APPROVED if data.is_approved else ReviewState.HIDDEN
            review = await service.decide(uow, review_id, state)
        if data.reply is not UNSET:
            review = await service.answer(uow, review_id, data.reply)
        return ok(ReviewView.of(review))

    @delete(
        "/{review_id:str}",
        opt=access(Access.MANAGER),
        status_code=200,
        operation_id="RemoveReview",
    )
    async def remove(self, uow: Work, review_id: ReviewId) -> Envelope[None]:
        """Delete a review for good; hiding it is usually enough."""
        await service.remove(uow, review_id)
        return done("The review is gone.")
