"""The figures that the office's frame shows, for clients that keep asking for them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from litestar import get
from litestar.params import QueryParameter

from basis.kit.data.paging import Page
from basis.kit.http.api import ApiController
from basis.kit.http.wire import Envelope, WireStruct, ok
from kitchenasty import guests, locations, loyalty, menu, orders, reports, reservations, reviews
from kitchenasty.dashboard.figure_views import (
    AnalyticsView,
    StatsView,
    TopItemView,
    metrics_of,
)
from kitchenasty.dashboard.order_pages import list_own_houses
from kitchenasty.kit.books import Look
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.web import Actor, Reading
from kitchenasty.kit.identity.sign_in import check_email
from kitchenasty.kit.principals import Principal, Scope

RECENT_MAX = 5
Days = Annotated[int, QueryParameter(ge=7, le=90)]
HouseId = Annotated[str | None, QueryParameter(name="locationId", max_length=64)]
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

    @get("/stats", opt=access(Access.STAFF), operation_id="ShowStats")
    async def show_stats(
        self, look: Reading, principal: Actor, location_id: HouseId = None
    ) -> Envelope[StatsView]:
        """Today, this week, this month and ever; the newest orders and what is ordered most.

        Money is that of the houses with one currency: with houses in several, ask for each by
        `locationId`.
        """
        houses = await houses_for(look, principal, location_id)
        found = await reports.look_over(look, houses)
        return ok(
            StatsView(
                metrics=metrics_of(
                    found,
                    dishes=await menu.count_dishes(look),
                    customers=await guests.count_accounts(look),
                    reservations=await reservations.count_waiting(
                        look, [house.id for house in houses]
                    ),
                    unread=await reviews.count_unread(look, [house.id for house in houses]),
                ),
                recent_orders=await list_recent(look, houses),
                top_items=[
                    TopItemView(
                        menu_item_id=one.dish_id, name=one.name, total_quantity=one.portions
                    )
                    for one in found.top
                ],
            )
        )

    @get(
        "/analytics",
        opt=access(Access.STAFF, key=Scope.REPORTS_READ),
        operation_id="ShowAnalytics",
    )
    async def show_analytics(
        self, look: Reading, principal: Actor, days: Days = 30, location_id: HouseId = None
    ) -> Envelope[AnalyticsView]:
        """The last days, today included, each in the houses' own time."""
        houses = await houses_for(look, principal, location_id)
        return ok(AnalyticsView.of(await reports.look_back(look, houses, days)))

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


async def houses_for(
    look: Look, principal: Principal, house_id: str | None
) -> list[locations.House]:
    """The houses that this person sees, or the one that was asked for. Raises HouseNotFound."""
    if house_id is None:
        return await list_own_houses(look, principal)
    if not principal.may_see_house(house_id):
        raise locations.HouseNotFound("There is no such house.")
    return [await locations.load_house(look, house_id)]


async def list_recent(look: Look, houses: Sequence[locations.House]) -> list[orders.OrderView]:
    names = {house.id: house.name for house in houses}
    wanted = orders.OrderFilter(house_ids=frozenset(names))
    found = await orders.list_orders(look, wanted, Page(limit=RECENT_MAX), with_lines=True)
    return [orders.OrderView.of(order, names[order.house_id], for_staff=True) for order in found]
