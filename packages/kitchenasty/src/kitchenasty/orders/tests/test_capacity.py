"""The kitchen's minutes are reserved once, whoever asks at the same time."""

from __future__ import annotations

import asyncio
from collections import Counter

from sqlalchemy import bindparam, update

from basis.kit.data.statements import Statement
from basis.kit.testing import HandClock
from kitchenasty import locations
from kitchenasty.kit.books import Books
from kitchenasty.orders import capacity
from kitchenasty.orders.models import KitchenLoadRow

CAPACITY, WORK, ORDERS = 60, 7, 100
WITHOUT_THE_CONDITION = Statement(
    update(KitchenLoadRow)
    .where(KitchenLoadRow.house_id == bindparam("of_house", required=True))
    .values(reserved_minutes=KitchenLoadRow.reserved_minutes + WORK)
)


async def test_100_orders_of_7_minutes_get_8_places_in_60(
    books: Books, clock: HandClock, house: locations.House
) -> None:
    quarter = capacity.quarter_of(clock())

    async def reserve() -> bool:
        async with books.writing() as uow:
            return await capacity.reserve(uow, house.id, quarter, work=WORK, capacity=CAPACITY)

    taken = Counter(await asyncio.gather(*(reserve() for _ in range(ORDERS))))
    async with books.reading() as look:
        loads = await capacity.list_loads(look, house.id, quarter, quarter + capacity.QUARTER)
    assert taken == {True: 8, False: 92}
    assert loads == {quarter: 56}
    async with books.writing() as uow:
        await capacity.give_back(uow, house.id, quarter, work=WORK)
    assert await reserve()
    assert not await reserve()


async def test_without_the_condition_the_kitchen_is_promised_twice(
    books: Books, clock: HandClock, house: locations.House
) -> None:
    """The control: looking first and adding later is not enough."""
    quarter = capacity.quarter_of(clock())
    async with books.writing() as uow:
        await uow.run(capacity.ENSURE, house_id=house.id, starts_at=quarter, reserved_minutes=0)

    async def has_room() -> bool:
        async with books.reading() as look:
            loads = await capacity.list_loads(look, house.id, quarter, quarter + capacity.QUARTER)
        return loads[quarter] + WORK <= CAPACITY

    async def add() -> None:
        async with books.writing() as uow:
            await uow.run(WITHOUT_THE_CONDITION, of_house=house.id)

    seen = await asyncio.gather(*(has_room() for _ in range(ORDERS)))
    await asyncio.gather(*(add() for saw_room in seen if saw_room))
    async with books.reading() as look:
        loads = await capacity.list_loads(look, house.id, quarter, quarter + capacity.QUARTER)
    print(f"C3: control without the condition: {loads[quarter]} minutes reserved of {CAPACITY}")
    assert loads[quarter] > CAPACITY


async def test_an_empty_quarter_takes_one_order_of_any_size(
    books: Books, clock: HandClock, house: locations.House
) -> None:
    quarter = capacity.quarter_of(clock())
    async with books.writing() as uow:
        assert await capacity.reserve(uow, house.id, quarter, work=500, capacity=60)
        assert not await capacity.reserve(uow, house.id, quarter, work=1, capacity=60)
