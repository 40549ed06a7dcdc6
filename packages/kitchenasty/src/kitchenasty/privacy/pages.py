"""A guest's own data: shown, taken along, and forgotten. It works without script."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import URLEncodedBody

from basis.errors import DomainError
from basis.kit.http.wire import ENCODER, Form
from basis.sentences import word
from kitchenasty.kit.books import Look
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.visits import entrance_of
from kitchenasty.kit.http.web import (
    Actor,
    Reading,
    WebRequest,
    Work,
    page,
    writing_for,
)
from kitchenasty.kit.principals import Principal
from kitchenasty.privacy.asking import id_of
from kitchenasty.privacy.erase import NotConfirmed, OrdersOpen, erase_guest
from kitchenasty.privacy.export import Export, collect, export_guest

ROWS_SHOWN = 50
TITLES = {
    "account": word("Account"),
    "addresses": word("Addresses"),
    "consents": word("What you said to cookies"),
    "advertising": word("What you said about advertising"),
    "notesOfTheHouse": word("Notes of the house"),
    "points": word("Points"),
    "linksInLetters": word("Links in letters"),
    "signIns": word("Where you are signed in"),
    "orders": word("Orders"),
    "dishesOrdered": word("Dishes ordered"),
    "whatHappenedToOrders": word("What happened to orders"),
    "payments": word("Payments"),
    "moneyReturned": word("Money returned"),
    "refunds": word("Refunds"),
    "giftCardsUsed": word("Gift cards used"),
    "couponsUsed": word("Coupons used"),
    "letters": word("Letters"),
    "trail": word("Changes to your account and orders"),
    "doneByYou": word("Done by you"),
    "reviews": word("Reviews"),
    "signInsElsewhere": word("Sign-in with others"),
}


class EraseForm(Form):
    email: Annotated[str, msgspec.Meta(max_length=254)] = ""


class OwnDataPages(Controller):
    path = "/account"
    include_in_schema = False
    opt = access(Access.CUSTOMER)

    @get("/data")
    async def show_data(self, look: Reading, principal: Actor) -> Response[Any]:
        return await show(look, principal)

    @get("/data.json")
    async def take_data(self, uow: Work, principal: Actor) -> Response[Any]:
        return as_file(await export_guest(uow, id_of(principal)))

    @post("/erase")
    async def erase(
        self, request: WebRequest, principal: Actor, data: URLEncodedBody[EraseForm]
    ) -> Response[Any]:
        try:
            async with writing_for(request, principal) as uow:
                await erase_guest(uow, id_of(principal), typed=data.email)
        except (NotConfirmed, OrdersOpen) as refusal:
            async with entrance_of(request).books.reading(principal) as look:
                return await show(look, principal, refusal=refusal)
        return page("privacy/forgotten.html")


async def show(
    look: Look, principal: Principal, *, refusal: DomainError | None = None
) -> Response[Any]:
    export = await collect(look, id_of(principal))
    return page(
        "privacy/data.html",
        refusal=refusal,
        sections={title: rows for title, rows in export.items() if rows},
        titles=TITLES,
        rows_shown=ROWS_SHOWN,
    )


def as_file(export: Export) -> Response[Any]:
    """A file for programs, which the browser keeps and does not show."""
    return Response(
        ENCODER.encode({"sections": export}),
        media_type="application/json",
        headers={"content-disposition": 'attachment; filename="my-data.json"'},
    )
