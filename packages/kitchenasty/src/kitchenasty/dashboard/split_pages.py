"""Splitting a bill in the office: for how many guests, and who had what. Nothing is changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from litestar import Controller, Response, get
from litestar.params import PathParameter

from basis.kit.texts import whole_in
from kitchenasty import orders
from kitchenasty.dashboard.shell import office_page
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.i18n import translate
from kitchenasty.kit.http.web import Actor, Reading, WebRequest

PARTS_MIN, PARTS_MAX = 2, 20
LINE = "line-"
OrderId = Annotated[str, PathParameter(max_length=64)]


class SplitPages(Controller):
    path = "/admin/orders/{order_id:str}/split"
    include_in_schema = False
    opt = access(Access.STAFF)

    @get()
    async def show_split(
        self, request: WebRequest, look: Reading, principal: Actor, order_id: OrderId
    ) -> Response[Any]:
        """`parts` guests; `line-<id>` is the number of the guest whose it is, from 1 on."""
        order = await orders.load_visible(look, order_id)
        asked = dict(request.query_params)
        parts = number_in(asked.get("parts", ""), PARTS_MIN, PARTS_MAX) or PARTS_MIN
        owners = owners_in(asked, order, parts)
        eaten = {
            line: [int(one == who) for one in range(1, parts + 1)] for line, who in owners.items()
        }
        shares = await orders.load_shares(look, order)
        return office_page(
            "dashboard/split.html",
            request,
            principal,
            order=order,
            parts_count=parts,
            parts_most=PARTS_MAX,
            owners=owners,
            choices=choices_for(parts),
            bills=orders.split_bill(order, shares, orders.BillSplit(parts, eaten)),
        )


def owners_in(asked: Mapping[str, str], order: orders.Order, parts: int) -> dict[str, int]:
    """The guest of each line that is one guest's own; words that say nothing are left out."""
    found = {line.id: number_in(asked.get(LINE + line.id, ""), 1, parts) for line in order.lines}
    return {line_id: who for line_id, who in found.items() if who is not None}


def number_in(text: str, least: int, most: int) -> int | None:
    number = whole_in(text)
    return None if number is None or not least <= number <= most else number


def choices_for(parts: int) -> list[tuple[str, str]]:
    guests = [(str(one), translate("Guest %s") % one) for one in range(1, parts + 1)]
    return [("", translate("shared")), *guests]
