"""Zones on the wire: the shapes of the contract, and a superset of them."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from msgspec import UNSET, UnsetType

from basis.kit.http.wire import (
    Amount,
    Form,
    Price,
    Stamp,
    WireStruct,
    amount,
    bounded_minor,
    stamp_or_none,
)
from kitchenasty.locations.areas import VERTICES_MAX, AxisOrder
from kitchenasty.locations.drafts import ZoneDraft
from kitchenasty.locations.views import House
from kitchenasty.locations.zones import CODES_MAX, NAME_LENGTH_MAX, RANK_MAX, Zone

CODE_LENGTH_MAX = 24
CODES_LENGTH_MAX = 12_000
Boundaries = Annotated[
    Any,
    msgspec.Meta(
        description="A GeoJSON Polygon, MultiPolygon or Feature of these; or a list of pairs "
        "together with `axisOrder`.",
        extra_json_schema={"maxItems": VERTICES_MAX, "maxProperties": VERTICES_MAX},
    ),
]
"""`areas.read_area` holds it to its bounds."""

ZoneName = Annotated[str, msgspec.Meta(min_length=1, max_length=NAME_LENGTH_MAX)]
Minutes = Annotated[int, msgspec.Meta(ge=0, le=1_440)]
Rank = Annotated[int, msgspec.Meta(ge=1, le=RANK_MAX)]
PostalCodes = Annotated[
    list[Annotated[str, msgspec.Meta(max_length=CODE_LENGTH_MAX)]],
    msgspec.Meta(max_length=CODES_MAX),
]
SAME = ("name", "minutes", "rank", "is_active", "axis_order")
PRICES = {
    "charge": "fee_minor",
    "min_order": "min_order_minor",
    "free_from": "free_from_minor",
}


class ZonePatch(Form, kw_only=True):
    """What is left out stays. `minOrder` and `minutes` of null are those of the house, `freeFrom`
    of null means never. `boundaries` and `postalCodes` replace what was there.
    """

    name: ZoneName | UnsetType = UNSET
    charge: Price | UnsetType = UNSET
    min_order: Price | UnsetType | None = UNSET
    free_from: Price | UnsetType | None = UNSET
    minutes: Minutes | UnsetType | None = UNSET
    rank: Rank | UnsetType = UNSET
    postal_codes: PostalCodes | UnsetType = UNSET
    boundaries: Boundaries | UnsetType = UNSET
    axis_order: AxisOrder | UnsetType | None = UNSET
    is_active: bool | UnsetType = UNSET

    def to_changes(self, currency: str) -> dict[str, Any]:
        """The named fields as a draft knows them. Raises BadAmount."""
        changes = {name: getattr(self, name) for name in SAME if getattr(self, name) is not UNSET}
        for theirs, ours in PRICES.items():
            price = getattr(self, theirs)
            if price is not UNSET:
                changes[ours] = None if price is None else bounded_minor(price, currency)
        if self.postal_codes is not UNSET:
            changes["codes"] = "\n".join(self.postal_codes)
        if self.boundaries is not UNSET:
            # The contract's clients say "no boundary" with an empty list as well.
            changes["boundary"] = self.boundaries or None
        return changes


class NewZone(ZonePatch, kw_only=True):
    """A zone; without a boundary and postal codes it is kept and not used yet."""

    name: ZoneName

    def to_draft(self, currency: str) -> ZoneDraft:
        return ZoneDraft(**self.to_changes(currency))


class ZoneView(WireStruct, kw_only=True):
    """`minOrder` and `minutes` are what holds there, the house's where the zone has none of its
    own; `isUsed` is false for a zone that is off, or says nowhere where it is.
    """

    id: str
    location_id: str
    name: str
    charge: Amount
    min_order: Amount
    free_from: Amount | None
    minutes: int
    rank: int
    postal_codes: list[str]
    boundaries: dict[str, Any] | None
    is_active: bool
    is_used: bool
    created_at: Stamp | None
    updated_at: Stamp | None

    @classmethod
    def of(cls, zone: Zone, house: House) -> ZoneView:
        there = house.at(zone)
        free_from = zone.free_from_minor
        return cls(
            id=zone.id,
            location_id=house.id,
            name=zone.name,
            charge=amount(zone.fee_minor, house.currency),
            min_order=amount(there.min_delivery_minor, house.currency),
            free_from=None if free_from is None else amount(free_from, house.currency),
            minutes=there.delivery_lead_minutes,
            rank=zone.rank,
            postal_codes=list(zone.postal_codes),
            boundaries=None if zone.area is None else zone.area.to_geojson(),
            is_active=zone.is_active,
            is_used=zone.is_used,
            created_at=stamp_or_none(zone.created_at),
            updated_at=stamp_or_none(zone.updated_at),
        )


def zones_of(house: House, *, for_staff: bool = False) -> list[ZoneView]:
    """By name, as the contract has them; those that are not used are the house's own business."""
    shown = [zone for zone in house.zones if for_staff or zone.is_used]
    return [ZoneView.of(zone, house) for zone in sorted(shown, key=lambda one: (one.name, one.id))]
