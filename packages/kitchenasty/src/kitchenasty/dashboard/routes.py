"""The figures that the office's frame shows, for clients that keep asking for them."""

from __future__ import annotations

from typing import Annotated

from litestar import get
from litestar.params import QueryParameter

from kitchenasty import guests, loyalty, orders
from kitchenasty.kit.data.work import Look
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.api import ApiController
from kitchenasty.kit.http.web import Actor, Reading
from kitchenasty.kit.http.wire import Envelope, WireStruct, ok
from kitchenasty.kit.identity.sign_in import check_email
from kitchenasty.kit.principals import Scope

Address = Annotated[str, QueryParameter(max_length=254)]


class DashboardView(WireStruct, kw_only=True):
    """`pendingOrders`: placed and not confirmed yet, in the houses that one works in."""

    pending_orders: int


class GuestView(WireStruct, kw_only=True):
    """An account, as whoever adjusts points looks for it."""

    id: str
    name: str
    email: str
    loyalty_points: int


class DashboardApi(ApiController):
    path = "/api/dashboard"
    tags = ["Dashboard"]

    @get(opt=access(Access.STAFF, key=Scope.REPORTS_READ), operation_id="ShowDashboard")
    async def show_dashboard(self, look: Reading, principal: Actor) -> Envelope[DashboardView]:
        """How many orders wait for somebody to confirm them."""
        pending = orders.OrderFilter(
            house_ids=principal.house_ids, statuses=(orders.OrderStatus.PENDING,)
        )
        return ok(DashboardView(pending_orders=await orders.count_orders(look, pending)))

    @get(
        "/customers",
        opt=access(Access.MANAGER, key=Scope.GUESTS_READ),
        operation_id="FindCustomers",
    )
    async def find_customers(self, look: Reading, email: Address = "") -> Envelope[list[GuestView]]:
        """The accounts with this address; managers of some houses see who ordered there."""
        named = await guests.list_with_email(look, check_email(email)) if email else []
        found = [guest for guest in named if await is_ours(look, guest.id)]
        return ok(
            [
                GuestView(
                    id=guest.id,
                    name=guest.name,
                    email=guest.email,
                    loyalty_points=await loyalty.load_balance(look, guest.id),
                )
                for guest in found
            ]
        )


async def is_ours(look: Look, customer_id: str) -> bool:
    """Whether the acting person may see this guest."""
    if look.actor.house_ids is None:
        return True
    return customer_id in await orders.summarise(look, [customer_id])
