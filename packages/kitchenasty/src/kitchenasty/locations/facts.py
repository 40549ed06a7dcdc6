"""What rules may know of the house in which something happened."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from basis.facts import Fact, FactKind
from basis.sentences import word
from kitchenasty.kit.books import Look
from kitchenasty.locations.queries import HouseNotFound, load_house
from kitchenasty.locations.views import House

HOUSE_FACTS = (
    Fact("house.id", FactKind.TEXT, word("The house, as programs call it"), "0190-7e"),
    Fact("house.name", FactKind.TEXT, word("The name of the house"), "Saffron & Sage"),
    Fact("house.email", FactKind.TEXT, word("Where the house reads mail"), "we@house.example"),
    Fact("house.phone", FactKind.TEXT, word("The telephone of the house"), "030 5550100"),
)


async def load_houses(look: Look, house_ids: Collection[str]) -> dict[str, House]:
    """By id; a house that is gone is left out. Houses are few and remembered."""
    found = {}
    for house_id in sorted(set(house_ids)):
        try:
            found[house_id] = await load_house(look, house_id)
        except HouseNotFound:
            continue
    return found


def facts_of_house(house: House) -> dict[str, Any]:
    return {
        "house.id": house.id,
        "house.name": house.name,
        "house.email": house.email,
        "house.phone": house.phone,
    }


def on_the_wall(instant: datetime | None, house: House) -> str | None:
    """The time that a clock in the house shows, to the minute."""
    if instant is None:
        return None
    return instant.astimezone(ZoneInfo(house.zone)).strftime("%Y-%m-%dT%H:%M")
