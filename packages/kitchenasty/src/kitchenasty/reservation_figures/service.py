"""The reservations of a period, read for counting."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from zoneinfo import ZoneInfo

from kitchenasty import locations, reservations
from kitchenasty.kit.books import Look
from kitchenasty.reservation_figures.statistics import Booking, Statistics, summarise


async def look_around(look: Look, houses: Sequence[locations.House], days: int) -> Statistics:
    """So many days back and as many ahead of today, all in the houses' own time."""
    zones = {house.id: ZoneInfo(house.zone) for house in houses}
    today = max((look.now.astimezone(zone).date() for zone in zones.values()), default=None)
    today = today or look.now.date()
    first, last = today - timedelta(days=days), today + timedelta(days=days)
    bookings = [
        Booking(
            day=one.day,
            hour=one.starts_at.astimezone(zones[one.house_id]).hour,
            party=one.party,
            status=one.status,
            source=one.source,
            booked_on=one.created_at.astimezone(zones[one.house_id]).date(),
        )
        for one in await reservations.list_outlines(look, sorted(zones), first, last)
    ]
    return summarise(bookings, first, last)
