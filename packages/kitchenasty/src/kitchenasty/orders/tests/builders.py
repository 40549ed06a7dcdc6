"""An order in the books without checkout above; a test names only what matters to it."""

from __future__ import annotations

from datetime import date
from typing import Any

from basis.ids import new_id
from basis.money import Money, Rate
from kitchenasty import locations, orders, payments
from kitchenasty.kit.books import UnitOfWork

ANNA = orders.Contact(name="Anna Berg", email="anna@guest.example", phone="+49 30 5550101")
UNIT_MINOR = 1_250
UNEXPLAINED = orders.totals.Explanation(1, (), (), ())
FOOD = orders.totals.flat_profile(Rate.parse("7"), prices_include_tax=True)


async def record(
    uow: UnitOfWork, house: locations.House, dish_id: str, *, quantity: int = 1, **fields: Any
) -> orders.PlacedOrder:
    """A pickup of one dish as soon as possible, due in cash."""
    total = UNIT_MINOR * quantity
    defaults: dict[str, Any] = {
        "house_id": house.id,
        "zone": house.zone,
        "order_type": orders.OrderType.PICKUP,
        "customer_id": None,
        "contact": ANNA,
        "address": None,
        "currency": house.currency,
        **dict.fromkeys(("subtotal_minor", "total_minor"), total),
        **dict.fromkeys(("delivery_fee_minor", "tax_minor", "work_minutes"), 0),
        **dict.fromkeys(("discount_minor", "tip_minor"), 0),
        "tax_is_included": True,
        "rounding_policy": orders.totals.BY_RATE.name,
        "explanation": UNEXPLAINED,
        "payment_method": payments.PaymentMethod.CASH,
        "scheduled_at": None,
        **dict.fromkeys(("promised_at", "fire_at"), uow.now),
        "note": None,
        "guest_may_cancel_until": orders.OrderStatus.CONFIRMED,
        "stock_taken": {dish_id: quantity},
        "kitchen_slot": None,
        "lines": (soup(dish_id, quantity),),
    }
    placed = await orders.record_order(uow, orders.AgreedOrder(**{**defaults, **fields}))
    await payments.record_due(
        uow,
        placed.id,
        payments.PaymentMethod.CASH,
        Money(placed.order.total_minor, house.currency),
    )
    return placed


def soup(dish_id: str, quantity: int, *, unit_minor: int = UNIT_MINOR) -> orders.Line:
    return orders.Line(
        id=new_id(),
        dish_id=dish_id,
        name="Soup",
        quantity=quantity,
        unit_minor=unit_minor,
        total_minor=unit_minor * quantity,
        note=None,
        allergens=None,
        options=(),
    )


def priced(
    *prices: tuple[int, int], profile: orders.totals.TaxProfile = FOOD
) -> orders.totals.Breakdown:
    """A pickup of lines at (unit, quantity)."""
    return orders.totals.total(
        orders.totals.Sale(
            currency="EUR",
            lines=tuple(
                orders.totals.SaleLine(id=str(place), base_minor=unit, quantity=quantity)
                for place, (unit, quantity) in enumerate(prices)
            ),
            profile=profile,
            dining=orders.totals.Dining.PICKUP,
            day=date(2030, 1, 2),
        )
    )


async def record_explained(
    uow: UnitOfWork, house: locations.House, dish_id: str, *, quantity: int = 1, **fields: Any
) -> orders.PlacedOrder:
    """A pickup of soups at 12.50 with 7 % in them."""
    breakdown = priced((UNIT_MINOR, quantity))
    return await record(
        uow,
        house,
        dish_id,
        quantity=quantity,
        explanation=orders.totals.explain(breakdown),
        tax_minor=breakdown.tax_minor,
        **fields,
    )
