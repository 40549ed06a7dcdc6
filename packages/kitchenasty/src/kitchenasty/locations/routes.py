"""The API's doors to houses."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated

from litestar import delete, get, patch, post, put
from litestar.params import FromQuery, JSONBody, PathParameter

from basis.kit.data.paging import Page
from basis.kit.http.api import ApiController
from basis.kit.http.wire import Envelope, done, listed, ok
from kitchenasty.kit.books import Look
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.web import Reading, Work
from kitchenasty.kit.principals import Scope
from kitchenasty.locations import (
    busy_service,
    hours_service,
    queries,
    service,
    table_routes,
)
from kitchenasty.locations.ordering import load_beginnings
from kitchenasty.locations.schemas import (
    BusyForm,
    ExceptionForm,
    LocationCounts,
    LocationPatch,
    LocationView,
    NewLocation,
)
from kitchenasty.locations.views import House
from kitchenasty.locations.zone_schemas import zones_of

HouseId = Annotated[str, PathParameter(max_length=64)]


class LocationsApi(ApiController):
    path = "/api/locations"
    tags = ["Locations"]

    @get(opt=access(Access.PUBLIC, key=Scope.HOUSES_READ), operation_id="ListLocations")
    async def list_locations(
        self, look: Reading, page: FromQuery[int] = 1, limit: FromQuery[int] = 20
    ) -> Envelope[list[LocationView]]:
        """All houses by name, those that are switched off included."""
        shown = Page.of(page, limit)
        houses = await queries.list_houses(look, only_active=False)
        part = houses[shown.offset : shown.offset + shown.limit]
        views = await views_of(look, part)
        return listed(views, page=shown.number, limit=shown.limit, total=len(houses))

    @get(
        "/{house_id:str}",
        opt=access(Access.PUBLIC, key=Scope.HOUSES_READ),
        operation_id="ShowLocation",
    )
    async def show_location(self, look: Reading, house_id: HouseId) -> Envelope[LocationView]:
        """One house with its hours."""
        return ok(await view_of(look, await queries.load_house(look, house_id)))

    @post(
        opt=access(Access.MANAGER, every_house=True, key=Scope.HOUSES_WRITE),
        operation_id="AddLocation",
    )
    async def add_location(self, uow: Work, data: JSONBody[NewLocation]) -> Envelope[LocationView]:
        """Open a house."""
        draft = data.to_draft(await load_beginnings(uow))
        house = await service.add_house(uow, draft, data.to_hours() or ())
        return ok(await view_of(uow, house))

    @patch(
        "/{house_id:str}",
        opt=access(Access.MANAGER, key=Scope.HOUSES_WRITE),
        operation_id="ChangeLocation",
    )
    async def change_location(
        self, uow: Work, house_id: HouseId, data: JSONBody[LocationPatch]
    ) -> Envelope[LocationView]:
        """Change what is given; `operatingHours` replace the whole week."""
        house = await queries.load_own_house(uow, house_id)
        changes = data.to_changes(house.currency)
        return ok(
            await view_of(uow, await service.change_house(uow, house_id, changes, data.to_hours()))
        )

    @put(
        "/{house_id:str}/exceptions/{day:date}",
        opt=access(Access.MANAGER, key=Scope.HOUSES_WRITE),
        operation_id="SetOpeningException",
    )
    async def set_exception(
        self,
        uow: Work,
        house_id: HouseId,
        day: Annotated[date, PathParameter()],
        data: JSONBody[ExceptionForm],
    ) -> Envelope[LocationView]:
        """Other hours on one date, or up to `until`; an empty list closes the house."""
        await queries.load_own_house(uow, house_id)
        changed = await hours_service.set_exception(
            uow, house_id, day, data.hours, until=data.until, note=data.note
        )
        return ok(await view_of(uow, changed))

    @delete(
        "/{house_id:str}/exceptions/{day:date}",
        opt=access(Access.MANAGER, key=Scope.HOUSES_WRITE),
        status_code=200,
        operation_id="RemoveOpeningException",
    )
    async def remove_exception(
        self, uow: Work, house_id: HouseId, day: Annotated[date, PathParameter()]
    ) -> Envelope[LocationView]:
        """The hours of the week hold on this date again."""
        await queries.load_own_house(uow, house_id)
        return ok(await view_of(uow, await hours_service.remove_exception(uow, house_id, day)))

    @put(
        "/{house_id:str}/busy",
        opt=access(Access.STAFF, key=Scope.HOUSES_WRITE),
        operation_id="SetBusy",
    )
    async def set_busy(
        self, uow: Work, house_id: HouseId, data: JSONBody[BusyForm]
    ) -> Envelope[LocationView]:
        """How busy the kitchen is, from the next order on; everybody who works there may say so."""
        await queries.load_own_house(uow, house_id)
        changed = await busy_service.set_busy(
            uow,
            house_id,
            data.mode,
            extra_minutes=data.extra_minutes,
            lasts_minutes=data.minutes,
            message=data.message,
        )
        return ok(await view_of(uow, changed))

    @delete(
        "/{house_id:str}",
        opt=access(Access.SUPER_ADMIN),
        status_code=200,
        operation_id="DeleteLocation",
    )
    async def delete_location(self, uow: Work, house_id: HouseId) -> Envelope[None]:
        """Delete a house that nothing refers to."""
        await queries.load_own_house(uow, house_id)
        await service.close_down(uow, house_id)
        return done("Location deleted")


async def view_of(look: Look, house: House) -> LocationView:
    """One house with its zones and tables; in a list of houses they would be most of it."""
    (view,) = await views_of(look, [house])
    view.delivery_zones = zones_of(house, for_staff=look.actor.may_see_house(house.id))
    view.tables = await table_routes.views_of(look, house.id)
    return view


async def views_of(look: Look, houses: Sequence[House]) -> list[LocationView]:
    """How many orders and reservations a house had is told to its own staff only."""
    dishes = await queries.count_dishes_of(look, [house.id for house in houses])
    own = [house.id for house in houses if look.actor.may_see_house(house.id)]
    placed = await queries.count_orders_of(look, own)
    reserved = await queries.count_reservations_of(look, own)
    tables = await queries.count_tables_of(look, [house.id for house in houses])
    views = []
    for house in houses:
        zones = sum(zone.is_used for zone in house.zones)
        counts = LocationCounts(
            menu_items=dishes[house.id], delivery_zones=zones, tables=tables[house.id]
        )
        if house.id in own:
            counts.orders, counts.reservations = placed[house.id], reserved[house.id]
        views.append(LocationView.of(house, counts))
    return views
