"""How busy a house was before the last tap, told in an address so that one more brings it back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from basis.kit.texts import whole_in
from kitchenasty import locations
from kitchenasty.kit.http.web import WebRequest
from kitchenasty.locations import BusyMode


@dataclass(frozen=True, slots=True)
class Before:
    """How it was before the last tap, so that one more tap brings it back."""

    house_id: str
    mode: BusyMode
    extra: int
    lasts: int


def told(house: locations.House, now: datetime) -> dict[str, str]:
    """The state of a house in an address, for the button that brings it back."""
    left = 0 if house.busy_until is None else max(1, round_minutes(house.busy_until, now))
    return {"was": f"{house.id}.{house.busy_mode}.{house.busy_extra_minutes}.{left}"}


def round_minutes(until: datetime, now: datetime) -> int:
    return round((until - now).total_seconds() / 60)


def before_in(request: WebRequest) -> Before | None:
    """What the address says of how it was; nothing, if it says nothing that can be."""
    parts = request.query_params.get("was", "").split(".")
    if len(parts) != 4 or parts[1] not in set(BusyMode):
        return None
    house_id, mode, *numbers = parts
    extra, lasts = (whole_in(one, digits=4) for one in numbers)
    if extra is None or lasts is None:
        return None
    return Before(house_id, BusyMode(mode), extra, lasts)
