"""What a house charges beside its dishes, changed as one thing, for orders from now on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kitchenasty import locations, orders
from kitchenasty.kit.books import UnitOfWork


async def change_charges(
    uow: UnitOfWork, house_id: str, charges: locations.Charges, changes: Mapping[str, Any]
) -> locations.House:
    """Set tips, service and coins, and change named fields of the house: its one delivery fee, its
    smallest orders, how it rounds. Orders that are placed keep what they were charged.

    Raises HouseNotFound, NotYourHouse, ChargesRefused, HouseRefused, PolicyUnknown.
    """
    house = await locations.load_own_house(uow, house_id)
    if "rounding_policy" in changes:
        orders.totals.load_policy(changes["rounding_policy"])
    await locations.change_house(uow, house.id, changes)
    return await locations.set_charges(uow, house.id, charges)
