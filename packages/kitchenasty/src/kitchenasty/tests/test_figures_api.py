"""The dashboard's figures, as the contract's clients ask for them."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest

from basis.kit.data.paging import Page
from basis.kit.testing import HandClock
from kitchenasty import checkout, locations, orders, payments, refunds, reviews
from kitchenasty.checkout.tests.builders import draft_of
from kitchenasty.dashboard.tests.builders import PASSWORD, add_staff
from kitchenasty.kit.books import Books
from kitchenasty.kit.principals import ANONYMOUS
from kitchenasty.locations.tests.builders import add_house
from kitchenasty.menu.tests.builders import add_dish
from kitchenasty.orders import OrderStatus
from kitchenasty.reports.tests.builders import catch_up
from kitchenasty.tests.contract import misfits

NUMBER = (int, Decimal)
STATS = {
    "metrics": {
        "ordersToday": int, "revenueToday": NUMBER, "ordersThisWeek": int,
        "revenueThisWeek": NUMBER, "ordersThisMonth": int, "revenueThisMonth": NUMBER,
        "totalOrders": int, "totalRevenue": NUMBER, "activeItems": int, "totalCustomers": int,
        "pendingReservations": int, "pendingReviews": int,
    },
    "recentOrders": [{"id": str, "orderNumber": str, "status": str, "total": NUMBER}],
    "topItems": [{"menuItemId": str, "name": str, "totalQuantity": int}],
}  # fmt: skip
ANALYTICS = {
    "dailyStats": [{"date": str, "orders": int, "revenue": NUMBER}],
    "orderTypeDistribution": [{"type": str, "count": int}],
    "orderStatusDistribution": [{"status": str, "count": int}],
    "hourlyDistribution": [{"hour": int, "orders": int}],
    "categoryRevenue": [{"name": str, "revenue": NUMBER, "orders": int}],
}


async def place(
    books: Books, house: locations.House, *steps: OrderStatus, quantity: int = 2
) -> str:
    """An order of soups for 12.50 each, moved through these steps."""
    async with books.writing() as uow:
        line = checkout.CartLine(dish_id=await add_dish(uow), quantity=quantity)
        placed = await checkout.place_order(uow, draft_of(house.id, line))
    for step in steps:
        async with books.writing() as uow:
            await orders.move_order(uow, placed.id, step)
    return placed.id


HANDED_OVER = (
    OrderStatus.CONFIRMED,
    OrderStatus.PREPARING,
    OrderStatus.READY,
    OrderStatus.PICKED_UP,
)


async def ask(client: httpx.AsyncClient, path: str, status: int = 200) -> Any:
    answer = await client.post(
        "/api/auth/staff/login", json={"email": "cook@bistro.example", "password": PASSWORD}
    )
    token = answer.json()["data"]["token"]
    found = await client.get(path, headers={"authorization": f"Bearer {token}"})
    assert found.status_code == status, found.text
    return json.loads(found.text, parse_float=Decimal).get("data")


async def test_reviews_that_wait_to_be_read_are_counted_in_ones_own_houses(
    client: httpx.AsyncClient, books: Books, house: locations.House
) -> None:
    await add_staff(books, "cook@bistro.example", houses=(house.id,))
    async with books.writing() as uow:
        elsewhere = await add_house(uow)
    for where in (house, house, elsewhere):
        order_id = await place(books, where, *HANDED_OVER)
        async with books.writing(ANONYMOUS) as uow:
            link = orders.capability_of(uow.secret, order_id)
            draft = reviews.Draft(rating=4, body="Good", order_id=order_id, capability=link)
            await reviews.submit(uow, draft)
    metrics = (await ask(client, "/api/dashboard/stats"))["metrics"]
    assert metrics["pendingReviews"] == 2
    async with books.writing() as uow:
        wanted = reviews.ReviewFilter(house_ids=frozenset((house.id,)))
        [first, _], _ = await reviews.list_reviews(uow, wanted, Page(limit=2))
        await reviews.decide(uow, first.id, reviews.ReviewState.APPROVED)
    metrics = (await ask(client, "/api/dashboard/stats"))["metrics"]
    assert metrics["pendingReviews"] == 1


async def test_stats_have_the_shape_and_the_figures_of_what_was_paid(
    client: httpx.AsyncClient, books: Books, house: locations.House
) -> None:
    await add_staff(books, "cook@bistro.example", houses=(house.id,))
    await place(books, house, *HANDED_OVER)
    await place(books, house)
    await place(books, house, OrderStatus.CANCELLED, quantity=3)
    await catch_up(books)
    found = await ask(client, "/api/dashboard/stats")
    assert list(misfits(found, STATS, "data")) == []
    metrics = found["metrics"]
    assert (metrics["ordersToday"], metrics["revenueToday"]) == (2, 25), "paid, not cancelled"
    assert (metrics["ordersThisWeek"], metrics["totalOrders"]) == (2, 2)
    assert len(found["recentOrders"]) == 3
    assert [one["totalQuantity"] for one in found["topItems"]] == [2]


async def test_analytics_have_the_shape_and_every_day_in_the_houses_own_time(
    client: httpx.AsyncClient, books: Books, clock: HandClock
) -> None:
    async with books.writing() as uow:
        house = await add_house(uow, zone="Pacific/Auckland", currency="NZD", country="NZ")
    await add_staff(books, "cook@bistro.example", houses=(house.id,))
    await place(books, house, *HANDED_OVER)
    await catch_up(books)
    found = await ask(client, "/api/dashboard/analytics?days=7")
    assert list(misfits(found, ANALYTICS, "data")) == []
    assert len(found["dailyStats"]) == 7
    local = clock().astimezone(ZoneInfo(house.zone))
    assert found["dailyStats"][-1] == {
        "date": local.date().isoformat(), "orders": 1, "revenue": 25
    }  # fmt: skip
    busy = [one for one in found["hourlyDistribution"] if one["orders"]]
    assert busy == [{"hour": local.hour, "orders": 1}]
    assert found["orderStatusDistribution"] == [{"status": "PICKED_UP", "count": 1}]
    assert found["categoryRevenue"] == [{"name": "Mains", "revenue": 25, "orders": 1}]


@pytest.mark.parametrize("days", ["6", "91", "many"])
async def test_analytics_are_asked_for_seven_to_ninety_days(
    client: httpx.AsyncClient, books: Books, days: str
) -> None:
    await add_staff(books, "cook@bistro.example")
    await ask(client, f"/api/dashboard/analytics?days={days}", 400)


async def test_figures_of_another_house_are_not_told(
    client: httpx.AsyncClient, books: Books, house: locations.House
) -> None:
    async with books.writing() as uow:
        other = await add_house(uow, name="Harbour")
    await add_staff(books, "cook@bistro.example", houses=(house.id,))
    await place(books, other, *HANDED_OVER)
    await catch_up(books)
    for path in ("stats", "analytics"):
        await ask(client, f"/api/dashboard/{path}?locationId={other.id}", 404)
    found = await ask(client, "/api/dashboard/stats")
    assert (found["metrics"]["totalOrders"], found["recentOrders"], found["topItems"]) == (
        0,
        [],
        [],
    )


async def test_what_is_given_back_is_taken_off(
    client: httpx.AsyncClient, books: Books, house: locations.House
) -> None:
    await add_staff(books, "cook@bistro.example", houses=(house.id,))
    order_id = await place(books, house, *HANDED_OVER)
    async with books.writing() as uow:
        order = await orders.load_order(uow, order_id)
        wish = refunds.Wish(units={}, amount_minor=500)
        await refunds.refund(uow, order, wish, reason="Cold")
    await catch_up(books)
    found = await ask(client, "/api/dashboard/stats")
    assert found["metrics"]["revenueToday"] == 20
    async with books.reading() as look:
        [paid] = await payments.list_paid(look, order_id)
    assert paid.returned_minor == 500
