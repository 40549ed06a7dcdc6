"""What a day in the house brings: numbers by its own calendar, its currency, changed minds."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from basis.kit.data.outbox import count_waiting
from basis.kit.testing import HandClock
from kitchenasty import checkout, locations, menu, orders
from kitchenasty.checkout.tests.builders import draft_of
from kitchenasty.kit.books import Books
from kitchenasty.locations.tests.builders import add_house
from kitchenasty.menu.tests.builders import add_category, add_dish
from kitchenasty.orders import OrderStatus

Line = checkout.CartLine


async def furnish(books: Books, dish: dict[str, Any], **house: Any) -> tuple[str, str]:
    async with books.writing() as uow:
        return (await add_house(uow, **house)).id, await add_dish(uow, **dish)


async def place(books: Books, house_id: str, dish_id: str) -> checkout.AcceptedOrder:
    async with books.writing() as uow:
        return await checkout.place_order(uow, draft_of(house_id, Line(dish_id, 1)))


async def load(books: Books, order_id: str) -> orders.Order:
    async with books.reading() as look:
        return await orders.load_order(look, order_id)


async def test_a_number_belongs_to_the_day_of_the_house(books: Books, clock: HandClock) -> None:
    """In New York midnight comes at five in the morning of UTC, and once at four."""
    house_id, dish_id = await furnish(books, {}, zone="America/New_York")
    numbers = []
    for moment in (
        datetime(2030, 3, 9, 23, 59, tzinfo=UTC),  # 18:59 on the 9th
        datetime(2030, 3, 10, 4, 59, tzinfo=UTC),  # 23:59 on the 9th
        datetime(2030, 3, 10, 5, 0, tzinfo=UTC),  # midnight; the clock jumps two hours later
        datetime(2030, 3, 11, 3, 59, tzinfo=UTC),  # 23:59 on a day of 23 hours
        datetime(2030, 3, 11, 4, 0, tzinfo=UTC),  # midnight in summer time
    ):
        clock.now = moment
        order = await load(books, (await place(books, house_id, dish_id)).id)
        numbers.append((order.day, order.number))
    assert numbers == [
        ("2030-03-09", "001"),
        ("2030-03-09", "002"),
        ("2030-03-10", "001"),
        ("2030-03-10", "002"),
        ("2030-03-11", "001"),
    ]


async def test_forty_orders_at_once_have_forty_numbers_in_a_row(books: Books) -> None:
    house_id, dish_id = await furnish(books, {})
    placed = await asyncio.gather(*(place(books, house_id, dish_id) for _ in range(40)))
    assert sorted(int(one.number) for one in placed) == list(range(1, 41))


async def test_an_order_is_in_the_currency_of_its_house(books: Books) -> None:
    house_id, dish_id = await furnish(books, {"price_minor": 900}, currency="JPY")
    order = await load(books, (await place(books, house_id, dish_id)).id)
    assert (order.currency, order.total_minor) == ("JPY", 900)


async def test_a_dish_of_a_category_that_is_off_is_refused(books: Books) -> None:
    async with books.writing() as uow:
        house = await add_house(uow)
        category_id = await add_category(uow, is_active=False)
        dish_id = await add_dish(uow, category_id=category_id)
    with pytest.raises(checkout.DishGone):
        await place(books, house.id, dish_id)


async def test_of_twenty_who_cancel_at_once_one_gives_back(books: Books) -> None:
    house_id, dish_id = await furnish(
        books, {"stock": 5, "work_minutes": 7}, kitchen_minutes_per_quarter=60
    )
    kept = await place(books, house_id, dish_id)
    placed = await place(books, house_id, dish_id)

    async def move(target: OrderStatus) -> str:
        for _ in range(30):
            try:
                async with books.writing() as uow:
                    await orders.move_order(uow, placed.id, target)
            except orders.OrderChanged:
                continue  # as people do who look at it again
            except orders.OrderMoveRefused:
                return "refused"
            return target
        return "never settled"

    # Among them a cook who begins with it: whoever wins, the portions add up.
    wishes = [OrderStatus.CANCELLED] * 10 + [OrderStatus.CONFIRMED] + [OrderStatus.CANCELLED] * 10
    outcomes = Counter(await asyncio.gather(*(move(wish) for wish in wishes)))
    order = await load(books, placed.id)
    async with books.reading() as look:
        left = (await menu.load_availability(look, [dish_id]))[dish_id].stock
        loads = await orders.list_loads(
            look, house_id, orders.quarter_of(look.now), order.promised_at.replace(year=2031)
        )
    print(f"C4: 21 moves at once: {dict(outcomes)}, {left} of 5 left")
    assert order.status is OrderStatus.CANCELLED
    assert outcomes[OrderStatus.CANCELLED] == 1
    assert outcomes["never settled"] == 0
    assert left == 4
    assert sum(loads.values()) == 7
    assert (await load(books, kept.id)).status is OrderStatus.PENDING


async def test_the_same_step_again_is_refused_and_told_to_nobody(books: Books) -> None:
    house_id, dish_id = await furnish(books, {})
    placed = await place(books, house_id, dish_id)
    async with books.writing() as uow:
        await orders.move_order(uow, placed.id, OrderStatus.CONFIRMED)
    async with books.reading() as look:
        told = await count_waiting(look)

    async def again() -> None:
        async with books.writing() as uow:
            await orders.move_order(uow, placed.id, OrderStatus.CONFIRMED)

    with pytest.raises(orders.OrderMoveRefused):
        await again()
    async with books.reading() as look:
        assert await count_waiting(look) == told


async def test_without_a_named_house_the_first_by_name_is_meant(
    books: Books, client: httpx.AsyncClient
) -> None:
    async with books.writing() as uow:
        names = ("Quay", "Alder", "Mill", "Aachen")
        houses = {
            name: await add_house(uow, name=name, is_active=name != "Aachen") for name in names
        }
        dish_id = await add_dish(uow)
    form = {
        "orderType": "DELIVERY",
        "items": [{"menuItemId": dish_id, "quantity": 1}],
        "guestName": "Anna",
        "guestPhone": "030 1234567",
        "address": {"line1": "1 Canal", "city": "Howth", "zip": "D13", "country": "IE"},
    }
    for _ in range(3):
        answer = await client.post("/api/orders", json=form)
        assert answer.status_code == 201, answer.text
        assert answer.json()["data"]["locationId"] == houses["Alder"].id


async def test_a_country_without_states_needs_none(
    books: Books, client: httpx.AsyncClient, house: locations.House
) -> None:
    async with books.writing() as uow:
        dish_id = await add_dish(uow)
    form = {
        "orderType": "DELIVERY",
        "locationId": house.id,
        "items": [{"menuItemId": dish_id, "quantity": 1}],
        "guestName": "Anna",
        "guestPhone": "030 1234567",
        "address": {"line1": "1 Canal", "city": "Howth", "zip": "D13", "country": "IE"},
    }
    answer = await client.post("/api/orders", json=form)
    assert answer.status_code == 201, answer.text
    kept = (await load(books, answer.json()["data"]["id"])).address
    assert kept is not None
    assert (kept["country"], kept["state"]) == ("IE", None)
