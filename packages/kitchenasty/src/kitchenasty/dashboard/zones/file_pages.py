"""Zones as files that map programs read: GeoJSON, RFC 7946."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any

import msgspec
from litestar import Controller, Response, get
from litestar.params import PathParameter

from basis.errors import Conflict
from kitchenasty import locations
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.web import Reading

HouseId = Annotated[str, PathParameter(max_length=64)]
ZoneId = Annotated[str, PathParameter(max_length=64)]


class NothingDrawn(Conflict):
    """The zone has no boundary."""


class ZoneFiles(Controller):
    path = "/admin/zones/{house_id:str}"
    include_in_schema = False
    opt = access(Access.MANAGER)

    @get("/zones.geojson")
    async def save_all(self, look: Reading, house_id: HouseId) -> Response[bytes]:
        """Every zone of a house that is drawn."""
        house = await locations.load_own_house(look, house_id)
        return as_file(house.zones, f"{house.slug}-zones.geojson")

    @get("/{zone_id:str}/boundary.geojson")
    async def save_one(self, look: Reading, house_id: HouseId, zone_id: ZoneId) -> Response[bytes]:
        house = await locations.load_own_house(look, house_id)
        zone = locations.zone_in(house, zone_id)
        if zone.area is None:
            raise NothingDrawn("This zone has no boundary yet.")
        place = house.zones.index(zone) + 1
        return as_file([zone], f"{house.slug}-zone-{place}.geojson")


def as_file(zones: Iterable[locations.Zone], name: str) -> Response[bytes]:
    features = [feature_of(zone) for zone in zones if zone.area is not None]
    content = msgspec.json.encode({"type": "FeatureCollection", "features": features})
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type="application/geo+json", headers=headers)


def feature_of(zone: locations.Zone) -> dict[str, Any]:
    assert zone.area is not None
    known = {"name": zone.name, "postalCodes": list(zone.postal_codes)}
    return {"type": "Feature", "properties": known, "geometry": zone.area.to_geojson()}
