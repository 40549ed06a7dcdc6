"""What houses kept of deposits and fees: income of the day on which they kept it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from kitchenasty import deposits, locations
from kitchenasty.kit.books import Look
from kitchenasty.reports.periods import DAY, Span


async def sum_kept(
    look: Look, houses: Sequence[locations.House], spans: Sequence[tuple[Span, Sequence[str]]]
) -> dict[str, int]:
    """By currency, over the own days of each house; one question for each zone."""
    zones = {house.id: house.zone for house in houses}
    total: Counter[str] = Counter()
    for span, house_ids in spans:
        by_zone: dict[str, list[str]] = defaultdict(list)
        for house_id in house_ids:
            by_zone[zones[house_id]].append(house_id)
        for zone, ids in by_zone.items():
            since, until = begin_of(span.first, zone), begin_of(span.last + DAY, zone)
            total.update(await deposits.sum_kept(look, ids, since, until))
    return dict(total)


def begin_of(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), tzinfo=ZoneInfo(zone)).astimezone(UTC)
