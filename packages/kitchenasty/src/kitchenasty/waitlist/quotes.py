"""How long those who wait will wait, as it looks now. Pure.

Each in the order of the line gets the seat that is free first for as long as they stay; the next
finds it taken. Nobody is promised anything by it: people stay longer, and others cancel.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from kitchenasty.availability import Floor, Period, Stay

STEP_MINUTES = 5
QUOTED_MAX = timedelta(hours=6)

Busy = dict[str, list[Period]]
"""When each table is somebody's."""


def quote(
    floor: Floor,
    stays: Sequence[Stay],
    parties: Sequence[int],
    now: datetime,
    stay_of: Callable[[int], timedelta],
) -> list[int | None]:
    """Minutes for each party in the order of the line, rounded up to five; None where there will be
    no seat for them tonight.
    """
    busy: Busy = defaultdict(list)
    for stay in stays:
        busy[stay.table_id].append((stay.starts_at, stay.ends_at))
    found = []
    for party in parties:
        length = stay_of(party)
        first = first_free(floor, busy, party, now, length)
        found.append(None if first is None else minutes_until(first[0], now))
        if first is not None:
            for table_id in first[1]:
                busy[table_id].append((first[0], first[0] + length))
    return found


def first_free(
    floor: Floor, busy: Busy, party: int, now: datetime, length: timedelta
) -> tuple[datetime, tuple[str, ...]] | None:
    """When and where a party can sit down first; of seats that are free then, the smallest."""
    options = []
    for seat in floor.seats:
        if seat.least <= party <= seat.most:
            taken = [period for table_id in seat.table_ids for period in busy[table_id]]
            at = free_from(taken, now, length)
            if at <= now + QUOTED_MAX:
                options.append((at, seat.most, seat.table_ids))
    if not options:
        return None
    at, _, table_ids = min(options)
    return at, table_ids


def free_from(taken: Sequence[Period], now: datetime, length: timedelta) -> datetime:
    """The first instant from now on at which nobody is there for so long."""
    at = now
    for starts_at, ends_at in sorted(taken):
        if starts_at < at + length and ends_at > at:
            at = ends_at
    return at


def minutes_until(at: datetime, now: datetime) -> int:
    steps = math.ceil((at - now) / timedelta(minutes=STEP_MINUTES))
    return steps * STEP_MINUTES
