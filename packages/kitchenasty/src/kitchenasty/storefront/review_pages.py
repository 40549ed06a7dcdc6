"""What guests say about a house: read by everybody, written on the page of an order."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import FromPath, URLEncodedBody

from basis.kit.data.paging import Page
from basis.kit.http.wire import Form
from basis.kit.texts import whole_in
from kitchenasty import reviews
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.web import Reading, WebRequest, Work, back_to, page
from kitchenasty.orders import load_order_by_capability
from kitchenasty.storefront.pages import frame_of, house_of

LIST_LIMIT = 20


class ReviewForm(Form):
    PARAGRAPHS = frozenset({"body"})

    rating: Annotated[int, msgspec.Meta(ge=1, le=5)]
    body: Annotated[str, msgspec.Meta(max_length=reviews.BODY_LENGTH_MAX)] = ""


class GuestReviewPages(Controller):
    include_in_schema = False
    opt = access(Access.PUBLIC)

    @get("/at/{house:str}/reviews")
    async def show_reviews(
        self,
        look: Reading,
        request: WebRequest,
        house: FromPath[str],
    ) -> Response[Any]:
        found_house = await house_of(look, house)
        number = whole_in(request.query_params.get("page", "")) or 1
        wanted = reviews.ReviewFilter(
            house_ids=frozenset({found_house.id}), state=reviews.ReviewState.APPROVED
        )
        place = Page.of(number, LIST_LIMIT)
        found, total = await reviews.list_reviews(look, wanted, place)
        here = f"/at/{found_house.slug}/reviews"
        return page(
            "storefront/reviews.html",
            **await frame_of(look, request, found_house),
            found=found,
            summary=await reviews.summarise(look, found_house.id),
            newer=f"{here}?page={place.number - 1}" if place.number > 1 else None,
            older=f"{here}?page={place.number + 1}" if place.offset + LIST_LIMIT < total else None,
        )

    @post("/t/{capability:str}/review")
    async def write(
        self, uow: Work, capability: FromPath[str], data: URLEncodedBody[ReviewForm]
    ) -> Response[Any]:
        order = await load_order_by_capability(uow, capability)
        draft = reviews.Draft(
            rating=data.rating, body=data.body, order_id=order.id, capability=capability
        )
        await reviews.submit(uow, draft)
        return back_to(f"/t/{capability}#review-title")
