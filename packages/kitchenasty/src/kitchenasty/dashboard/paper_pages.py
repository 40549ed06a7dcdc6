"""Who sells, as receipts name it, and what managers may give back without the owner."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import PathParameter, URLEncodedBody

from basis.errors import DomainError, Invalid
from basis.kit.http.wire import Form
from basis.money import Money
from kitchenasty import locations, refunds
from kitchenasty.dashboard.order_pages import list_own_houses
from kitchenasty.dashboard.refund_form import minor_in
from kitchenasty.dashboard.shell import office_page
from kitchenasty.kit.books import Look, UnitOfWork
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.keeping import keep_or_show_again
from kitchenasty.kit.http.web import (
    Actor,
    Reading,
    WebRequest,
)
from kitchenasty.kit.principals import Principal, Role

HERE = "/admin/papers"


class PaperForm(Form):
    """The limit is the owner's to set; from others it is not read."""

    legal_name: Annotated[str, msgspec.Meta(max_length=160)] = ""
    tax_id: Annotated[str, msgspec.Meta(max_length=40)] = ""
    limit: Annotated[str, msgspec.Meta(max_length=15)] = ""


class PaperPages(Controller):
    path = HERE
    include_in_schema = False
    opt = access(Access.MANAGER)

    @get("/")
    async def show_papers(
        self, request: WebRequest, look: Reading, principal: Actor
    ) -> Response[Any]:
        return await show(request, look, principal)

    @post("/{house_id:str}")
    async def change(
        self,
        request: WebRequest,
        principal: Actor,
        house_id: Annotated[str, PathParameter(max_length=64)],
        data: URLEncodedBody[PaperForm],
    ) -> Response[Any]:
        return await keep_or_show_again(
            request,
            principal,
            lambda uow: keep(uow, house_id, data),
            lambda look, said: show(request, look, principal, refused=(house_id, said, data)),
            refused=Invalid,
        )


async def keep(uow: UnitOfWork, house_id: str, form: PaperForm) -> str:
    house = await locations.load_own_house(uow, house_id)
    seller = {"legal_name": form.legal_name or None, "tax_id": form.tax_id or None}
    await locations.change_house(uow, house.id, seller)
    if uow.actor.has_role(Role.SUPER_ADMIN) and form.limit:
        await refunds.set_limit(uow, house, minor_in(form.limit, house.currency))
    return f"{HERE}?saved={house_id}"


async def show(
    request: WebRequest,
    look: Look,
    principal: Principal,
    *,
    refused: tuple[str, DomainError, PaperForm] | None = None,
) -> Response[Any]:
    houses = await list_own_houses(look, principal)
    forms = {house.id: await form_of(look, house) for house in houses}
    refused_id, refusal, kept = refused or ("", None, None)
    if kept is not None and refused_id in forms:
        forms[refused_id] = kept
    return office_page(
        "dashboard/papers.html",
        request,
        principal,
        refusal=refusal,
        houses=houses,
        forms=forms,
        may_limit=principal.has_role(Role.SUPER_ADMIN),
        refused_id=refused_id,
        saved=request.query_params.get("saved", ""),
    )


async def form_of(look: Look, house: locations.House) -> PaperForm:
    most = Money(await refunds.load_limit(look, house.id), house.currency)
    return PaperForm(house.legal_name or "", house.tax_id or "", most.to_major_text())
