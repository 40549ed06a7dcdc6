"""A house that is open around the clock; a test names only what matters to it."""

from __future__ import annotations

from typing import Any

from basis.ids import new_code
from kitchenasty import locations
from kitchenasty.kit.books import UnitOfWork

ALWAYS = tuple(locations.IntervalDraft(weekday, "00:00", "24:00") for weekday in range(7))


async def add_house(uow: UnitOfWork, **fields: Any) -> locations.House:
    hours = fields.pop("hours", ALWAYS)
    defaults = {
        "name": "Mill Lane",
        "slug": f"mill-lane-{new_code(6).lower()}",
        "address": "7 Mill Lane",
        "city": "Berlin",
        "postal_code": "10115",
        "country": "DE",
        "zone": "Europe/Berlin",
    }
    return await locations.add_house(uow, locations.HouseDraft(**{**defaults, **fields}), hours)
