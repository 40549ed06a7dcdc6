"""Who an agent is: its vehicle, where it rides, and what it wants for that. Read from TOML."""

from __future__ import annotations

import tomllib
from typing import Annotated

import msgspec
from msgspec import Meta

from basis.errors import Invalid
from swarmhaul.matching import Place

Name = Annotated[str, Meta(min_length=1, max_length=60, pattern=r"^[^\x00-\x1f\x7f]*\Z")]
BASIS_POINTS = 10_000


class ProfileUnfit(Invalid):
    """A profile that no agent can ride by; the sentence says which line and why."""


class Strict(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """A mistyped name is refused, not ignored."""


class Vehicle(Strict, frozen=True, kw_only=True):
    """Costs are lamports. `kmh` is what it makes in town, stops included."""

    name: Name
    carries_kg: Annotated[int, Meta(ge=1, le=10_000)]
    carries_litres: Annotated[int, Meta(ge=1, le=50_000)]
    kmh: Annotated[int, Meta(ge=1, le=130)]
    per_km: Annotated[int, Meta(ge=0, le=1_000_000_000)]
    per_hour: Annotated[int, Meta(ge=0, le=10_000_000_000)]


class Profile(Strict, frozen=True, kw_only=True):
    """`base` is where the agent waits, and the middle of what it knows: it neither picks up nor
    hands over farther than `reach_m` from there. It wants its costs and `margin` basis points on
    top, and at least `minimum` lamports. At a hand-over it waits for so many seconds.
    """

    name: Name
    latitude: Annotated[float, Meta(ge=-90, le=90)]
    longitude: Annotated[float, Meta(ge=-180, le=180)]
    reach_m: Annotated[int, Meta(ge=100, le=200_000)]
    vehicle: Vehicle
    margin: Annotated[int, Meta(ge=0, le=50_000)] = 2_000
    minimum: Annotated[int, Meta(ge=1, le=1_000_000_000_000)] = 1_000_000
    patience_seconds: Annotated[int, Meta(ge=0, le=7_200)] = 600

    @property
    def base(self) -> Place:
        return Place(self.latitude, self.longitude)

    def reaches(self, place: Place) -> bool:
        return self.base.metres_to(place) <= self.reach_m

    def can_carry(self, grams: int, millilitres: int) -> bool:
        return (
            grams <= self.vehicle.carries_kg * 1_000
            and millilitres <= self.vehicle.carries_litres * 1_000
        )


def read_profile(text: str) -> Profile:
    """Raises ProfileUnfit."""
    try:
        return msgspec.convert(tomllib.loads(text), Profile)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise ProfileUnfit(f"This profile cannot be read: {error}.") from error
