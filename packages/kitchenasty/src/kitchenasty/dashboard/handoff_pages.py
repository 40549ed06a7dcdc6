"""Offering a delivery to couriers once more, from the page of its order."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from litestar import Controller, Response, post
from litestar.params import PathParameter, URLEncodedBody

from basis.errors import Conflict, Invalid
from basis.kit.http.wire import Form
from kitchenasty import handoff
from kitchenasty.dashboard.order_pages import show
from kitchenasty.dashboard.typed_numbers import whole_or_none
from kitchenasty.kit.books import UnitOfWork
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.keeping import keep_or_show_again
from kitchenasty.kit.http.web import Actor, WebRequest

OrderId = Annotated[str, PathParameter(max_length=64)]


class OfferForm(Form):
    """Lamports as typed; empty for what the house pays by its rule."""

    budget: Annotated[str, msgspec.Meta(max_length=20)] = ""


class HandoffPages(Controller):
    path = "/admin/orders/{order_id:str}/couriers"
    include_in_schema = False
    opt = access(Access.MANAGER)

    @post("/")
    async def offer_again(
        self,
        request: WebRequest,
        principal: Actor,
        order_id: OrderId,
        data: URLEncodedBody[OfferForm],
    ) -> Response[Any]:
        return await keep_or_show_again(
            request,
            principal,
            lambda uow: offer(uow, order_id, data),
            lambda look, said: show(request, look, principal, order_id, refusal=said),
            refused=(Conflict, Invalid),
        )


async def offer(uow: UnitOfWork, order_id: str, form: OfferForm) -> str:
    await handoff.try_again(uow, order_id, budget=whole_or_none(form.budget) or 0)
    return f"/admin/orders/{order_id}"
