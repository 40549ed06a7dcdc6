"""A guest's points: how many, what they are worth, and where each came from and went."""

from __future__ import annotations

from typing import Any

from litestar import Controller, Response, get

from basis.kit.data.paging import Page
from basis.kit.texts import whole_in
from kitchenasty import loyalty
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.web import Actor, Reading, WebRequest, page
from kitchenasty.locations import list_houses

SHOWN = 30
PATH = "/account/points"


class PointsPages(Controller):
    path = PATH
    include_in_schema = False
    opt = access(Access.CUSTOMER)

    @get()
    async def show_points(
        self, look: Reading, request: WebRequest, principal: Actor
    ) -> Response[Any]:
        customer_id = principal.id or ""
        programme = await loyalty.load_programme(look)
        balance = await loyalty.load_balance(look, customer_id)
        shown = Page.of(whole_in(request.query_params.get("page", "")), SHOWN)
        entries, total = await loyalty.list_entries(look, customer_id, shown)
        houses = await list_houses(look)
        return page(
            "storefront/points.html",
            programme=programme,
            balance=balance,
            worth_minor=programme.worth_minor(max(0, balance)),
            entries=entries,
            kinds=loyalty.KIND_WORDS,
            zone=houses[0].zone if houses else "UTC",
            newer=f"{PATH}?page={shown.number - 1}" if shown.number > 1 else None,
            older=f"{PATH}?page={shown.number + 1}"
            if total > shown.offset + len(entries)
            else None,
        )
