"""What guests are told and asked about cookies. It works without script."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from litestar import Controller, Response, get, post
from litestar.datastructures import Cookie
from litestar.params import QueryParameter

from basis.kit.http.wire import Form
from kitchenasty.consent import answering
from kitchenasty.consent.gate import choice_of, cookie_name, current_notice
from kitchenasty.consent.rules import (
    CATEGORIES_MAX,
    Choice,
    Notice,
    names_to_forget,
    secret_in,
    write_choice,
)
from kitchenasty.kit.http.access import Access, access, take_permit
from kitchenasty.kit.http.local_paths import local_path
from kitchenasty.kit.http.ticked import read_ticked
from kitchenasty.kit.http.visits import cookie
from kitchenasty.kit.http.web import (
    Actor,
    WebRequest,
    back_to,
    page,
    wants_json,
    writing_for,
)
from kitchenasty.kit.limits import CONSENT_PER_ADDRESS

HERE = "/cookies"
REMEMBERED_SECONDS = 182 * 86_400
"""Half a year; then everybody is asked again, whatever they said."""
Next = Annotated[str, msgspec.Meta(max_length=500)]
Asked = Annotated[str, QueryParameter(max_length=500)]


class AnswerTyped(Form, kw_only=True):
    """`accept` are the ids of the ticked categories, and counts with `some` only."""

    choice: Literal["all", "needed", "some"]
    version: Annotated[str, msgspec.Meta(max_length=9, pattern=r"^[0-9]{1,9}$")]
    accept: Annotated[
        list[Annotated[str, msgspec.Meta(max_length=64)]],
        msgspec.Meta(max_length=CATEGORIES_MAX),
    ] = msgspec.field(default_factory=list)
    next: Next = "/"

    VERBATIM = frozenset({"next"})


class CookiePages(Controller):
    path = HERE
    include_in_schema = False
    opt = access(Access.PUBLIC)

    @get("/")
    async def show_cookies(self, request: WebRequest, next: Asked = "/") -> Response[Any]:  # noqa: A002  # the field's name
        """What there is, and what this browser has said to it."""
        return show(request, next)

    @post("/", opt=access(Access.PUBLIC, reads=AnswerTyped))
    async def answer(self, request: WebRequest, principal: Actor) -> Response[Any]:
        """Keep the answer, and go back to where one was."""
        data = await read_ticked(request, AnswerTyped)
        take_permit(request.app.state.limits, request, CONSENT_PER_ADDRESS)
        known = request.cookies.get(cookie_name(request))
        try:
            async with writing_for(request, principal) as uow:
                notice, choice = await answering.answer(
                    uow,
                    wanted(data),
                    version=int(data.version),
                    before=choice_of(request),
                    secret=secret_in(known),
                )
        except answering.QuestionChanged as refusal:
            if wants_json(request):
                raise
            return show(request, data.next, refusal)
        answer = (
            Response(None, status_code=204)
            if wants_json(request)
            else back_to(local_path(data.next, otherwise="/"))
        )
        answer.cookies = [remembered(request, notice, choice), *forgotten(request, notice, choice)]
        return answer


def wanted(data: AnswerTyped) -> frozenset[str]:
    if data.choice == "all":
        return frozenset(one.id for one in current_notice().asked)
    return frozenset(data.accept) if data.choice == "some" else frozenset()


def show(
    request: WebRequest, following: str, refusal: answering.QuestionChanged | None = None
) -> Response[Any]:
    choice = choice_of(request)
    return page(
        "consent/cookies.html",
        refusal=refusal,
        notice=current_notice(),
        choice=choice,
        answer_number=answering.visitor_of(choice.secret) if choice and choice.secret else "",
        following=local_path(following, otherwise="/"),
    )


def remembered(request: WebRequest, notice: Notice, choice: Choice) -> Cookie:
    return cookie(request, cookie_name(request), write_choice(notice, choice), REMEMBERED_SECONDS)


def forgotten(request: WebRequest, notice: Notice, choice: Choice) -> list[Cookie]:
    """What a declined category has left in the browser, as far as its cookies came along."""
    names = names_to_forget(notice, choice.accepted, request.cookies)
    return [cookie(request, name, "", 0) for name in names]
