"""Promises keep to the hours, the lead time and the load."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from basis.errors import DomainError
from basis.kit.testing import HandClock
from kitchenasty import checkout, locations, orders
from kitchenasty.checkout.promise import AHEAD_MAX, lead_time, list_slots
from kitchenasty.checkout.tests.builders import draft_of
from kitchenasty.kit.books import Books
from kitchenasty.locations.tests.builders import add_house
from kitchenasty.menu.tests.builders import add_dish

Line = checkout.CartLine
EVENING = tuple(locations.IntervalDraft(weekday, "17:00", "22:00") for weekday in range(7))


async def evening_house(books: Books, **fields: object) -> locations.House:
    async with books.writing() as uow:
        return await add_house(uow, hours=EVENING, **fields)


async def try_to_order(books: Books, house_id: str, dish_id: str) -> datetime | None:
    """When an order as soon as possible is promised; None when the kitchen is full."""
    try:
        async with books.writing() as uow:
            placed = await checkout.place_order(uow, draft_of(house_id, Line(dish_id, 1)))
    except checkout.SlotFull:
        return None
    async with books.reading() as look:
        return (await orders.load_order(look, placed.id)).promised_at


async def test_slots_are_quarters_inside_the_hours_of_the_next_week(
    books: Books, clock: HandClock
) -> None:
    house = await evening_house(books)
    slots = list_slots(house, "DELIVERY", clock(), {})
    assert slots == sorted(set(slots))
    assert slots[0] >= clock() + lead_time(house, "DELIVERY")
    assert slots[-1] < clock() + AHEAD_MAX
    assert all(slot.minute % 15 == 0 and house.hours.is_open(slot) for slot in slots)


async def test_a_full_quarter_is_not_offered(books: Books, clock: HandClock) -> None:
    house = await evening_house(books, kitchen_minutes_per_quarter=60)
    free = list_slots(house, "PICKUP", clock(), {}, work=10)
    full = list_slots(house, "PICKUP", clock(), {free[0]: 55}, work=10)
    assert full == free[1:]


async def test_a_busy_kitchen_promises_later(books: Books) -> None:
    calm = await evening_house(books)
    busy = await evening_house(books, busy_mode=locations.BusyMode.SLOWER, busy_extra_minutes=20)
    assert lead_time(busy, "PICKUP") - lead_time(calm, "PICKUP") == timedelta(minutes=20)


async def test_load_never_pushes_a_promise_past_the_end_of_the_evening(
    books: Books, clock: HandClock
) -> None:
    house = await evening_house(books, kitchen_minutes_per_quarter=10)
    clock.now = datetime(2030, 5, 17, 19, 15, tzinfo=UTC)  # 21:15 in Berlin, 45 minutes to go
    async with books.writing() as uow:
        dish_id = await add_dish(uow, work_minutes=10)
    answers = [await try_to_order(books, house.id, dish_id) for _ in range(10)]
    promises = [answer for answer in answers if answer is not None]
    assert 0 < len(promises) < len(answers)
    assert all(house.hours.is_open(orders.quarter_of(promise)) for promise in promises)


async def test_a_time_off_the_grid_can_be_ordered_for(books: Books, clock: HandClock) -> None:
    house = await evening_house(books, kitchen_minutes_per_quarter=10)
    async with books.writing() as uow:
        dish_id = await add_dish(uow, work_minutes=10)
    wished = clock() + timedelta(minutes=92)
    async with books.writing() as uow:
        await checkout.place_order(uow, draft_of(house.id, Line(dish_id, 1), scheduled_at=wished))
    with pytest.raises(DomainError) as refusal:
        async with books.writing() as uow:
            await checkout.place_order(
                uow, draft_of(house.id, Line(dish_id, 1), scheduled_at=wished)
            )
    assert refusal.value.code == "SlotFull"
    assert refusal.value.details["nextFree"] == "2030-05-17T17:45:00+00:00"
