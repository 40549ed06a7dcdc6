"""The reservations of a period, read for counting."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, select

from kitchenasty import locations
from kitchenasty.kit.data.statements import Statement, one_of
from kitchenasty.kit.data.work import Look
from kitchenasty.reservations.models import ReservationRow
from kitchenasty.reservations.states import Source, Status
from kitchenasty.reservations.statistics import Booking, Statistics, summarise

OF_PERIOD = Statement(
    select(
        ReservationRow.house_id,
        ReservationRow.day,
        ReservationRow.starts_at,
        ReservationRow.party,
        ReservationRow.status,
        ReservationRow.source,
        ReservationRow.created_at,
    ).where(
        one_of(ReservationRow.house_id, "house_ids"),
        ReservationRow.day >= bindparam("first", required=True),
        ReservationRow.day <= bindparam("last", required=True),
    )
)


async def look_around(look: Look, houses: Sequence[locations.House], days: int) -> Statistics:
    """So many days back and as many ahead of today, all in the houses' own time."""
    zones = {house.id: ZoneInfo(house.zone) for house in houses}
    today = max((look.now.astimezone(zone).date() for zone in zones.values()), default=None)
    today = today or look.now.date()
    first, last = today - timedelta(days=days), today + timedelta(days=days)
    rows = await look.rows(OF_PERIOD, house_ids=sorted(zones), first=first, last=last)
    bookings = [
        Booking(
            day=day,
            hour=starts_at.astimezone(zones[house_id]).hour,
            party=party,
            status=Status(status),
            source=Source(source),
            booked_on=created_at.astimezone(zones[house_id]).date(),
        )
        for house_id, day, starts_at, party, status, source, created_at in rows
    ]
    return summarise(bookings, first, last)
