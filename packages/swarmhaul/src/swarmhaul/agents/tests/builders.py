"""A town, three couriers who know a part of it each, and a load that goes right across."""

from __future__ import annotations

from typing import Any

import msgspec

from swarmhaul.agents import Errand, Profile, Vehicle
from swarmhaul.agents.tests.models import completion, serving
from swarmhaul.matching import Place

__all__ = [
    "BIKE", "EAST", "MIDDLE", "NOON", "WEST", "completion", "errand", "profile", "serving",
]  # fmt: skip

NOON = 1_900_000_000
WEST, MIDDLE, EAST = Place(53.35, -6.33), Place(53.35, -6.26), Place(53.35, -6.19)
BIKE = Vehicle(
    name="cargo bike", carries_kg=60, carries_litres=200, kmh=18, per_km=50_000, per_hour=20_000_000
)


def profile(place: Place = MIDDLE, **changes: Any) -> Profile:
    usual = Profile(
        name="Aoife",
        latitude=place.latitude,
        longitude=place.longitude,
        reach_m=20_000,
        vehicle=BIKE,
    )
    return msgspec.structs.replace(usual, **changes)


def errand(**changes: Any) -> Errand:
    """Nine kilometres from west to east, in two hours."""
    usual: dict[str, Any] = {
        "id": "job-1",
        "origin": WEST,
        "destination": EAST,
        "grams": 4_000,
        "millilitres": 20_000,
        "ready_at": NOON + 1_800,
        "deliver_by": NOON + 9_000,
        "budget": 500_000_000,
    }
    return Errand(**(usual | changes))
