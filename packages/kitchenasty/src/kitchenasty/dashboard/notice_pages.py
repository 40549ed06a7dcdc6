"""The letters of the house: which wait, which arrived, which nobody could deliver."""

from __future__ import annotations

from typing import Annotated, Any

from litestar import Controller, Response, get, post
from litestar.params import PathParameter

from basis.sentences import word
from kitchenasty import notices
from kitchenasty.dashboard.shell import office_page
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.web import Actor, Reading, WebRequest, Work, back_to
from kitchenasty.notices import NoticeState

KINDS = {
    "rules.mail": word("Written by a rule"),
    "rules.coupon": word("A coupon from a rule"),
    "account.confirm": word("Confirm the address"),
    "account.known": word("The account is there already"),
    "account.reset": word("New password"),
    "account.unknown": word("There is no such account"),
    "account.changed": word("The password was changed"),
    "staff.password": word("New password"),
    "staff.password-changed": word("The password was changed"),
}
STATES = {
    NoticeState.WAITING: (word("Waiting"), "warn"),
    NoticeState.SENT: (word("Sent"), "ok"),
    NoticeState.GIVEN_UP: (word("Given up"), "bad"),
    NoticeState.NEEDLESS: (word("Not needed any more"), ""),
}
# The zone of an office that has several houses is nobody's: letters are told in UTC.
ZONE = "UTC"

NoticeId = Annotated[str, PathParameter(max_length=64)]


class NoticePages(Controller):
    path = "/admin/letters"
    include_in_schema = False
    opt = access(Access.MANAGER, every_house=True)

    @get()
    async def show_letters(
        self, request: WebRequest, look: Reading, principal: Actor
    ) -> Response[Any]:
        return office_page(
            "dashboard/letters.html",
            request,
            principal,
            letters=await notices.list_notices(look),
            tally=await notices.count_notices(look),
            has_server=await notices.load_smtp(look) is not None,
            kinds=KINDS,
            states=STATES,
            zone=ZONE,
        )

    @post("/{notice_id:str}/again", status_code=303)
    async def send_again(self, uow: Work, notice_id: NoticeId) -> Response[Any]:
        await notices.send_again(uow, notice_id)
        return back_to("/admin/letters")
