"""Moving an order from step to step. A cancellation is a move that gives back what was taken."""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, select, update

from basis.errors import Conflict
from kitchenasty import audit, menu
from kitchenasty.kit.principals import Kind, Principal
from kitchenasty.kit.statements import Statement
from kitchenasty.kit.work import UnitOfWork
from kitchenasty.orders import capacity
from kitchenasty.orders.events import OrderMoved
from kitchenasty.orders.models import OrderRow
from kitchenasty.orders.place import INSERT_HISTORY, history_row
from kitchenasty.orders.queries import OrderNotFound
from kitchenasty.orders.states import Mover, OrderStatus, OrderType, check_move

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
    row = await uow.row(CURRENT, order_id=order_id)
    if row is None or not may_see(uow.actor, row[3]):
        raise OrderNotFound("There is no such order.")
    status, order_type, version, house_id, number, until, stock_taken, slot, work = row
    before, kind = OrderStatus(status), OrderType(order_type)
    if expected_version is not None and version != expected_version:
        raise changed(before, version)
    mover = Mover.STAFF if is_of_the_house(uow.actor) else Mover.GUEST
    check_move(before, target, kind, mover=mover, guest_may_cancel_until=OrderStatus(until))
    is_cancelled = target is OrderStatus.CANCELLED
    why = (reason or "").strip()[:REASON_LENGTH_MAX] or None
    moved = await uow.run(
        MOVE,
        order_id=order_id,
        seen_version=version,
        target=target,
        now=uow.now,
        why=why if is_cancelled else None,
    )
    if not moved:
        latest = await uow.row(CURRENT, order_id=order_id)
        assert latest is not None
        raise changed(OrderStatus(latest[0]), latest[2])
    if is_cancelled:
        await menu.give_back_stock(uow, stock_taken)
        if slot is not None:
            await capacity.give_back(uow, house_id, slot, work=work)
    await uow.run(INSERT_HISTORY, **history_row(uow, order_id, before, target, why))
    await keep_audit(uow, order_id, before, target)
    uow.emit(
        OrderMoved(
            order_id=order_id,
            house_id=house_id,
            number=number,
            order_type=kind,
            before=before,
            after=target,
            reason=why,
            version=version + 1,
        )
    )
    return int(version) + 1


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


def changed(status: OrderStatus, version: Any) -> OrderChanged:
    return OrderChanged(
        "Somebody else has moved this order meanwhile. Look at it again.",
        status=status.value,
        version=version,
    )


def is_of_the_house(actor: Principal) -> bool:
    return actor.is_staff or actor.kind is Kind.SYSTEM


def may_see(actor: Principal, house_id: str) -> bool:
    """Staff see the orders of their houses; for guests the door has checked whose it is."""
    return not actor.is_staff or actor.may_see_house(house_id)
