"""The office's reviews: read, shown or hidden, answered, deleted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any
from urllib.parse import urlencode

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import PathParameter, URLEncodedBody

from basis.errors import DomainError
from basis.kit.data.paging import Page
from basis.kit.http.wire import Form
from basis.kit.texts import whole_in
from kitchenasty import reviews
from kitchenasty.dashboard.order_pages import list_own_houses
from kitchenasty.dashboard.shell import office_page
from kitchenasty.kit.books import Look, UnitOfWork
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.i18n import translate
from kitchenasty.kit.http.keeping import keep_or_show_again
from kitchenasty.kit.http.web import (
    Actor,
    Reading,
    WebRequest,
    Work,
    back_to,
)
from kitchenasty.kit.principals import Principal, Role

HERE = "/admin/reviews"
LIST_LIMIT = 30
PAGES_MAX = 10_000
ReviewId = Annotated[str, PathParameter(max_length=64)]


class ReplyForm(Form):
    PARAGRAPHS = frozenset({"reply"})

    reply: Annotated[str, msgspec.Meta(max_length=reviews.REPLY_LENGTH_MAX + 100)] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """The filters as they stand in the address; nonsense is left out."""

    state: str = ""
    house: str = ""
    rating: str = ""
    number: int = 1

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Wanted:
        state, rating, number = (query.get(name, "") for name in ("state", "rating", "page"))
        return cls(
            state=state if state in set(reviews.ReviewState) else "",
            house=query.get("house", "")[:36],
            rating=rating if rating in tuple("12345") else "",
            number=min(whole_in(number) or 1, PAGES_MAX),
        )

    @property
    def is_narrow(self) -> bool:
        return replace(self, number=1) != Wanted()

    def to_filter(self, principal: Principal) -> reviews.ReviewFilter:
        houses = principal.house_ids
        if self.house:
            houses = frozenset({self.house} if principal.may_see_house(self.house) else ())
        return reviews.ReviewFilter(
            house_ids=houses,
            state=reviews.ReviewState(self.state) if self.state else None,
            rating=int(self.rating) if self.rating else None,
        )

    def address(self, number: int = 1) -> str:
        asked = {"state": self.state, "house": self.house, "rating": self.rating}
        asked["page"] = str(number) if number > 1 else ""
        query = urlencode({name: value for name, value in asked.items() if value})
        return f"{HERE}?{query}" if query else HERE


class ReviewPages(Controller):
    path = HERE
    include_in_schema = False
    opt = access(Access.STAFF)

    @get("/")
    async def show_reviews(
        self, request: WebRequest, look: Reading, principal: Actor
    ) -> Response[Any]:
        return await show(request, look, principal)

    @post("/{review_id:str}/show")
    async def show_review(self, uow: Work, review_id: ReviewId) -> Response[Any]:
        await reviews.decide(uow, review_id, reviews.ReviewState.APPROVED)
        return back_to(f"{HERE}?told=shown#review-{review_id}")

    @post("/{review_id:str}/hide")
    async def hide_review(self, uow: Work, review_id: ReviewId) -> Response[Any]:
        await reviews.decide(uow, review_id, reviews.ReviewState.HIDDEN)
        return back_to(f"{HERE}?told=hidden#review-{review_id}")

    @post("/{review_id:str}/reply")
    async def reply(
        self,
        request: WebRequest,
        principal: Actor,
        review_id: ReviewId,
        data: URLEncodedBody[ReplyForm],
    ) -> Response[Any]:
        return await keep_or_show_again(
            request,
            principal,
            lambda uow: answer(uow, review_id, data),
            lambda look, said: show(request, look, principal, refusal=said),
            refused=reviews.ReviewRefused,
        )

    @post("/{review_id:str}/remove", opt=access(Access.MANAGER))
    async def remove(self, uow: Work, review_id: ReviewId) -> Response[Any]:
        await reviews.remove(uow, review_id)
        return back_to(f"{HERE}?told=removed")


async def answer(uow: UnitOfWork, review_id: str, form: ReplyForm) -> str:
    await reviews.answer(uow, review_id, form.reply)
    return f"{HERE}?told=replied#review-{review_id}"


async def show(
    request: WebRequest, look: Look, principal: Principal, *, refusal: DomainError | None = None
) -> Response[Any]:
    wanted = Wanted.of(request.query_params)
    houses = await list_own_houses(look, principal)
    place = Page(number=wanted.number, limit=LIST_LIMIT)
    found, total = await reviews.list_reviews(look, wanted.to_filter(principal), place)
    return office_page(
        "dashboard/reviews.html",
        request,
        principal,
        refusal=refusal,
        wanted=wanted,
        found=found,
        total=total,
        state_words=reviews.STATE_WORDS,
        state_choices=[
            ("", translate("All")),
            *((state.value, translate(words)) for state, words in reviews.STATE_WORDS.items()),
        ],
        rating_choices=[("", translate("All")), *((stars, stars) for stars in "54321")],
        house_choices=[("", translate("All")), *((house.id, house.name) for house in houses)],
        house_names={house.id: house.name for house in houses},
        zones={house.id: house.zone for house in houses},
        may_remove=principal.has_role(Role.MANAGER),
        newer=wanted.address(wanted.number - 1) if wanted.number > 1 else None,
        older=wanted.address(wanted.number + 1) if place.offset + LIST_LIMIT < total else None,
        told=request.query_params.get("told", "") if refusal is None else "",
    )
