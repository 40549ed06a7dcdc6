"""What invented guests are called, where they live and what they order. Pure but for chance."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from random import Random

from kitchenasty import checkout, locations, menu, orders, payments
from kitchenasty.demo.moments import Moment
from kitchenasty.orders import OrderType

FIRST = (
    "Aoife", "Conor", "Niamh", "Tomasz", "Priya", "Luca", "Sofia", "Emeka", "Hanna", "Yusuf",
    "Maeve", "Jonas", "Leila", "Owen", "Ines", "Dara", "Mei", "Pavel", "Ruth", "Cian",
)  # fmt: skip
LAST = (
    "Kavanagh", "Nowak", "Farrell", "Rossi", "Okafor", "Sharma", "Doyle", "Lindqvist", "Haddad",
    "Walsh", "Moreau", "Keane", "Silva", "Brennan", "Novak", "Fallon", "Zhang", "Quinn",
)  # fmt: skip
STREETS = ("Canal Walk", "Weir Street", "Orchard Road", "Lantern Court", "Saddler's Row")
NOTES = ("No onions, please.", "Please cut it in half.", "Extra napkins, thank you.")
LINE_COUNTS = (1, 2, 3, 4)
LINE_WEIGHTS = (3, 5, 3, 1)
LINES_MAX = 8
DELIVERY_SHARE = 0.45
EXTRA_SHARE = 0.35
NOTE_SHARE = 0.08


def invent_guest(chance: Random) -> orders.Contact:
    first, last = chance.choice(FIRST), chance.choice(LAST)
    return orders.Contact(
        name=f"{first} {last}",
        email=f"{first}.{last}@guests.example".lower(),
        phone=f"+353 1 555 {chance.randrange(2_000, 9_999)}",
    )


def invent_order(
    chance: Random,
    moment: Moment,
    book: menu.MenuBook,
    counted: Collection[str],
    guest: orders.Contact,
) -> checkout.OrderDraft | None:
    """An order of what is served at that moment; None if nothing is."""
    house = moment.house
    kind = moment.order_type or (
        OrderType.DELIVERY if chance.random() < DELIVERY_SHARE else OrderType.PICKUP
    )
    served = served_dishes(book, house, kind, moment.scheduled_at or moment.at)
    offered = [dish for dish in served if dish.id not in counted]
    if not offered:
        return None
    where = locations.Whereabouts(house.postal_code)
    least = house.min_pickup_minor
    if kind is OrderType.DELIVERY:
        least = house.at(locations.find_zone(house.zones, where)).min_delivery_minor
    lines = invent_lines(chance, offered, least)
    return checkout.OrderDraft(
        cart=checkout.CartDraft(
            house_id=house.id,
            order_type=kind,
            lines=lines,
            scheduled_at=moment.scheduled_at,
            where=where,
        ),
        contact=guest,
        payment_method=payments.PaymentMethod.CASH,
        address=invent_address(chance, house) if kind is OrderType.DELIVERY else None,
    )


def served_dishes(
    book: menu.MenuBook, house: locations.House, kind: OrderType, at: datetime
) -> list[menu.Dish]:
    return [
        dish
        for dish in book.dishes.values()
        if dish.is_offered_for(kind) and dish.is_served(at, house.zone)
    ]


def invent_lines(
    chance: Random, offered: list[menu.Dish], least_minor: int
) -> tuple[checkout.CartLine, ...]:
    """A few dishes, and more until the house delivers. Modifiers may be negative, so the sum is
    taken with a margin.
    """
    [wanted] = chance.choices(LINE_COUNTS, LINE_WEIGHTS)
    lines: list[checkout.CartLine] = []
    sum_minor = 0
    while len(lines) < LINES_MAX and (len(lines) < wanted or sum_minor < least_minor * 1.3):
        dish = chance.choice(offered)
        quantity = chance.choices((1, 2, 3), (8, 3, 1))[0]
        note = chance.choice(NOTES) if chance.random() < NOTE_SHARE else None
        lines.append(checkout.CartLine(dish.id, quantity, invent_options(chance, dish), note))
        sum_minor += dish.price_minor * quantity
    return tuple(lines)


def invent_options(chance: Random, dish: menu.Dish) -> tuple[tuple[str, int], ...]:
    chosen: list[tuple[str, int]] = []
    for group in dish.options:
        count = group.at_least
        if count < group.at_most and chance.random() < EXTRA_SHARE:
            count += 1
        picked = chance.sample(group.choices, min(count, len(group.choices)))
        chosen += [(choice.id, 1) for choice in picked]
    return tuple(chosen)


def invent_address(chance: Random, house: locations.House) -> dict[str, str]:
    return {
        "line1": f"{chance.randrange(1, 90)} {chance.choice(STREETS)}",
        "city": house.city,
        "postalCode": house.postal_code,
        "country": house.country,
    }
