"""The API's doors to orders that exist: lists, one order, moving it on, cancelling it."""

from __future__ import annotations

from typing import Annotated

from litestar import get, patch, post
from litestar.params import FromQuery, HeaderParameter, JSONBody, PathParameter, QueryParameter

from basis.errors import Invalid
from basis.kit.data.paging import Page
from basis.kit.http.api import ApiController
from basis.kit.http.wire import Envelope, listed, ok
from kitchenasty import locations, payments
from kitchenasty.kit.books import Look
from kitchenasty.kit.http.access import (
    Access,
    NotAllowed,
    SignInNeeded,
    access,
)
from kitchenasty.kit.http.web import Actor, Reading, Work
from kitchenasty.kit.principals import ANONYMOUS, Principal, Scope
from kitchenasty.orders import lists, move, queries
from kitchenasty.orders.lists import OrderFilter
from kitchenasty.orders.schemas import (
    Cancellation,
    Counts,
    OrderView,
    StatusChange,
    parse_statuses,
)
from kitchenasty.orders.states import OrderStatus, OrderType
from kitchenasty.orders.views import Order

Capability = Annotated[
    str | None, HeaderParameter(name="X-Order-Capability", required=False, max_length=200)
]
"""The secret of the order's tracking link, for guests without an account."""
OrderId = Annotated[str, PathParameter(max_length=64)]
Statuses = Annotated[str | None, QueryParameter(max_length=200)]
Search = Annotated[str | None, QueryParameter(max_length=100)]


class StatusRefused(Invalid):
    """A status of the filter is not one of ours."""


class OrdersApi(ApiController):
    path = "/api/orders"
    tags = ["Orders"]

    @get(opt=access(Access.SIGNED_IN, key=Scope.ORDERS_READ), operation_id="ListOrders")
    async def list_orders(  # noqa: PLR0913, PLR0917  # each is a query parameter
        self,
        look: Reading,
        principal: Actor,
        page: FromQuery[int | None] = None,
        limit: FromQuery[int | None] = None,
        status: Statuses = None,
        orderType: FromQuery[OrderType | None] = None,  # noqa: N803  # the contract's name
        includeItems: FromQuery[bool] = False,  # noqa: N803  # the contract's name
        search: Search = None,
    ) -> Envelope[list[OrderView]]:
        """The house's orders for staff, one's own for a customer; newest first."""
        wanted = OrderFilter(
            house_ids=principal.house_ids if principal.is_staff else None,
            customer_id=principal.id if principal.is_customer else None,
            statuses=statuses_of(status),
            order_type=orderType,
            search=search or "",
        )
        return await answer_list(look, wanted, Page.of(page, limit), with_lines=includeItems)

    @get("/my-orders", opt=access(Access.CUSTOMER), operation_id="ListMyOrders")
    async def list_my_orders(
        self,
        look: Reading,
        principal: Actor,
        page: FromQuery[int | None] = None,
        limit: FromQuery[int | None] = None,
    ) -> Envelope[list[OrderView]]:
        """The orders of the customer who asks, newest first, with their items."""
        wanted = OrderFilter(customer_id=principal.id)
        return await answer_list(look, wanted, Page.of(page, limit), with_lines=True)

    @get(
        "/{order_id:str}", opt=access(Access.PUBLIC, key=Scope.ORDERS_READ), operation_id="GetOrder"
    )
    async def show_order(
        self,
        look: Reading,
        principal: Actor,
        order_id: OrderId,
        capability: Capability = None,
    ) -> Envelope[OrderView]:
        """For the staff of the house, the customer whose it is, and whoever has its link."""
        return ok(await view_of(look, await find_permitted(look, principal, order_id, capability)))

    @patch(
        "/{order_id:str}/status",
        opt=access(Access.STAFF, key=Scope.ORDERS_WRITE),
        operation_id="MoveOrder",
    )
    async def change_status(
        self, uow: Work, order_id: OrderId, data: JSONBody[StatusChange]
    ) -> Envelope[OrderView]:
        """Send the order to another step. 409 when it cannot go there or was moved meanwhile."""
        await move.move_order(
            uow,
            queries.checked_id(order_id),
            data.status,
            expected_version=data.version,
            reason=data.reason,
        )
        return ok(await view_of(uow, await queries.load_order(uow, order_id)))

    @post(
        "/{order_id:str}/cancel",
        opt=access(Access.PUBLIC, key=Scope.ORDERS_WRITE),
        status_code=200,
        operation_id="CancelOrder",
    )
    async def cancel(
        self,
        uow: Work,
        principal: Actor,
        order_id: OrderId,
        data: JSONBody[Cancellation],
        capability: Capability = None,
    ) -> Envelope[OrderView]:
        """Cancel: staff as long as it is open, guests while the house allows it."""
        order = await find_permitted(uow, principal, order_id, capability)
        await move.move_order(uow, order.id, OrderStatus.CANCELLED, reason=data.reason)
        return ok(await view_of(uow, await queries.load_order(uow, order.id)))


async def find_permitted(
    look: Look, principal: Principal, order_id: str, capability: str | None
) -> Order:
    """The order, if this principal may see it. Raises OrderNotFound, SignInNeeded, NotAllowed."""
    order = await queries.load_order(look, queries.checked_id(order_id))
    if await queries.may_open(look, order, capability):
        return order
    if principal == ANONYMOUS:
        raise SignInNeeded("Authentication required")
    raise NotAllowed("Access denied")


async def answer_list(
    look: Look, wanted: OrderFilter, page: Page, *, with_lines: bool
) -> Envelope[list[OrderView]]:
    found = await lists.list_orders(look, wanted, page, with_lines=with_lines)
    items = None if with_lines else await lists.count_lines(look, found)
    total = await lists.count_orders(look, wanted)
    names = {house.id: house.name for house in await houses_of(look, found)}
    views = [
        OrderView.of(
            order, names[order.house_id], for_staff=look.actor.may_see_house(order.house_id)
        )
        for order in found
    ]
    if items is not None:
        for view in views:
            view.count = Counts(items=items.get(view.id, 0))
    return listed(views, page=page.number, limit=page.limit, total=total)


async def houses_of(look: Look, found: list[Order]) -> list[locations.House]:
    ids = sorted({order.house_id for order in found})
    return [await locations.load_house(look, house_id) for house_id in ids]


async def view_of(look: Look, order: Order) -> OrderView:
    house = await locations.load_house(look, order.house_id)
    return OrderView.of(
        order,
        house.name,
        await payments.list_payments(look, order.id),
        sums=await queries.load_sums(look, order),
        for_staff=look.actor.may_see_house(order.house_id),
    )


def statuses_of(text: str | None) -> tuple[OrderStatus, ...]:
    try:
        return parse_statuses(text)
    except ValueError as error:
        raise StatusRefused(f"status: {', '.join(OrderStatus)}, separated by commas.") from error
