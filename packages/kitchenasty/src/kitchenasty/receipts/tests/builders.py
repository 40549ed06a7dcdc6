"""Orders with an explanation, and receipts of them; a test names only what matters to it."""

from __future__ import annotations

from datetime import date
from typing import Any

from basis.money import Rate
from kitchenasty import locations, orders
from kitchenasty.kit.data.work import UnitOfWork
from kitchenasty.orders.tests.builders import UNIT_MINOR, record

FOOD = orders.totals.flat_profile(Rate.parse("7"), prices_include_tax=True)


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
