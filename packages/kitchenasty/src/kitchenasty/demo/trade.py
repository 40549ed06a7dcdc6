"""Five weeks of invented trade: orders with the rhythm of a day and a week, always the same.

They go through checkout like anybody's, at the instants at which they happened; what they would
tell screens and subscribers is dropped, since it is history.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from basis.errors import DomainError
from kitchenasty import checkout, locations, menu, orders, payments
from kitchenasty.demo import wishes
from kitchenasty.kit.principals import SYSTEM, Kind, Principal, Role
from kitchenasty.kit.work import UnitOfWork
from kitchenasty.orders import OrderStatus, OrderType

SEED = 1729
DAYS = 35
QUIET = timedelta(hours=2)
ORDERS_A_DAY = {"mill-lane": 14, "harbour": 8}
WEEKDAY = (1.1, 0.6, 0.7, 0.85, 1.0, 1.5, 1.7)
HOUR = {8: 3, 9: 4, 10: 3, 11: 2, 12: 7, 13: 6, 14: 3, 17: 4, 18: 9, 19: 12, 20: 10, 21: 6, 22: 2}
CANCELLED_SHARE = 0.04
ACCOUNT_SHARE = 0.03
DELIVERY_SHARE = 0.45
STEP_MINUTES = {
    OrderStatus.CONFIRMED: (1, 4),
    OrderStatus.PREPARING: (2, 8),
    OrderStatus.READY: (8, 18),
    OrderStatus.OUT_FOR_DELIVERY: (2, 6),
    OrderStatus.DELIVERED: (8, 20),
    OrderStatus.PICKED_UP: (2, 12),
}
REASONS = ("The guest called and changed plans.", "We ran out of it after all.")


@dataclass(frozen=True, slots=True)
class Moment:
    """An order that is going to have been placed."""

    at: datetime
    house: locations.House
    steps: int | None = None
    """How far it got by now; None for all the way."""
    scheduled_at: datetime | None = None
    order_type: OrderType | None = None


async def trade(
    uow: UnitOfWork, houses: Sequence[locations.House], *, cook_id: str, guest_id: str
) -> int:
    """Invent all orders; answers how many there are."""
    chance = Random(SEED)  # noqa: S311  # the demo must be the same each time
    now, actor = uow.now, uow.actor
    cook = Principal(kind=Kind.STAFF, id=cook_id, role=Role.STAFF, name="Chiara Neri")
    books = {house.id: await menu.load_menu(uow, house.id) for house in houses}
    counted = frozenset(await menu.list_availability(uow))
    count = 0
    for moment in sorted(moments(chance, houses, now), key=lambda moment: moment.at):
        guest = wishes.invent_guest(chance)
        draft = wishes.invent_order(chance, moment, books[moment.house.id], counted, guest)
        if draft is None:
            continue
        uow.now, uow.actor = moment.at, SYSTEM
        if chance.random() < ACCOUNT_SHARE:
            draft = wishes.on_account(draft, guest_id)
        try:
            placed = await checkout.place_order(uow, draft)
        except DomainError:
            continue
        uow.actor = cook
        await move_on(uow, chance, placed.id, draft.cart.order_type, moment)
        count += 1
    uow.now, uow.actor = now, actor
    for told in (uow.events, uow.jobs, uow.told):
        told.clear()
    return count


def moments(chance: Random, houses: Sequence[locations.House], now: datetime) -> Iterator[Moment]:
    for house in houses:
        yield from past_moments(chance, house, now)
        yield from open_moments(house, now)


def past_moments(chance: Random, house: locations.House, now: datetime) -> Iterator[Moment]:
    zone = ZoneInfo(house.zone)
    today = now.astimezone(zone).date()
    hours, weights = list(HOUR), list(HOUR.values())
    for back in range(DAYS, -1, -1):
        day = today - timedelta(days=back)
        usual = ORDERS_A_DAY[house.slug] * WEEKDAY[day.isoweekday() % 7]
        for _ in range(round(usual * chance.uniform(0.8, 1.2))):
            [hour] = chance.choices(hours, weights)
            at = datetime.combine(day, time(hour, chance.randrange(60)), tzinfo=zone)
            if at < now - QUIET and house.hours.is_open(at):
                yield Moment(at.astimezone(now.tzinfo), house)


def open_moments(house: locations.House, now: datetime) -> Iterator[Moment]:
    """What is in the kitchen at this moment, and what is ordered for later."""
    ages = {0: (1, 3, 5), 1: (7, 10, 12), 2: (15, 19, 22, 26), 3: (31, 36), 4: (44,)}
    if house.hours.is_open(now) and house.hours.is_open(now - timedelta(minutes=45)):
        for steps, minutes in ages.items():
            for n, age in enumerate(minutes):
                kind = OrderType.DELIVERY if n % 2 or steps == 4 else OrderType.PICKUP
                yield Moment(now - timedelta(minutes=age), house, steps, order_type=kind)
    for hours in (3, 5, 26):
        wanted = now + timedelta(hours=hours)
        if house.hours.is_open(wanted) and house.hours.is_open(wanted + timedelta(hours=1)):
            yield Moment(now - timedelta(minutes=30), house, 1, scheduled_at=wanted)


async def move_on(
    uow: UnitOfWork, chance: Random, order_id: str, order_type: OrderType, moment: Moment
) -> None:
    """Take the order as far as it got, a believable while after each other."""
    steps = orders.FORWARD[order_type][1:]
    is_past = moment.steps is None
    if is_past and chance.random() < CANCELLED_SHARE:
        uow.now += timedelta(minutes=chance.randint(2, 9))
        await orders.move_order(uow, order_id, OrderStatus.CANCELLED, reason=chance.choice(REASONS))
        await payments.void_due(uow, order_id)
        return
    for target in steps[: moment.steps]:
        low, high = STEP_MINUTES[target]
        minutes = chance.randint(low, high) if is_past else 1
        uow.now += timedelta(minutes=minutes)
        await orders.move_order(uow, order_id, target)
