"""Giving money back from the page of an order: choose, see what goes back, confirm."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import PathParameter, URLEncodedBody

from basis.errors import DomainError
from basis.ids import new_id
from basis.kit.data.idempotency import answer_once
from basis.money import Money
from basis.sentences import word
from kitchenasty import orders, payments, refunds
from kitchenasty.dashboard.refund_form import CHARGE_LABELS, RefundTyped, read_refund
from kitchenasty.dashboard.shell import office_page
from kitchenasty.kit.books import Look, UnitOfWork
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.visits import entrance_of
from kitchenasty.kit.http.web import (
    Actor,
    Reading,
    WebRequest,
    Work,
    back_to,
    writing_for,
)
from kitchenasty.kit.principals import Principal

CONFIRM, CHANGE = "confirm", "change"
TENDER_WORDS = {
    "CASH": word("In cash, over the counter"),
    "CARD": word("To the card, at the counter"),
    "STRIPE": word("To the card, by Stripe"),
    "PAYPAL": word("To the guest's PayPal account"),
    "GIFT_CARD": word("To the gift card"),
    "DEPOSIT": word("To the deposit, and with what is left of it to the guest"),
}
OrderId = Annotated[str, PathParameter(max_length=64)]


class ReturnForm(msgspec.Struct):
    """What is done about money that a provider refused to give back."""

    step: Literal["again", "by-hand"]


class ReturnPages(Controller):
    path = "/admin/orders/{order_id:str}/returns/{return_id:str}"
    include_in_schema = False
    opt = access(Access.MANAGER)

    @post()
    async def decide(
        self,
        uow: Work,
        order_id: OrderId,
        return_id: Annotated[str, PathParameter(max_length=64)],
        data: URLEncodedBody[ReturnForm],
    ) -> Response[Any]:
        """Ask the provider once more, or note that the guest has the money by another way."""
        order = await orders.load_visible(uow, order_id)
        if data.step == "again":
            await payments.ask_again(uow, order.id, return_id)
        else:
            await payments.give_back_by_hand(uow, order.id, return_id)
        return back_to(f"/admin/orders/{order.id}")


class RefundPages(Controller):
    path = "/admin/orders/{order_id:str}/refund"
    include_in_schema = False
    opt = access(Access.MANAGER)

    @get()
    async def choose(
        self, request: WebRequest, look: Reading, principal: Actor, order_id: OrderId
    ) -> Response[Any]:
        order = await orders.load_visible(look, order_id)
        return await show_choice(request, look, principal, order, RefundTyped())

    @post()
    async def go_on(
        self, request: WebRequest, principal: Actor, order_id: OrderId
    ) -> Response[Any]:
        """First what would go back; then, confirmed, it does."""
        typed = read_refund((await request.form()).multi_items())
        books = entrance_of(request).books
        try:
            if typed.step == CONFIRM:
                return await give_back(request, principal, order_id, typed)
            async with books.reading(principal) as look:
                order = await orders.load_visible(look, order_id)
                if typed.step == CHANGE:
                    return await show_choice(request, look, principal, order, typed)
                return await show_preview(request, look, principal, order, typed)
        except orders.OrderNotFound:
            raise
        except DomainError as refusal:
            async with books.reading(principal) as look:
                order = await orders.load_visible(look, order_id)
                return await show_choice(request, look, principal, order, typed, refusal)


async def give_back(
    request: WebRequest, principal: Principal, order_id: str, typed: RefundTyped
) -> Response[Any]:
    """Sent twice with one key, it happens once. Raises what `refunds.refund` raises."""
    async with writing_for(request, principal) as uow:
        order = await orders.load_visible(uow, order_id)
        given = await answer_once(
            uow,
            scope=f"{principal.label} POST {request.url.path}",
            key=typed.key,
            body=repr(typed).encode(),
            act=lambda: decide(uow, order, typed),
        )
    return back_to(f"/admin/orders/{order_id}?refunded={given.content.decode()}")


async def decide(uow: UnitOfWork, order: orders.Order, typed: RefundTyped) -> tuple[int, bytes]:
    made = await refunds.refund(
        uow,
        order,
        typed.to_wish(order.currency),
        reason=typed.reason,
        seen_minor=typed.seen_minor,
    )
    return 303, made.id.encode()


async def show_choice(  # what the page shows
    request: WebRequest,
    look: Look,
    principal: Principal,
    order: orders.Order,
    typed: RefundTyped,
    refusal: DomainError | None = None,
) -> Response[Any]:
    return office_page(
        "dashboard/refund.html",
        request,
        principal,
        refusal=refusal,
        order=order,
        bill=await refunds.look_at_bill(look, order),
        charge_labels=CHARGE_LABELS,
        typed=typed,
    )


async def show_preview(
    request: WebRequest,
    look: Look,
    principal: Principal,
    order: orders.Order,
    typed: RefundTyped,
) -> Response[Any]:
    made = await refunds.preview(look, order, typed.to_wish(order.currency))
    paid = await payments.list_paid(look, order.id)
    return office_page(
        "dashboard/refund_preview.html",
        request,
        principal,
        order=order,
        made=made,
        taxes=refunds.taxes_in(made, await orders.list_taxes(look, order.id)),
        tenders=payments.spread(paid, Money(made.minor, order.currency)),
        tender_words=TENDER_WORDS,
        charge_labels=CHARGE_LABELS,
        typed=typed,
        key=new_id(),
    )
