"""Paid orders with an explanation, and people who may or may not give money back."""

from __future__ import annotations

from datetime import date
from typing import Any

from kitchenasty import locations, orders, payments
from kitchenasty.kit.books import Books, UnitOfWork
from kitchenasty.kit.principals import Kind, Principal, Role
from kitchenasty.menu.tests.builders import add_dish
from kitchenasty.orders.tests.builders import FOOD, record, soup

TIP_MINOR, FEE_MINOR = 200, 490
OWNER = Principal(kind=Kind.STAFF, id="owner", role=Role.SUPER_ADMIN, name="Rosa Vidal")
MANAGER = Principal(kind=Kind.STAFF, id="manager", role=Role.MANAGER, name="Marco Neri")
COOK = Principal(kind=Kind.STAFF, id="cook", role=Role.STAFF, name="Chiara Neri")
ALL = ("delivered", "tipped")


def sale(
    *lines: tuple[int, int],
    profile: orders.totals.TaxProfile = FOOD,
    extras: tuple[str, ...] = (),
    currency: str = "EUR",
) -> orders.totals.Breakdown:
    """Lines of (unit, quantity), delivered for a fee and tipped if the extras say so."""
    delivery = orders.totals.Delivery(
        tariff=orders.totals.DeliveryTariff(base_minor=FEE_MINOR),
        taxed_as=orders.totals.LIKE_THE_GOODS,
    )
    return orders.totals.total(
        orders.totals.Sale(
            currency=currency,
            lines=tuple(
                orders.totals.SaleLine(id=str(place), base_minor=unit, quantity=quantity)
                for place, (unit, quantity) in enumerate(lines)
            ),
            profile=profile,
            dining=orders.totals.Dining.PICKUP,
            day=date(2030, 1, 2),
            delivery=delivery if "delivered" in extras else None,
            tip=orders.totals.Tip(TIP_MINOR) if "tipped" in extras else None,
        )
    )


async def record_sale(
    uow: UnitOfWork,
    house: locations.House,
    *lines: tuple[int, int],
    extras: tuple[str, ...] = (),
    profile: orders.totals.TaxProfile = FOOD,
    **fields: Any,
) -> orders.PlacedOrder:
    """The sale as an order that is due in cash."""
    dish_id = await add_dish(uow)
    priced = sale(*lines, profile=profile, extras=extras, currency=house.currency)
    names = ("subtotal_minor", "delivery_fee_minor", "tax_minor", "tip_minor", "total_minor")
    fields |= {name: getattr(priced, name) for name in names}
    return await record(
        uow,
        house,
        dish_id,
        **fields,
        tax_is_included=priced.tax_is_included,
        explanation=orders.totals.explain(priced),
        lines=tuple(
            soup(dish_id, quantity, unit_minor=unit_minor) for unit_minor, quantity in lines
        ),
    )


async def paid_sale(
    books: Books,
    house: locations.House,
    *lines: tuple[int, int],
    is_paid: bool = True,
    **terms: Any,
) -> orders.Order:
    """The same, paid over the counter."""
    async with books.writing() as uow:
        placed = await record_sale(uow, house, *lines, **terms)
        if is_paid:
            await payments.collect_cash(uow, placed.id)
        return await orders.load_order(uow, placed.id)
