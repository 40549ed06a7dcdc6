"""Where a delivery goes: the zone of its address, and what the house asks for there."""

from __future__ import annotations

from basis.errors import DomainError
from kitchenasty import locations, orders
from kitchenasty.checkout.drafts import CartDraft, Reach
from kitchenasty.orders import OrderType


def at_zone(house: locations.House, cart: CartDraft) -> locations.House:
    """The house as it stands to the cart's address. A pickup, and a house without zones, ask for
    none. Raises WhereaboutsNeeded, OutsideZones.
    """
    if cart.order_type is not OrderType.DELIVERY or not house.has_zones:
        return house
    return house.at(locations.find_zone(house.zones, cart.where))


def at_shown_zone(
    house: locations.House, cart: CartDraft
) -> tuple[locations.House, DomainError | None]:
    """The same for a page, which shows the dishes' prices also before it knows the address."""
    try:
        return at_zone(house, cart), None
    except (locations.WhereaboutsNeeded, locations.OutsideZones) as refusal:
        return house, refusal


def reach_of(
    house: locations.House,
    cart: CartDraft,
    breakdown: orders.totals.Breakdown,
    refusal: DomainError | None,
) -> Reach:
    """What delivery to the address asks of the cart; of a pickup nothing."""
    if cart.order_type is not OrderType.DELIVERY or refusal is not None:
        return Reach(refusal=refusal)
    free_from, goods = house.free_delivery_from_minor, breakdown.subtotal_minor
    return Reach(
        zone=house.delivery_zone,
        missing_minor=max(0, house.min_delivery_minor - goods),
        to_free_minor=None if free_from is None else max(0, free_from - goods),
    )
