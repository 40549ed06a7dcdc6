"""The API's doors to refunds: what is left of an order, what would go back, and giving it back."""

from __future__ import annotations

from typing import Annotated

from litestar import Response, get, post, put
from litestar.params import HeaderParameter, JSONBody, PathParameter

from basis.kit.http.api import ApiController
from basis.kit.http.wire import ENCODER, Envelope, amount, bounded_minor, ok
from kitchenasty import locations, orders
from kitchenasty.kit.books import Look
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.once import answer_request
from kitchenasty.kit.http.web import Reading, WebRequest, Work
from kitchenasty.kit.principals import Scope
from kitchenasty.refunds import queries, service
from kitchenasty.refunds.schemas import (
    BillView,
    LimitForm,
    LimitView,
    RefundForm,
    RefundPreview,
    RefundView,
    RefundWish,
)

OrderId = Annotated[str, PathParameter(max_length=64)]
HouseId = Annotated[str, PathParameter(max_length=64)]
IdempotencyKey = Annotated[str, HeaderParameter(name="Idempotency-Key", max_length=200)]
"""Made by the client for one decision, and sent again with every retry of it."""


class RefundsApi(ApiController):
    path = "/api/orders/{order_id:str}/refunds"
    tags = ["Refunds"]

    @get(opt=access(Access.STAFF, key=Scope.ORDERS_READ), operation_id="ShowBill")
    async def show_bill(self, look: Reading, order_id: OrderId) -> Envelope[BillView]:
        """What was paid, what went back and why, and what of each item is left."""
        order = await orders.load_visible(look, order_id)
        bill = await service.look_at_bill(look, order)
        return ok(BillView.of(bill, await orders.list_taxes(look, order.id)))

    @post(
        "/preview",
        opt=access(Access.MANAGER, key=Scope.REFUNDS_WRITE),
        status_code=200,
        operation_id="PreviewRefund",
    )
    async def preview(
        self, look: Reading, order_id: OrderId, data: JSONBody[RefundWish]
    ) -> Envelope[RefundPreview]:
        """What would go back, to the unit and the tax. Nothing does."""
        order = await orders.load_visible(look, order_id)
        made = await service.preview(look, order, data.to_wish(order.currency))
        return ok(RefundPreview.of(made, order, await orders.list_taxes(look, order.id)))

    @post(opt=access(Access.MANAGER, key=Scope.REFUNDS_WRITE), operation_id="MakeRefund")
    async def make_refund(
        self,
        request: WebRequest,
        uow: Work,
        order_id: OrderId,
        data: JSONBody[RefundForm],
        idempotency_key: IdempotencyKey,
    ) -> Response[Envelope[RefundView]]:
        """Give money back to where it came from. The same Idempotency-Key with the same body gives
        the same answer and moves nothing.
        """
        order = await orders.load_visible(uow, order_id)

        async def act() -> tuple[int, bytes]:
            made = await service.refund(
                uow,
                order,
                data.to_wish(order.currency),
                reason=data.reason,
                seen_minor=(
                    None if data.total is None else bounded_minor(data.total, order.currency)
                ),
            )
            taxes = await orders.list_taxes(uow, order.id)
            return 201, ENCODER.encode(ok(RefundView.of_refund(made, order, taxes)))

        return await answer_request(request, uow, idempotency_key, act)


class RefundLimitsApi(ApiController):
    path = "/api/locations/{house_id:str}/refund-limit"
    tags = ["Refunds"]

    @get(opt=access(Access.MANAGER, key=Scope.HOUSES_READ), operation_id="ShowRefundLimit")
    async def show_limit(self, look: Reading, house_id: HouseId) -> Envelope[LimitView]:
        """What managers of the house may give back of one order without its owner."""
        return ok(await limit_of(look, await locations.load_own_house(look, house_id)))

    @put(opt=access(Access.SUPER_ADMIN), operation_id="SetRefundLimit")
    async def set_limit(
        self, uow: Work, house_id: HouseId, data: JSONBody[LimitForm]
    ) -> Envelope[LimitView]:
        """For its owner to decide; 0 leaves every refund to owners."""
        house = await locations.load_own_house(uow, house_id)
        await service.set_limit(uow, house, bounded_minor(data.amount, house.currency))
        return ok(await limit_of(uow, house))


async def limit_of(look: Look, house: locations.House) -> LimitView:
    most = await queries.load_limit(look, house.id)
    return LimitView(
        location_id=house.id, amount=amount(most, house.currency), currency=house.currency
    )
