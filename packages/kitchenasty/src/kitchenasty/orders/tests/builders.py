"""An order in the books without checkout above; a test names only what matters to it."""

from __future__ import annotations

from typing import Any

from basis.ids import new_id
from basis.money import Money
from kitchenasty import locations, orders, payments
from kitchenasty.kit.work import UnitOfWork

ANNA = orders.Contact(name="Anna Berg", email="anna@guest.example", phone="+49 30 5550101")
UNIT_MINOR = 1_250


async def record(
    uow: UnitOfWork, house: locations.House, dish_id: str, *, quantity: int = 1, **fields: Any
) -> orders.PlacedOrder:
    """A pickup of one dish as soon as possible, due in cash."""
    total = UNIT_MINOR * quantity
    line = orders.Line(
        id=new_id(),
        dish_id=dish_id,
        name="Soup",
        quantity=quantity,
        unit_minor=UNIT_MINOR,
        total_minor=total,
        note=None,
        allergens=None,
        options=(),
    )
    defaults: dict[str, Any] = {
        "house_id": house.id,
        "zone": house.zone,
        "order_type": orders.OrderType.PICKUP,
        "customer_id": None,
        "contact": ANNA,
        "address": None,
        "currency": house.currency,
        "subtotal_minor": total,
        "delivery_fee_minor": 0,
        "tax_minor": 0,
        "total_minor": total,
        "tax_is_included": True,
        "payment_method": payments.PaymentMethod.CASH,
        "scheduled_at": None,
        "promised_at": uow.now,
        "fire_at": uow.now,
        "note": None,
        "guest_may_cancel_until": orders.OrderStatus.CONFIRMED,
        "stock_taken": {dish_id: quantity},
        "kitchen_slot": None,
        "work_minutes": 0,
        "lines": (line,),
    }
    placed = await orders.record_order(uow, orders.AgreedOrder(**{**defaults, **fields}))
    await payments.record_due(
        uow, placed.id, payments.PaymentMethod.CASH, Money(total, house.currency)
    )
    return placed
