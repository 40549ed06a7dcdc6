"""When the invented orders come: the rhythm of a day and a week, and what is in the kitchen now."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from kitchenasty import locations
from kitchenasty.orders import OrderType

DAYS = 35
QUIET = timedelta(hours=2)
ORDERS_A_DAY = {"mill-lane": 14, "harbour": 8}
WEEKDAY = (1.1, 0.6, 0.7, 0.85, 1.0, 1.5, 1.7)
HOUR = {8: 3, 9: 4, 10: 3, 11: 2, 12: 7, 13: 6, 14: 3, 17: 4, 18: 9, 19: 12, 20: 10, 21: 6, 22: 2}


@dataclass(frozen=True, slots=True)
class Moment:
    """An order that is going to have been placed."""

    at: datetime
    house: locations.House
    steps: int | None = None
    """How far it got by now; None for all the way."""
    scheduled_at: datetime | None = None
    order_type: OrderType | None = None


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
