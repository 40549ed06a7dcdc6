"""What has to be right about an order besides its lines: whom it is for, when, how much."""

from __future__ import annotations

from datetime import datetime

from basis.money import Money
from basis.sentences import Sentence, word
from kitchenasty import locations, orders, settings
from kitchenasty.checkout.drafts import CartDraft, OrderDraft
from kitchenasty.checkout.promise import AHEAD_MAX, SCHEDULE_AFTER_MIN, lead_time
from kitchenasty.checkout.refusals import (
    AddressNeeded,
    BelowMinimum,
    ContactNeeded,
    HouseClosed,
    HousePaused,
    OrderingOff,
    OrderTypeOff,
    PriceChanged,
    ScheduleRefused,
)
from kitchenasty.kit.principals import Principal
from kitchenasty.orders import OrderType

WAYS = {
    OrderType.DELIVERY: word("delivery"),
    OrderType.PICKUP: word("pickup"),
    OrderType.DINE_IN: word("the table"),
}


def check_table(draft: OrderDraft, actor: Principal) -> None:
    """Waiters take orders at tables, and guests do not. Raises OrderTypeOff."""
    is_at_table = draft.cart.order_type is OrderType.DINE_IN
    if is_at_table is (draft.seated is None) or (is_at_table and not actor.is_staff):
        raise OrderTypeOff("At the table, please order with the people who serve there.")


def check_contact(draft: OrderDraft) -> None:
    contact = draft.contact
    if draft.seated is not None:
        return  # they sit here
    if not contact.name.strip():
        raise ContactNeeded("Please tell us your name, so that we know whose order it is.")
    if not (contact.email or contact.phone):
        raise ContactNeeded("Please leave a phone number or an e-mail address.")
    if draft.cart.order_type is OrderType.DELIVERY:
        given = draft.address or {}
        if not all(str(given.get(name) or "").strip() for name in ("line1", "city", "postalCode")):
            raise AddressNeeded("Delivery address is required: street, postal code and city.")


def check_ordering(house: locations.House, draft: OrderDraft, actor: Principal) -> None:
    """Staff may order while guests have to wait. Raises OrderingOff, OrderTypeOff."""
    check_table(draft, actor)
    if draft.seated is not None:
        return  # guests who sit here are served
    if not house.ordering.is_on:
        raise OrderingOff("We take no orders at the moment. Please come again later.")
    if house.ordering.is_under_maintenance and not actor.is_staff:
        raise OrderingOff(settings.CALM)


def check_time(house: locations.House, cart: CartDraft, now: datetime) -> datetime:
    """The instant the order is for. Raises HousePaused, OrderTypeOff, HouseClosed,
    ScheduleRefused.
    """
    if not house.is_active:
        raise HouseClosed(Sentence.of("{house} takes no orders.", house=house.name))
    if cart.order_type is OrderType.DINE_IN:
        return check_dining(house, now)
    if house.is_paused:
        raise HousePaused(
            house.busy_message
            or word("The kitchen is very busy and takes no orders for the moment.")
        )
    is_offered = (
        house.delivery_enabled if cart.order_type is OrderType.DELIVERY else house.pickup_enabled
    )
    if not is_offered:
        raise OrderTypeOff(
            Sentence.of(
                "{house} does not offer {way} at the moment.",
                house=house.name,
                way=way_of(cart.order_type),
            )
        )
    if cart.scheduled_at is None:
        return check_open(house, now)
    if not house.ordering.takes_ahead:
        raise ScheduleRefused("We take no orders for later at the moment. Please order for now.")
    earliest = now + max(SCHEDULE_AFTER_MIN, lead_time(house, cart.order_type))
    if not earliest <= cart.scheduled_at <= now + AHEAD_MAX:
        minutes = round((earliest - now).total_seconds() / 60)
        raise ScheduleRefused(
            Sentence.of(
                "Please choose a time between {minutes} minutes and {days} days from now.",
                minutes=minutes,
                days=AHEAD_MAX.days,
            )
        )
    return check_open(house, cart.scheduled_at)


def check_dining(house: locations.House, now: datetime) -> datetime:
    """Who sits here is served, also when the kitchen takes nothing more from outside and after the
    last guest was let in. Raises OrderTypeOff.
    """
    if not house.ordering.serves_tables:
        raise OrderTypeOff(
            "Orders at the table are switched off. The owner finds it under Settings, Orders."
        )
    return now


def check_open(house: locations.House, instant: datetime) -> datetime:
    if not house.hours.is_open(instant):
        opening = house.hours.next_opening(instant)
        raise HouseClosed(
            f"{house.name} is closed then. Please choose a time within the opening hours.",
            nextOpening=None if opening is None else opening.isoformat(),
        )
    return instant


def check_minimum(
    house: locations.House, order_type: OrderType, breakdown: orders.totals.Breakdown
) -> None:
    if order_type is OrderType.DINE_IN:
        return
    least = house.min_delivery_minor if order_type is OrderType.DELIVERY else house.min_pickup_minor
    if breakdown.subtotal_minor < least:
        raise BelowMinimum(
            Sentence.of(
                "The smallest order for {way} is {least}.",
                way=way_of(order_type),
                least=Money(least, house.currency),
            ),
            minimumMinor=least,
            subtotalMinor=breakdown.subtotal_minor,
        )


def check_shown_total(draft: OrderDraft, breakdown: orders.totals.Breakdown) -> None:
    shown = draft.shown_total_minor
    if shown is not None and shown != breakdown.total_minor:
        raise PriceChanged(
            Sentence.of(
                "The total is now {total}. Please look at your order again.",
                total=Money(breakdown.total_minor, breakdown.currency),
            ),
            totalMinor=breakdown.total_minor,
            currency=breakdown.currency,
        )


def way_of(order_type: OrderType) -> Sentence:
    return Sentence.of(WAYS[order_type])
