"""What the house keeps about a guest: handed over, or forgotten, when they ask for it."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import URLEncodedBody

from kitchenasty import privacy
from kitchenasty.dashboard.guests.filters import LIST
from kitchenasty.dashboard.guests.pages import GuestId, show_again
from kitchenasty.dashboard.order_pages import OrderId
from kitchenasty.dashboard.order_pages import show as show_order
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.visits import entrance_of
from kitchenasty.kit.http.web import Actor, WebRequest, Work, back_to, writing_for
from kitchenasty.kit.http.wire import ENCODER, Form


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
        try:
            async with writing_for(request, principal) as uow:
                await privacy.erase_guest(uow, customer_id, typed=data.email)
        except (privacy.NotConfirmed, privacy.OrdersOpen) as refusal:
            return await show_again(request, principal, customer_id, refusal)
        return back_to(f"{LIST}?told=forgotten")


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
        books = entrance_of(request).books
        try:
            async with writing_for(request, principal) as uow:
                await privacy.erase_stranger(uow, order_id, typed=data.contact)
        except (privacy.ContactNotConfirmed, privacy.HasAccount, privacy.OrdersOpen) as refusal:
            async with books.reading(principal) as look:
                return await show_order(request, look, principal, order_id, refusal=refusal)
        return back_to(f"/admin/orders/{order_id}?told=forgotten")
