"""The last portions are sold once; the control shows the race that the condition prevents."""

from __future__ import annotations

import asyncio
from collections import Counter

from sqlalchemy import bindparam, update

from basis.kit.data.statements import Statement
from kitchenasty import menu
from kitchenasty.kit.books import Books
from kitchenasty.menu.models import DishRow
from kitchenasty.menu.tests.builders import add_dish

PORTIONS, GUESTS = 37, 200
WRITE_WHAT_WAS_SEEN = Statement(
    update(DishRow)
    .where(DishRow.id == bindparam("dish_id", required=True))
    .values(stock=bindparam("seen", required=True) - 1)
)


async def left_of(books: Books, dish_id: str) -> int:
    async with books.reading() as look:
        stock = (await menu.load_availability(look, [dish_id]))[dish_id].stock
    assert stock is not None
    return stock


async def test_37_portions_are_sold_37_times(books: Books) -> None:
    async with books.writing() as uow:
        dish_id = await add_dish(uow, stock=PORTIONS)

    async def take() -> str:
        try:
            async with books.writing() as uow:
                await menu.take_stock(uow, {dish_id: 1}, {dish_id: "Soup"})
        except menu.SoldOut:
            return "sold out"
        return "taken"

    answers = Counter(await asyncio.gather(*(take() for _ in range(GUESTS))))
    assert answers == {"taken": PORTIONS, "sold out": GUESTS - PORTIONS}
    assert await left_of(books, dish_id) == 0


async def test_without_the_condition_more_is_sold_than_there_is(books: Books) -> None:
    async with books.writing() as uow:
        dish_id = await add_dish(uow, stock=PORTIONS)

    async def take(seen: int) -> None:
        async with books.writing() as uow:
            await uow.run(WRITE_WHAT_WAS_SEEN, dish_id=dish_id, seen=seen)

    seen = await asyncio.gather(*(left_of(books, dish_id) for _ in range(GUESTS)))
    await asyncio.gather(*(take(left) for left in seen if left > 0))
    sold = sum(left > 0 for left in seen)
    print(f"C3: control without the condition: {sold} sold of {PORTIONS}")
    assert sold > PORTIONS
