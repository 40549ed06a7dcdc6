"""The figures that the office's frame shows, for clients that keep asking for them."""

from __future__ import annotations

from litestar import get

from kitchenasty import orders
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.api import ApiController
from kitchenasty.kit.http.web import Actor, Reading
from kitchenasty.kit.http.wire import Envelope, WireStruct, ok


class DashboardView(WireStruct, kw_only=True):
    """`pendingOrders`: placed and not confirmed yet, in the houses that one works in."""

    pending_orders: int


class DashboardApi(ApiController):
    path = "/api/dashboard"
    tags = ["Dashboard"]

    @get(opt=access(Access.STAFF), operation_id="ShowDashboard")
    async def show_dashboard(self, look: Reading, principal: Actor) -> Envelope[DashboardView]:
        """How many orders wait for somebody to confirm them."""
        pending = orders.OrderFilter(
            house_ids=principal.house_ids, statuses=(orders.OrderStatus.PENDING,)
        )
        return ok(DashboardView(pending_orders=await orders.count_orders(look, pending)))
