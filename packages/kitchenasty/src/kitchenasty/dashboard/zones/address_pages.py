"""Whether a house delivers to an address, for how much, and why not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from babel.units import format_unit
from litestar import Controller, Response, get
from litestar.params import PathParameter, QueryParameter

from basis.errors import Invalid
from kitchenasty import locations, settings
from kitchenasty.dashboard.houses.house_form import place_in
from kitchenasty.dashboard.shell import office_page
from kitchenasty.dashboard.zones.ground import Ground, load_ground, with_ground
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.i18n import current_locale, say
from kitchenasty.kit.http.web import Reading, WebRequest
from kitchenasty.locations import House, Place, Whereabouts, Zone

UNITS = {settings.KILOMETRES: "length-kilometer", settings.MILES: "length-mile"}
HouseId = Annotated[str, PathParameter(max_length=64)]
Typed = Annotated[str, QueryParameter(max_length=60)]
Code = Annotated[str, QueryParameter(max_length=20)]


@dataclass(frozen=True, slots=True)
class Answer:
    """`zone` is the one that counts, `refusal` why none does. `there` is the house as it stands to
    the address; `others` hold it too, and do not count: they come later, or are switched off.
    """

    there: House
    zone: Zone | None
    key: str
    """The postal code as it is compared."""
    by_code: bool
    refusal: str | None
    others: tuple[Zone, ...]
    distance: str | None


class AddressPages(Controller):
    path = "/admin/zones/{house_id:str}/check"
    include_in_schema = False
    opt = access(Access.MANAGER)

    @get()
    async def check_address(
        self,
        request: WebRequest,
        look: Reading,
        house_id: HouseId,
        place: Typed = "",
        postalCode: Code = "",  # noqa: N803  # as forms spell it
    ) -> Response[Any]:
        house = await locations.load_own_house(look, house_id)
        ground, refusal, answer = await load_ground(look), None, None
        try:
            where = where_in(place, postalCode)
            if where is not None:
                answer = answer_for(house, where, ground)
        except Invalid as found:
            refusal = found
        shown = office_page(
            "dashboard/zone_check.html",
            request,
            look.actor,
            refusal=refusal,
            house=house,
            ground=ground,
            shapes=[zone.area.to_geojson() for zone in house.zones if zone.area],
            numbers={zone.id: number for number, zone in enumerate(house.zones, 1)},
            typed_place=place,
            postal_code=postalCode,
            answer=answer,
        )
        return with_ground(shown, ground)


def where_in(place: str, postal_code: str) -> Whereabouts | None:
    """What was typed; None if nothing was. Raises PlaceUnreadable."""
    latitude, longitude = place_in(place)
    where = Whereabouts.of(postal_code.strip(), latitude, longitude)
    return where if where.postal_code or where.place else None


def answer_for(house: House, where: Whereabouts, ground: Ground) -> Answer:
    zone, refusal = None, None
    try:
        zone = locations.find_zone(house.zones, where) if house.has_zones else None
    except (locations.OutsideZones, locations.WhereaboutsNeeded) as outside:
        refusal = say(outside)
    key = locations.postal_key(where.postal_code)
    others = [one for one in house.zones if one is not zone and holds(one, key, where.place)]
    return Answer(
        there=house if zone is None else house.at(zone),
        zone=zone,
        key=key,
        by_code=zone is not None and zone.lists(key),
        refusal=refusal,
        others=tuple(others),
        distance=distance_of(house, where.place, ground),
    )


def holds(zone: Zone, key: str, place: Place | None) -> bool:
    is_drawn_there = zone.area is not None and place is not None and zone.area.contains(place)
    return zone.lists(key) or is_drawn_there


def distance_of(house: House, place: Place | None, ground: Ground) -> str | None:
    """From the house as the crow flies, in words; None where one of the two is not known."""
    if place is None or house.latitude is None or house.longitude is None:
        return None
    here = Place(latitude=house.latitude, longitude=house.longitude)
    far = round(ground.distance(locations.distance_m(here, place)), 1)
    return format_unit(far, UNITS[ground.unit], length="short", locale=current_locale.get())
