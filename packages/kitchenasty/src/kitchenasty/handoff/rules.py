"""What of an order a market is told, what it may cost, and by when. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec

from basis.errors import Invalid
from kitchenasty.handoff.drafts import Place

CELL_M = 250
"""What everybody may read of a home: a square of this width."""
RADIUS_M = 250
"""How near to the middle of that square couriers hand over; from there the last one knows more."""
METRES_PER_DEGREE = 111_320
MILLION = 1_000_000
QUIET_SHARE = 4
QUIET_SECONDS_MAX = 30
OPERATORS_MIN = 2
RIDE_MIN = timedelta(minutes=30)
"""Nobody carries anything in less, whatever was promised: better late than by nobody."""
PLACES_MAX = 200
LAMPORTS_MAX = 8_000_000_000_000


class PlacesUnreadable(Invalid):
    """Lines that are no places of postal codes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    bids_until: datetime
    ready_at: datetime
    deliver_by: datetime


def cell_of(place: Place) -> Place:
    """The middle of the square in which a place lies; the same for all that lie there."""
    height = CELL_M / METRES_PER_DEGREE
    latitude = (math.floor(place.latitude / height) + 0.5) * height
    width = height / max(0.01, math.cos(math.radians(latitude)))
    longitude = (math.floor(place.longitude / width) + 0.5) * width
    return Place(latitude=latitude, longitude=longitude)


def millionths(degrees: float) -> int:
    return round(degrees * MILLION)


def metres_between(one: Place, other: Place) -> int:
    """Near enough within a city, for a price."""
    across = math.cos(math.radians((one.latitude + other.latitude) / 2))
    north = (other.latitude - one.latitude) * METRES_PER_DEGREE
    east = (other.longitude - one.longitude) * METRES_PER_DEGREE * across
    return round(math.hypot(north, east))


def budget_of(metres: int, *, base: int, per_km: int, most: int) -> int:
    """Lamports; what is begun of a kilometre counts in metres, rounded up."""
    return max(1, min(most, base + -(-metres * per_km // 1_000), LAMPORTS_MAX))


def times_of(now: datetime, promised_at: datetime, *, travel: timedelta, bid_seconds: int) -> Times:
    """Ready when the kitchen has promised to be, there when the guest was promised."""
    bids_until = now + timedelta(seconds=bid_seconds)
    ready_at = max(now, promised_at - travel)
    return Times(
        bids_until=bids_until,
        ready_at=ready_at,
        deliver_by=max(promised_at, ready_at + RIDE_MIN, bids_until + RIDE_MIN),
    )


def quiet_seconds(bid_seconds: int) -> int:
    return max(1, min(QUIET_SECONDS_MAX, bid_seconds // QUIET_SHARE))


def find_place(places: Mapping[str, Place], postal_code: str) -> Place | None:
    """The place of the longest beginning of a code that is known."""
    code = code_key(postal_code)
    for length in range(len(code), 0, -1):
        if code[:length] in places:
            return places[code[:length]]
    return None


def code_key(text: str) -> str:
    return "".join(letter for letter in text.upper() if letter.isalnum())


def read_places(text: str) -> dict[str, Place]:
    """Lines such as `D07 53.357 -6.290`. Raises PlacesUnreadable."""
    found: dict[str, Place] = {}
    for line in filter(None, (one.strip() for one in text.splitlines())):
        *code, latitude, longitude = ["", "", *line.replace(",", " ").split()]
        place = read_place(latitude, longitude)
        if not code_key("".join(code)) or place is None or len(found) >= PLACES_MAX:
            raise PlacesUnreadable(
                "Please write one postal code on each line, with its latitude and longitude: "
                "D07 53.357 -6.290"
            )
        found[code_key("".join(code))] = place
    return found


def read_place(latitude: str, longitude: str) -> Place | None:
    try:
        north, east = (msgspec.json.decode(text, type=float) for text in (latitude, longitude))
    except msgspec.MsgspecError:
        return None
    return Place(latitude=north, longitude=east) if abs(north) <= 90 and abs(east) <= 180 else None


def write_places(places: Mapping[str, Place]) -> str:
    lines = (f"{code} {one.latitude:g} {one.longitude:g}" for code, one in sorted(places.items()))
    return "\n".join(lines)
