"""Moving an order from step to step. A cancellation is a move that gives back what was taken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select, update

from basis.errors import Conflict
from basis.kit.data.statements import Statement
from kitchenasty import audit, locations, loyalty, menu, payments, promotions
from kitchenasty.kit.books import UnitOfWork
from kitchenasty.kit.principals import Kind, Principal
from kitchenasty.orders import capacity
from kitchenasty.orders.events import OrderMoved, TableOrderChanged
from kitchenasty.orders.models import OrderRow
from kitchenasty.orders.place import INSERT_HISTORY, history_row
from kitchenasty.orders.queries import OrderNotFound
from kitchenasty.orders.states import (
    HANDED_OVER,
    Mover,
    OrderMoveRefused,
    OrderStatus,
    OrderType,
    check_move,
)

REASON_LENGTH_MAX = 300


class OrderChanged(Conflict):
    """Somebody else moved the order meanwhile; `details` has what it is now."""


CURRENT = Statement(
    select(
        OrderRow.status,
        OrderRow.order_type,
        OrderRow.version,
        OrderRow.house_id,
        OrderRow.number,
        OrderRow.guest_may_cancel_until,
        OrderRow.stock_taken,
        OrderRow.kitchen_slot,
        OrderRow.work_minutes,
        OrderRow.discount_minor,
        OrderRow.awaits_payment_until,
    ).where(OrderRow.id == bindparam("order_id", required=True))
)
MOVE = Statement(
    update(OrderRow)
    .where(
        OrderRow.id == bindparam("order_id", required=True),
        OrderRow.version == bindparam("seen_version", required=True),
    )
    .values(
        status=bindparam("target", required=True),
        version=OrderRow.version + 1,
        updated_at=bindparam("now", required=True),
        cancel_reason=bindparam("why", required=True),
    )
)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an order is, and what it has taken, before it is moved. Fields are as in CURRENT."""

    status: OrderStatus
    order_type: OrderType
    version: int
    house_id: str
    number: str
    guest_may_cancel_until: OrderStatus
    stock_taken: Mapping[str, int]
    kitchen_slot: datetime | None
    work_minutes: int
    discount_minor: int
    awaits_payment_until: datetime | None


async def move_order(
    uow: UnitOfWork,
    order_id: str,
    target: OrderStatus,
    *,
    expected_version: int | None = None,
    reason: str | None = None,
) -> int:
    """Send an order to another step; answers its new version.

    The acting principal must be staff of the house, or act for the guest whose order it is (the
    door has checked which). With `expected_version` the order must not have moved since it was
    seen. Raises OrderNotFound, OrderChanged, OrderMoveRefused, NotForGuests.
    """
    found = await load_standing(uow, order_id)
    if found is None or not may_see(uow.actor, found.house_id):
        raise OrderNotFound("There is no such order.")
    if expected_version is not None and found.version != expected_version:
        raise changed(found)
    check_standing(uow.actor, found, target)
    why = (reason or "").strip()[:REASON_LENGTH_MAX] or None
    if not await uow.run(
        MOVE,
        order_id=order_id,
        seen_version=found.version,
        target=target,
        now=uow.now,
        why=why if target is OrderStatus.CANCELLED else None,
    ):
        latest = await load_standing(uow, order_id)
        assert latest is not None
        raise changed(latest)
    await settle(uow, order_id, found, target)
    await tell(uow, order_id, found, target, why)
    return found.version + 1


def check_standing(actor: Principal, found: Standing, target: OrderStatus) -> None:
    """Raises OrderMoveRefused, NotForGuests."""
    if found.awaits_payment_until is not None and target is not OrderStatus.CANCELLED:
        raise OrderMoveRefused(
            "This order is not paid yet, so the house has nothing to do with it."
        )
    check_move(
        found.status,
        target,
        found.order_type,
        mover=Mover.STAFF if is_of_the_house(actor) else Mover.GUEST,
        guest_may_cancel_until=found.guest_may_cancel_until,
    )


async def load_standing(uow: UnitOfWork, order_id: str) -> Standing | None:
    row = await uow.row(CURRENT, order_id=order_id)
    if row is None:
        return None
    status, order_type, version, house_id, number, until, *taken = row
    return Standing(
        OrderStatus(status),
        OrderType(order_type),
        version,
        house_id,
        number,
        OrderStatus(until),
        *taken,
    )


async def settle(uow: UnitOfWork, order_id: str, found: Standing, target: OrderStatus) -> None:
    """Give back what a cancelled order took. What is handed over is paid, but not at a table: there
    one eats first.
    """
    if target is OrderStatus.CANCELLED:
        await menu.give_back_stock(uow, found.stock_taken)
        # Whatever made it cheaper: neither coupon nor points are used up for nothing.
        if found.discount_minor:
            await promotions.give_back(uow, order_id)
            await loyalty.give_back(uow, order_id)
        if found.kitchen_slot is not None:
            await capacity.give_back(
                uow, found.house_id, found.kitchen_slot, work=found.work_minutes
            )
        await payments.void_due(uow, order_id)
        await payments.void_gift_card(uow, order_id)
    elif target in HANDED_OVER and found.order_type is not OrderType.DINE_IN:
        house = await locations.load_house(uow, found.house_id)
        await payments.collect_cash(uow, order_id, step_minor=house.charges.cash_step_minor)


async def tell(
    uow: UnitOfWork, order_id: str, found: Standing, target: OrderStatus, why: str | None
) -> None:
    """The history, the audit trail and everybody who listens."""
    await uow.run(INSERT_HISTORY, **history_row(uow, order_id, found.status, target, why))
    await keep_audit(uow, order_id, found.status, target)
    uow.emit(
        OrderMoved(
            order_id=order_id,
            house_id=found.house_id,
            number=found.number,
            order_type=found.order_type,
            before=found.status,
            after=target,
            reason=why,
            version=found.version + 1,
            was_unpaid=found.awaits_payment_until is not None,
        )
    )
    if found.order_type is OrderType.DINE_IN:
        uow.emit(TableOrderChanged(order_id=order_id, house_id=found.house_id))


async def keep_audit(
    uow: UnitOfWork, order_id: str, before: OrderStatus, after: OrderStatus
) -> None:
    await audit.record(
        uow,
        action="update",
        entity="Order",
        entity_id=order_id,
        before={"status": before.value},
        after={"status": after.value},
    )


def changed(found: Standing) -> OrderChanged:
    return OrderChanged(
        "Somebody else has moved this order meanwhile. Look at it again.",
        status=found.status.value,
        version=found.version,
    )


def is_of_the_house(actor: Principal) -> bool:
    return actor.is_staff or actor.kind is Kind.SYSTEM


def may_see(actor: Principal, house_id: str) -> bool:
    """Staff see the orders of their houses; for guests the door has checked whose it is."""
    return not actor.is_staff or actor.may_see_house(house_id)
