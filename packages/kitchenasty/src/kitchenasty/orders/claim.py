"""An order that a guest placed without an account becomes part of the account they have."""

from __future__ import annotations

from sqlalchemy import bindparam, update

from basis.errors import Conflict
from basis.kit.data.statements import Statement
from kitchenasty.kit.books import UnitOfWork
from kitchenasty.orders.models import OrderRow
from kitchenasty.orders.views import Order

CLAIM = Statement(
    update(OrderRow)
    .where(OrderRow.id == bindparam("order_id", required=True), OrderRow.customer_id.is_(None))
    .values(customer_id=bindparam("claimant", required=True))
)


class OrderIsTaken(Conflict):
    def __init__(self) -> None:
        super().__init__("This order is in an account already.")


async def claim_order(uow: UnitOfWork, order: Order, customer_id: str) -> None:
    """Put an order of nobody into an account; of two at once, one gets it. The caller has seen the
    capability that opens the order. Raises OrderIsTaken.
    """
    if order.customer_id == customer_id:
        return
    if not await uow.run(CLAIM, order_id=order.id, claimant=customer_id):
        raise OrderIsTaken
