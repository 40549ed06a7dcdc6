"""The API's doors to the zones of a house."""

from __future__ import annotations

from typing import Annotated

from litestar import delete, get, patch, post
from litestar.params import JSONBody, PathParameter, QueryParameter

from basis.errors import Invalid, NotFound
from basis.kit.http.api import ApiController
from basis.kit.http.wire import Envelope, done, ok
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.web import Reading, Work
from kitchenasty.kit.principals import Scope
from kitchenasty.locations import zone_service
from kitchenasty.locations.queries import load_house, load_own_house
from kitchenasty.locations.zone_schemas import (
    NewZone,
    ZonePatch,
    ZoneView,
    zones_of,
)
from kitchenasty.locations.zones import OutsideZones, Whereabouts, find_zone

HouseId = Annotated[str, PathParameter(max_length=64)]
ZoneId = Annotated[str, PathParameter(max_length=64)]
Latitude = Annotated[float | None, QueryParameter(ge=-90, le=90, required=False)]
Longitude = Annotated[float | None, QueryParameter(ge=-180, le=180, required=False)]
PostalCode = Annotated[str | None, QueryParameter(max_length=20, required=False)]


class NoZoneThere(NotFound):
    """Asked for a zone, as a thing of its own, there is none."""


class ZoneQuestion(Invalid):
    """Nothing was said of where it is."""


class ZonesApi(ApiController):
    path = "/api/locations/{house_id:str}/delivery-zones"
    tags = ["Locations"]

    @get(opt=access(Access.PUBLIC, key=Scope.HOUSES_READ), operation_id="ListZones")
    async def list_zones(self, look: Reading, house_id: HouseId) -> Envelope[list[ZoneView]]:
        """The zones of a house by name; those that are not used are shown to its staff alone."""
        house = await load_house(look, house_id)
        return ok(zones_of(house, for_staff=look.actor.may_see_house(house.id)))

    @get("/check", opt=access(Access.PUBLIC), operation_id="CheckZone")
    async def check_zone(
        self,
        look: Reading,
        house_id: HouseId,
        lat: Latitude = None,
        lng: Longitude = None,
        postalCode: PostalCode = None,  # noqa: N803  # as it is spelt on the wire
    ) -> Envelope[ZoneView]:
        """The zone of an address, by its postal code or its place."""
        house = await load_house(look, house_id)
        where = Whereabouts.of(postalCode, lat, lng)
        if not where.postal_code and where.place is None:
            raise ZoneQuestion("Say where: postalCode, or lat and lng.")
        try:
            return ok(ZoneView.of(find_zone(house.zones, where), house))
        except OutsideZones as outside:
            raise NoZoneThere("Address is outside delivery zones") from outside

    @post(opt=access(Access.MANAGER, key=Scope.HOUSES_WRITE), operation_id="AddZone")
    async def add_zone(
        self, uow: Work, house_id: HouseId, data: JSONBody[NewZone]
    ) -> Envelope[ZoneView]:
        """Draw a zone. Where zones overlap, the one of the smallest `rank` holds."""
        house = await load_own_house(uow, house_id)
        zone = await zone_service.add_zone(uow, house.id, data.to_draft(house.currency))
        return ok(ZoneView.of(zone, house))

    @patch(
        "/{zone_id:str}",
        opt=access(Access.MANAGER, key=Scope.HOUSES_WRITE),
        operation_id="ChangeZone",
    )
    async def change_zone(
        self, uow: Work, house_id: HouseId, zone_id: ZoneId, data: JSONBody[ZonePatch]
    ) -> Envelope[ZoneView]:
        """Change what is given. Orders that are placed already keep what they were charged."""
        house = await load_own_house(uow, house_id)
        changes = data.to_changes(house.currency)
        zone = await zone_service.change_zone(uow, house.id, zone_id, changes)
        return ok(ZoneView.of(zone, house))

    @delete(
        "/{zone_id:str}",
        opt=access(Access.SUPER_ADMIN),
        status_code=200,
        operation_id="DeleteZone",
    )
    async def delete_zone(self, uow: Work, house_id: HouseId, zone_id: ZoneId) -> Envelope[None]:
        """Take a zone away for good; switching it off keeps it."""
        await zone_service.remove_zone(uow, house_id, zone_id)
        return done("Delivery zone deleted")
