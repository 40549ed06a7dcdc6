"""The API's door to split bills. It computes; who pays how is for the counter."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import msgspec
from litestar import post
from litestar.params import JSONBody, PathParameter

from basis.kit.http.api import ApiController
from basis.kit.http.wire import Amount, Envelope, Form, WireStruct, amount, ok
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.web import Reading
from kitchenasty.kit.principals import Scope
from kitchenasty.orders import queries
from kitchenasty.orders.shares import load_shares
from kitchenasty.orders.split import PARTS_MAX, BillSplit, split_bill
from kitchenasty.orders.totals import BillPart, TaxTotal

ITEMS_MAX = 50
WEIGHT_MAX = 99
OrderId = Annotated[str, PathParameter(max_length=64)]
Weight = Annotated[int, msgspec.Meta(ge=0, le=WEIGHT_MAX)]


class ItemShares(Form, kw_only=True):
    """Who had an item: one number for each guest, 0 for those who had nothing of it."""

    item_id: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    shares: Annotated[list[Weight], msgspec.Meta(max_length=PARTS_MAX)]


class SplitForm(Form, kw_only=True):
    """Without items the parts are equal. What nobody claims, fees and the tip go by what each guest
    has of the rest.
    """

    parts: Annotated[int, msgspec.Meta(ge=2, le=PARTS_MAX)]
    items: Annotated[list[ItemShares], msgspec.Meta(max_length=ITEMS_MAX)] = []


class PartTaxView(WireStruct, kw_only=True):
    name: str
    rate: str
    amount: Amount


class BillPartView(WireStruct, kw_only=True):
    """What one guest pays, and the tax in it."""

    amount: Amount
    tax: Amount
    taxes: list[PartTaxView]

    @classmethod
    def of(cls, part: BillPart, taxes: Sequence[TaxTotal], currency: str) -> BillPartView:
        """An order older than the price engine knows no names of its taxes."""
        return cls(
            amount=amount(part.minor, currency),
            tax=amount(part.tax_minor, currency),
            taxes=[
                PartTaxView(name=one.tax, rate=one.rate.to_text(), amount=amount(minor, currency))
                for one, minor in zip(taxes, part.taxes, strict=False)
            ],
        )


class SplitsApi(ApiController):
    path = "/api/orders/{order_id:str}/split"
    tags = ["Orders"]

    @post(
        opt=access(Access.STAFF, key=Scope.ORDERS_WRITE), status_code=200, operation_id="SplitBill"
    )
    async def split(
        self, look: Reading, order_id: OrderId, data: JSONBody[SplitForm]
    ) -> Envelope[list[BillPartView]]:
        """What each of several guests pays; the parts add up to the order's total."""
        order = await queries.load_visible(look, order_id)
        eaten = {item.item_id: tuple(item.shares) for item in data.items}
        wish = BillSplit(data.parts, eaten)
        parts = split_bill(order, await load_shares(look, order), wish)
        taxes = await queries.list_taxes(look, order.id)
        return ok([BillPartView.of(part, taxes, order.currency) for part in parts])
