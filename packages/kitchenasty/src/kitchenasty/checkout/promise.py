"""When an order can be ready: hours, lead time, busy mode and the kitchen's real load. Pure.

A kitchen's work is counted in quarters of an hour. An order wants the quarter in which it is
cooked; if that is full, the next one, and so the promise moves on with the load.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from kitchenasty.locations import BusyMode, House
from kitchenasty.orders import QUARTER, quarter_of

ROUND_TO = timedelta(minutes=5)
AHEAD_MAX = timedelta(days=7)
SCHEDULE_AFTER_MIN = timedelta(minutes=30)
QUARTERS_TRIED_MAX = 48


@dataclass(frozen=True, slots=True)
class Promise:
    """`promised_at` is told to the guest, `fire_at` to the kitchen; `quarter` is where the work is
    reserved, None where the house does not count work.
    """

    promised_at: datetime
    fire_at: datetime
    quarter: datetime | None


def lead_time(house: House, order_type: str) -> timedelta:
    """From firing an order to handing it over."""
    minutes = house.delivery_lead_minutes if order_type == "DELIVERY" else house.pickup_lead_minutes
    extra = house.busy_extra_minutes if house.busy_mode is BusyMode.SLOWER else 0
    return timedelta(minutes=minutes + extra)


def travel_time(house: House, order_type: str) -> timedelta:
    """The part of the lead time in which the kitchen has nothing to do with it any more."""
    if order_type != "DELIVERY":
        return timedelta()
    return timedelta(minutes=max(0, house.delivery_lead_minutes - house.pickup_lead_minutes))


def promises_from(house: House, order_type: str, earliest: datetime) -> Iterator[Promise]:
    """Promises in order of time, a quarter of an hour apart, beginning with the earliest."""
    lead, travel = lead_time(house, order_type), travel_time(house, order_type)
    promised = round_up(earliest)
    for _ in range(QUARTERS_TRIED_MAX):
        quarter = quarter_of(promised - travel)
        yield Promise(
            promised,
            promised - lead,
            quarter if house.kitchen_minutes_per_quarter is not None else None,
        )
        promised = quarter + QUARTER + travel


def has_room(house: House, loads: Mapping[datetime, int], promise: Promise, work: int) -> bool:
    if promise.quarter is None or house.kitchen_minutes_per_quarter is None:
        return True
    reserved = loads.get(promise.quarter, 0)
    return reserved == 0 or reserved + work <= house.kitchen_minutes_per_quarter


def list_slots(
    house: House, order_type: str, now: datetime, loads: Mapping[datetime, int], *, work: int = 0
) -> list[datetime]:
    """The times that can be ordered for: every quarter inside the opening hours, from the lead
    time on up to seven days ahead, where the kitchen has room.
    """
    if not (house.ordering.is_on and house.ordering.takes_ahead):
        return []
    earliest = now + max(lead_time(house, order_type), SCHEDULE_AFTER_MIN)
    latest = now + AHEAD_MAX
    slots: list[datetime] = []
    for start, end in house.hours.spans_from(earliest, days=AHEAD_MAX.days + 1):
        slot = next_quarter(max(start, earliest))
        while slot < min(end, latest):
            promise = next(promises_from(house, order_type, slot))
            if has_room(house, loads, promise, work):
                slots.append(slot)
            slot += QUARTER
        if start >= latest:
            break
    return slots


def next_quarter(instant: datetime) -> datetime:
    floor = quarter_of(instant)
    return floor if floor == instant else floor + QUARTER


def round_up(instant: datetime) -> datetime:
    """To the next full five minutes: nobody believes 19:03."""
    floor = instant.replace(minute=instant.minute // 5 * 5, second=0, microsecond=0)
    return floor if floor == instant else floor + ROUND_TO
