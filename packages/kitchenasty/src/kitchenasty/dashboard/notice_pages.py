"""The letters of the house: which wait, which arrived, which nobody could deliver."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import PathParameter, URLEncodedBody

from basis.errors import Conflict, DomainError, Invalid
from basis.kit.http.wire import Form
from basis.sentences import word
from kitchenasty import notices
from kitchenasty.dashboard.shell import office_page
from kitchenasty.kit.books import Look, UnitOfWork
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.keeping import keep_or_show_again
from kitchenasty.kit.http.web import Actor, Reading, WebRequest, Work, back_to
from kitchenasty.kit.principals import Principal
from kitchenasty.notices import NoticeState

KINDS = {
    "rules.mail": word("Written by a rule"),
    "rules.coupon": word("A coupon from a rule"),
    "rules.advertising": word("Advertising, written by a rule"),
    "receipts.paper": word("A receipt"),
    "deposits.kept": word("A deposit is kept"),
    "webhooks.off": word("A webhook was switched off"),
}
"""Those that no pattern says, or that are of more than one."""
STATES = {
    NoticeState.WAITING: (word("Waiting"), "warn"),
    NoticeState.SENT: (word("Sent"), "ok"),
    NoticeState.GIVEN_UP: (word("Given up"), "bad"),
    NoticeState.NEEDLESS: (word("Not needed any more"), ""),
    NoticeState.STOPPED: (word("Wants no advertising"), ""),
}
# The zone of an office that has several houses is nobody's: letters are told in UTC.
ZONE = "UTC"

NoticeId = Annotated[str, PathParameter(max_length=64)]


class ElsewhereForm(Form):
    to: Annotated[str, msgspec.Meta(max_length=300)] = ""


class NoticePages(Controller):
    path = "/admin/letters"
    include_in_schema = False
    opt = access(Access.MANAGER, every_house=True)

    @get()
    async def show_letters(
        self, request: WebRequest, look: Reading, principal: Actor
    ) -> Response[Any]:
        return await show(request, look, principal)

    @post("/again", status_code=303)
    async def send_all_again(self, uow: Work) -> Response[Any]:
        await notices.send_all_again(uow)
        return back_to("/admin/letters")

    @post("/{notice_id:str}/again", status_code=303)
    async def send_again(self, uow: Work, notice_id: NoticeId) -> Response[Any]:
        await notices.send_again(uow, notice_id)
        return back_to("/admin/letters")

    @post("/{notice_id:str}/elsewhere")
    async def send_elsewhere(
        self,
        request: WebRequest,
        principal: Actor,
        notice_id: NoticeId,
        data: URLEncodedBody[ElsewhereForm],
    ) -> Response[Any]:
        """To the address that the guest meant."""
        return await keep_or_show_again(
            request,
            principal,
            lambda uow: move(uow, request, notice_id, data.to),
            lambda look, said: show(request, look, principal, refusal=said),
            refused=(Conflict, Invalid),
        )


async def move(uow: UnitOfWork, request: WebRequest, notice_id: str, to: str) -> str:
    movable: frozenset[str] = request.app.state.movable_letters
    await notices.send_elsewhere(uow, notice_id, to, movable=movable)
    return "/admin/letters"


async def show(
    request: WebRequest, look: Look, principal: Principal, *, refusal: DomainError | None = None
) -> Response[Any]:
    patterns = request.app.state.letter_patterns.values()
    return office_page(
        "dashboard/letters.html",
        request,
        principal,
        refusal=refusal,
        letters=await notices.list_notices(look),
        tally=await notices.count_notices(look),
        has_server=await notices.load_smtp(look) is not None,
        kinds={one.key: one.words for one in patterns} | KINDS,
        movable=request.app.state.movable_letters,
        states=STATES,
        zone=ZONE,
    )
