"""An order that awaits its payment: found and held while money for it is counted, and released."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select, update

from basis.kit.data.statements import Statement
from basis.money import Money
from kitchenasty.kit.books import UnitOfWork
from kitchenasty.orders.events import OrderPlaced
from kitchenasty.orders.models import OrderRow
from kitchenasty.orders.queries import OrderNotFound
from kitchenasty.orders.states import OrderStatus, OrderType

NAMES = (
    "id",
    "house_id",
    "number",
    "order_type",
    "status",
    "version",
    "total_minor",
    "currency",
    "awaits_payment_until",
)
# Two payments of one order, or a payment and a cancellation, wait for each other here. Rows that
# only point at the order may be written meanwhile.
LOCK = Statement(
    select(*(getattr(OrderRow, name) for name in NAMES))
    .where(OrderRow.id == bindparam("order_id", required=True))
    .with_for_update(key_share=True)
)
RELEASE = Statement(
    update(OrderRow)
    .where(
        OrderRow.id == bindparam("order_id", required=True),
        OrderRow.awaits_payment_until.is_not(None),
        OrderRow.status == OrderStatus.PENDING,
    )
    .values(
        awaits_payment_until=None,
        version=OrderRow.version + 1,
        updated_at=bindparam("now", required=True),
    )
)


@dataclass(frozen=True, slots=True)
class HeldOrder:
    """What payments need to know of an order that nobody else changes before the commit."""

    id: str
    house_id: str
    number: str
    order_type: OrderType
    status: OrderStatus
    version: int
    total_minor: int
    currency: str
    awaits_payment_until: datetime | None

    @property
    def total(self) -> Money:
        return Money(self.total_minor, self.currency)

    @property
    def is_cancelled(self) -> bool:
        return self.status is OrderStatus.CANCELLED

    @property
    def awaits_payment(self) -> bool:
        return self.awaits_payment_until is not None and not self.is_cancelled


async def hold_order(uow: UnitOfWork, order_id: str) -> HeldOrder:
    """The order, locked until the commit. Raises OrderNotFound."""
    row = await uow.row(LOCK, order_id=order_id)
    if row is None:
        raise OrderNotFound("There is no such order.")
    found = dict(zip(NAMES, row, strict=True))
    found["order_type"] = OrderType(found["order_type"])
    found["status"] = OrderStatus(found["status"])
    return HeldOrder(**found)


async def release(uow: UnitOfWork, order: HeldOrder) -> bool:
    """The order is paid: the house is told of it as of one just placed. False where there was
    nothing to release: it had been told before, or was cancelled. Its version grows, so that who
    was about to cancel it as unpaid sees that it has changed.
    """
    if not await uow.run(RELEASE, order_id=order.id, now=uow.now):
        return False
    uow.emit(
        OrderPlaced(
            order_id=order.id,
            house_id=order.house_id,
            number=order.number,
            order_type=order.order_type,
            total_minor=order.total_minor,
            currency=order.currency,
            version=order.version + 1,
        )
    )
    return True
