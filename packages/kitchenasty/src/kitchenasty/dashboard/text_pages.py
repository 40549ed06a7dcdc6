"""The text messages of the house: which wait, which arrived, and what was only written down."""

from __future__ import annotations

from typing import Annotated, Any

from litestar import Controller, Response, get, post
from litestar.params import PathParameter

from basis.sentences import word
from kitchenasty import texting
from kitchenasty.dashboard.shell import office_page
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.web import Actor, Reading, WebRequest, Work, back_to
from kitchenasty.texting import TextState

HERE = "/admin/texts"
KINDS = {
    "orders.ready": word("An order is ready"),
    "rules.text": word("Written by a rule"),
    "reservations.reminder": word("A reminder of a table"),
}
STATES = {
    TextState.WAITING: (word("Waiting"), "warn"),
    TextState.SENT: (word("Sent"), "info"),
    TextState.DELIVERED: (word("Arrived"), "ok"),
    TextState.GIVEN_UP: (word("Given up"), "bad"),
    TextState.NEEDLESS: (word("Not needed any more"), ""),
    TextState.STOPPED: (word("Wants no texts"), "bad"),
    TextState.SHOWN: (word("Only written down"), ""),
}
# The zone of an office that has several houses is nobody's: texts are told in UTC.
ZONE = "UTC"

TextId = Annotated[str, PathParameter(max_length=64)]


class TextPages(Controller):
    path = HERE
    include_in_schema = False
    opt = access(Access.MANAGER, every_house=True)

    @get()
    async def show_texts(
        self, request: WebRequest, look: Reading, principal: Actor
    ) -> Response[Any]:
        return office_page(
            "dashboard/texts.html",
            request,
            principal,
            texts=await texting.list_texts(look),
            tally=await texting.count_texts(look),
            terms=await texting.load_text_terms(look),
            kinds=KINDS,
            states=STATES,
            zone=ZONE,
        )

    @post("/{text_id:str}/again", status_code=303)
    async def send_again(self, uow: Work, text_id: TextId) -> Response[Any]:
        await texting.send_text_again(uow, text_id)
        return back_to(HERE)
