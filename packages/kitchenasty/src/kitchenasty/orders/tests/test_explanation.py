"""Orders that are older than the price engine stay readable."""

from __future__ import annotations

from sqlalchemy import bindparam, update

from basis.kit.data.statements import Statement
from kitchenasty import locations, orders
from kitchenasty.kit.books import Books
from kitchenasty.menu.tests.builders import add_dish
from kitchenasty.orders.models import OrderRow
from kitchenasty.orders.tests.builders import record

FORGET = Statement(
    update(OrderRow)
    .where(OrderRow.id == bindparam("order_id", required=True))
    .values(explanation=None)
)


async def test_an_order_older_than_the_engine_has_no_explanation(
    books: Books, house: locations.House
) -> None:
    async with books.writing() as uow:
        placed = await record(uow, house, await add_dish(uow))
        await uow.run(FORGET, order_id=placed.id)
    async with books.reading() as look:
        assert await orders.load_explanation(look, placed.id) is None
        assert (await orders.load_order(look, placed.id)).total_minor == 1_250
