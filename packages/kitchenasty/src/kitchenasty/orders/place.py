"""Writing down an order that checkout has agreed on, in seven statements whatever its length."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any
from zoneinfo import ZoneInfo

from basis.ids import hash_capability, new_id
from basis.kit.data.counters import count_up
from basis.kit.data.statements import insert_into
from basis.kit.secret import Secret
from basis.kit.texts import name_key, phone_key
from basis.signing import derive
from kitchenasty.kit.books import UnitOfWork
from kitchenasty.kit.http.i18n import current_locale
from kitchenasty.orders.events import OrderPlaced, TableOrderChanged
from kitchenasty.orders.models import (
    OrderCounterRow,
    OrderHistoryRow,
    OrderLineRow,
    OrderRow,
)
from kitchenasty.orders.states import OrderStatus
from kitchenasty.orders.views import AgreedOrder, HistoryEntry, Line, Order, PlacedOrder

NUMBER_DIGITS = 3
HISTORY_FIELDS = tuple(one.name for one in fields(HistoryEntry))
SHARED_FIELDS = tuple(
    {one.name for one in fields(AgreedOrder)} & {one.name for one in fields(Order)}
)

COUNT_UP = count_up(OrderCounterRow)
INSERT_ORDER = insert_into(OrderRow)
INSERT_LINE = insert_into(OrderLineRow)
INSERT_HISTORY = insert_into(OrderHistoryRow)


async def record_order(uow: UnitOfWork, agreed: AgreedOrder) -> PlacedOrder:
    """Number it, keep it, tell it; one that awaits its payment is told when it is released.

    The number is taken late: on PostgreSQL the counter's row is locked until the commit.
    """
    order_id = new_id()
    capability = capability_of(uow.secret, order_id)
    day = uow.now.astimezone(ZoneInfo(agreed.zone)).date().isoformat()
    count = int(await uow.value(COUNT_UP, house_id=agreed.house_id, day=day))
    number = f"{count:0{NUMBER_DIGITS}d}"
    row = {
        "id": order_id,
        "day": day,
        "number": number,
        "capability_hash": hash_capability(capability),
        **row_of(uow, agreed),
    }
    entry = history_row(uow, order_id, None, OrderStatus.PENDING, None)
    lines = [(INSERT_LINE, line_row(order_id, n, line)) for n, line in enumerate(agreed.lines)]
    await uow.together([(INSERT_ORDER, row), *lines, (INSERT_HISTORY, entry)])
    if agreed.awaits_payment_until is None:
        uow.emit(
            OrderPlaced(
                order_id=order_id,
                house_id=agreed.house_id,
                number=number,
                order_type=agreed.order_type,
                total_minor=agreed.total_minor,
                currency=agreed.currency,
                version=1,
            )
        )
    if agreed.table_id is not None:
        uow.emit(TableOrderChanged(order_id=order_id, house_id=agreed.house_id))
    order = order_of(uow, agreed, entry, order_id=order_id, day=day, number=number)
    return PlacedOrder(order, capability)


def capability_of(secret: Secret, order_id: str) -> str:
    """What opens the order to its guest. It can always be made again, so only its hash is stored,
    and an answer that is kept to be repeated need not hold it (docs/adr/0005).
    """
    return derive(secret, purpose="order capability", subject=order_id)


def order_of(
    uow: UnitOfWork,
    agreed: AgreedOrder,
    entry: Mapping[str, Any],
    *,
    order_id: str,
    day: str,
    number: str,
) -> Order:
    """The order as a reader finds it now; reading it back would cost four statements."""
    shared = {n: getattr(agreed, n) for n in SHARED_FIELDS}
    return Order(
        **shared,
        id=order_id,
        day=day,
        number=number,
        status=OrderStatus.PENDING,
        version=1,
        placed_at=uow.now,
        updated_at=uow.now,
        cancel_reason=None,
        history=(HistoryEntry(**{n: entry[n] for n in HISTORY_FIELDS}),),
    )


def row_of(uow: UnitOfWork, agreed: AgreedOrder) -> dict[str, Any]:
    left_out = {"zone", "contact", "lines"}
    values = {n: getattr(agreed, n) for n in agreed.__dataclass_fields__ if n not in left_out}
    contact = agreed.contact
    return {
        **values,
        "status": OrderStatus.PENDING,
        "version": 1,
        "guest_name": contact.name,
        "guest_email": contact.email,
        "guest_phone": contact.phone,
        "name_key": name_key(contact.name),
        "phone_key": phone_key(contact.phone),
        "placed_at": uow.now,
        "updated_at": uow.now,
        "cancel_reason": None,
        "locale": current_locale.get(),
        "stock_taken": dict(agreed.stock_taken),
    }


def line_row(order_id: str, position: int, line: Line) -> dict[str, Any]:
    return {
        "id": line.id,
        "order_id": order_id,
        "position": position,
        "dish_id": line.dish_id,
        "name": line.name,
        "quantity": line.quantity,
        "unit_minor": line.unit_minor,
        "total_minor": line.total_minor,
        "note": line.note,
        "allergens": line.allergens,
        "options": line.options,
    }


def history_row(
    uow: UnitOfWork,
    order_id: str,
    before: OrderStatus | None,
    after: OrderStatus,
    reason: str | None,
) -> dict[str, Any]:
    return {
        "id": new_id(),
        "order_id": order_id,
        "happened_at": uow.now,
        "actor": uow.actor.label,
        "actor_name": uow.actor.name,
        "before": None if before is None else before.value,
        "after": after.value,
        "reason": reason,
    }
