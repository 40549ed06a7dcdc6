"""The office's gift cards: issued with a code that is shown once, seen, voided."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import PathParameter, URLEncodedBody

from basis.errors import DomainError
from basis.ids import is_id, new_id
from basis.kit.data.paging import Page
from basis.kit.http.wire import Form, bounded_minor
from basis.money import Money
from kitchenasty import gift_cards, locations
from kitchenasty.dashboard.shell import office_page
from kitchenasty.dashboard.typed_numbers import number_in
from kitchenasty.gift_cards import CardRefused, IssuedCard
from kitchenasty.kit.books import Look, UnitOfWork
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.keeping import keep_or_show_again
from kitchenasty.kit.http.visits import entrance_of
from kitchenasty.kit.http.web import (
    Actor,
    Reading,
    WebRequest,
    writing_for,
)
from kitchenasty.kit.principals import Principal

HERE = "/admin/gift-cards"
LIST_LIMIT = 100
Line = Annotated[str, msgspec.Meta(max_length=200)]
Short = Annotated[str, msgspec.Meta(max_length=36)]
CardId = Annotated[str, PathParameter(max_length=64)]


class IssueForm(Form):
    """What somebody types. `card` is the id of the card to be: a form sent twice makes one."""

    card: Short = ""
    amount: Short = ""
    currency: Annotated[str, msgspec.Meta(max_length=3)] = ""
    note: Line = ""


class VoidForm(Form):
    reason: Line = ""


class GiftCardPages(Controller):
    path = HERE
    include_in_schema = False
    opt = access(Access.MANAGER, every_house=True)

    @get("/")
    async def show_cards(
        self, request: WebRequest, look: Reading, principal: Actor
    ) -> Response[Any]:
        return await show_list(request, look, principal)

    @post("/", status_code=200)
    async def issue(
        self, request: WebRequest, principal: Actor, data: URLEncodedBody[IssueForm]
    ) -> Response[Any]:
        """The answer is the page with the code, since no address may have it. A refusal shows the
        form again as it was typed, so the transaction is opened here.
        """
        books = entrance_of(request).books
        refusal, issued = None, None
        try:
            async with writing_for(request, principal) as uow:
                card_id = data.card if is_id(data.card) else None
                amount = Money(minor_in(data), data.currency)
                issued = await gift_cards.issue(uow, amount, card_id=card_id, note=data.note)
        except DomainError as error:
            refusal = error
        async with books.reading(principal) as look:
            form = data if refusal else None
            return await show_list(
                request, look, principal, refusal=refusal, form=form, issued=issued
            )

    @get("/{card_id:str}")
    async def show_card(
        self, request: WebRequest, look: Reading, principal: Actor, card_id: CardId
    ) -> Response[Any]:
        return await show_one(request, look, principal, card_id)

    @post("/{card_id:str}/void")
    async def void(
        self,
        request: WebRequest,
        principal: Actor,
        card_id: CardId,
        data: URLEncodedBody[VoidForm],
    ) -> Response[Any]:
        return await keep_or_show_again(
            request,
            principal,
            lambda uow: void(uow, card_id, data),
            lambda look, said: show_one(request, look, principal, card_id, refusal=said),
            refused=(CardRefused, gift_cards.GiftCardVoid),
        )


async def void(uow: UnitOfWork, card_id: str, form: VoidForm) -> str:
    await gift_cards.void(uow, card_id, reason=form.reason)
    return f"{HERE}/{card_id}"


async def show_list(  # what a page is made of
    request: WebRequest,
    look: Look,
    principal: Principal,
    *,
    refusal: DomainError | None = None,
    form: IssueForm | None = None,
    issued: IssuedCard | None = None,
) -> Response[Any]:
    cards, total = await gift_cards.list_cards(look, Page(limit=LIST_LIMIT))
    houses = await locations.list_houses(look)
    currencies = sorted({house.currency for house in houses}) or ["EUR"]
    answer = office_page(
        "dashboard/gift_cards.html",
        request,
        principal,
        refusal=refusal,
        cards=cards,
        total=total,
        issued=issued,
        form=form or IssueForm(currency=currencies[0]),
        card_id=new_id(),
        currencies=[(code, code) for code in currencies],
        zone=houses[0].zone if houses else "UTC",
    )
    answer.headers.update({"Cache-Control": "no-store"})
    return answer


async def show_one(
    request: WebRequest,
    look: Look,
    principal: Principal,
    card_id: str,
    *,
    refusal: DomainError | None = None,
) -> Response[Any]:
    houses = await locations.list_houses(look)
    return office_page(
        "dashboard/gift_card.html",
        request,
        principal,
        refusal=refusal,
        card=await gift_cards.load_card(look, card_id),
        entries=await gift_cards.list_entries(look, card_id),
        kinds=gift_cards.KIND_WORDS,
        zone=houses[0].zone if houses else "UTC",
    )


def minor_in(form: IssueForm) -> int:
    """Raises NumberUnreadable, BadAmount."""
    return bounded_minor(number_in(form.amount), form.currency)
