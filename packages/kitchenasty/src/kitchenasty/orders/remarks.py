"""A line in an order's history that moves nothing."""

from __future__ import annotations

from kitchenasty.kit.books import UnitOfWork
from kitchenasty.orders.move import REASON_LENGTH_MAX, load_standing
from kitchenasty.orders.place import INSERT_HISTORY, history_row
from kitchenasty.orders.queries import OrderNotFound, checked_id


async def remark(uow: UnitOfWork, order_id: str, words: str) -> None:
    """Write something down where the order is. Raises OrderNotFound."""
    found = await load_standing(uow, checked_id(order_id))
    if found is None:
        raise OrderNotFound("There is no such order.")
    said = words.strip()[:REASON_LENGTH_MAX]
    await uow.run(INSERT_HISTORY, **history_row(uow, order_id, found.status, found.status, said))
