"""What the house keeps about a guest: handed over, or forgotten, when they ask for it."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import URLEncodedBody

from basis.kit.http.wire import ENCODER, Form
from kitchenasty import privacy
from kitchenasty.dashboard.guests.filters import LIST
from kitchenasty.dashboard.guests.pages import GuestId
from kitchenasty.dashboard.guests.pages import show as show_guest
from kitchenasty.dashboard.order_pages import OrderId
from kitchenasty.dashboard.order_pages import show as show_order
from kitchenasty.kit.books import UnitOfWork
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.keeping import keep_or_show_again
from kitchenasty.kit.http.web import Actor, WebRequest, Work


class ForgetForm(Form):
    email: Annotated[str, msgspec.Meta(max_length=254)] = ""


class GuestDataPages(Controller):
    path = f"{LIST}/{{customer_id:str}}"
    include_in_schema = False
    opt = access(Access.MANAGER, every_house=True)

    @get("/data.json")
    async def hand_over(self, uow: Work, customer_id: GuestId) -> Response[Any]:
        export = await privacy.export_guest(uow, customer_id)
        return Response(
            ENCODER.encode({"sections": export}),
            media_type="application/json",
            headers={"content-disposition": 'attachment; filename="guest-data.json"'},
        )

    @post("/erase")
    async def erase(
        self,
        request: WebRequest,
        principal: Actor,
        customer_id: GuestId,
        data: URLEncodedBody[ForgetForm],
    ) -> Response[Any]:
        return await keep_or_show_again(
            request,
            principal,
            lambda uow: erase(uow, customer_id, data),
            lambda look, said: show_guest(request, look, principal, customer_id, refusal=said),
            refused=(privacy.NotConfirmed, privacy.OrdersOpen),
        )


class ConfirmForm(Form):
    contact: Annotated[str, msgspec.Meta(max_length=254)] = ""


class StrangerDataPages(Controller):
    """Whoever ordered without an account is known by the order alone."""

    path = "/admin/orders/{order_id:str}"
    include_in_schema = False
    opt = access(Access.MANAGER, every_house=True)

    @post("/forget-guest")
    async def erase_stranger(
        self,
        request: WebRequest,
        principal: Actor,
        order_id: OrderId,
        data: URLEncodedBody[ConfirmForm],
    ) -> Response[Any]:
        return await keep_or_show_again(
            request,
            principal,
            lambda uow: erase_stranger(uow, order_id, data),
            lambda look, said: show_order(request, look, principal, order_id, refusal=said),
            refused=(privacy.ContactNotConfirmed, privacy.HasAccount, privacy.OrdersOpen),
        )


async def erase(uow: UnitOfWork, customer_id: str, form: ForgetForm) -> str:
    await privacy.erase_guest(uow, customer_id, typed=form.email)
    return f"{LIST}?told=forgotten"


async def erase_stranger(uow: UnitOfWork, order_id: str, form: ConfirmForm) -> str:
    await privacy.erase_stranger(uow, order_id, typed=form.contact)
    return f"/admin/orders/{order_id}?told=forgotten"
