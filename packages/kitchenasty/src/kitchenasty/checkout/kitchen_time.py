"""When the kitchen can do it: what is promised when an order is placed, and what is said before.

Both look at the same hours, the same lead time and the same reserved work, so a guest who orders
at once gets the time that was shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from kitchenasty import locations, orders
from kitchenasty.checkout.drafts import CartDraft, OrderDraft
from kitchenasty.checkout.promise import (
    AHEAD_MAX,
    Promise,
    has_room,
    lead_time,
    promises_from,
)
from kitchenasty.checkout.refusals import PromiseMoved, SlotFull
from kitchenasty.kit.books import Look, UnitOfWork

PROMISE_SLACK = timedelta(minutes=15)
"""A form takes its time to be filled in; so much later is still what was shown."""


async def estimate_promise(
    look: Look, house: locations.House, cart: CartDraft, work: int
) -> Promise | None:
    """What would be promised now for `work` minutes in the kitchen; None when nothing can be."""
    promises = promises_of(house, cart, look.now)
    first = next(promises)
    loads = await loads_of(look, house)
    if not counts_work(house, work) or has_room(house, loads, first, work):
        return first
    if cart.scheduled_at is not None:
        return None
    return next(later_with_room(house, promises, loads, work), None)


async def reserve_kitchen(
    uow: UnitOfWork, house: locations.House, cart: CartDraft, work: int
) -> Promise:
    """Find the promise that the kitchen can keep and reserve its work. A scheduled order gets its
    own time or is told the next free one; nothing is promised past the end of the opening hours.
    Raises SlotFull.
    """
    promises = promises_of(house, cart, uow.now)
    first = next(promises)
    if not counts_work(house, work) or await try_reserve(uow, house, first, work):
        return first
    loads = await loads_of(uow, house)
    for promise in later_with_room(house, promises, loads, work):
        if cart.scheduled_at is not None:
            raise SlotFull(
                "The kitchen is full at that time. Please choose a later one.",
                nextFree=promise.promised_at.isoformat(),
            )
        if await try_reserve(uow, house, promise, work):
            return promise
    if cart.order_type is orders.OrderType.DINE_IN:
        return replace(first, quarter=None)  # guests who sit here are not sent away
    raise SlotFull("The kitchen is full for the next hours. Please choose another time.")


def promises_of(house: locations.House, cart: CartDraft, now: datetime) -> Iterator[Promise]:
    earliest = cart.scheduled_at or now + lead_time(house, cart.order_type)
    return promises_from(house, cart.order_type, earliest)


def counts_work(house: locations.House, work: int) -> bool:
    return house.kitchen_minutes_per_quarter is not None and work > 0


def later_with_room(
    house: locations.House,
    promises: Iterator[Promise],
    loads: Mapping[datetime, int],
    work: int,
) -> Iterator[Promise]:
    return (
        promise
        for promise in promises
        if promise.quarter is not None
        and house.hours.is_open(promise.quarter)
        and has_room(house, loads, promise, work)
    )


async def loads_of(look: Look, house: locations.House) -> dict[datetime, int]:
    return await orders.list_loads(
        look, house.id, orders.quarter_of(look.now), look.now + AHEAD_MAX
    )


async def try_reserve(uow: UnitOfWork, house: locations.House, promise: Promise, work: int) -> bool:
    assert promise.quarter is not None
    assert house.kitchen_minutes_per_quarter is not None
    return await orders.reserve(
        uow, house.id, promise.quarter, work=work, capacity=house.kitchen_minutes_per_quarter
    )


def check_shown_promise(draft: OrderDraft, house: locations.House, promise: Promise) -> None:
    """The kitchen may have filled up since the time was shown; then it is asked again."""
    shown = draft.shown_promise_at
    if shown is None or draft.cart.scheduled_at is not None:
        return
    if promise.promised_at > shown + PROMISE_SLACK:
        at = promise.promised_at.astimezone(ZoneInfo(house.zone))
        raise PromiseMoved(
            f"The kitchen has filled up meanwhile: it would be {at:%H:%M}. "
            "If that suits you, please order again.",
            promisedAt=promise.promised_at.isoformat(),
        )
