"""The zones of each house: where it delivers, and for how much."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import PathParameter, URLEncodedBody

from basis.errors import Invalid
from basis.sentences import word
from kitchenasty import locations
from kitchenasty.dashboard.drawing import Drawing, draw
from kitchenasty.dashboard.order_pages import list_own_houses
from kitchenasty.dashboard.shell import shell_of
from kitchenasty.dashboard.typed_numbers import (
    NumberUnreadable,
    minor_in,
    minor_or_none,
    typed,
    whole_in,
    whole_or_none,
)
from kitchenasty.kit.data.work import UnitOfWork
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.i18n import say, translate
from kitchenasty.kit.http.visits import entrance_of
from kitchenasty.kit.http.web import (
    Actor,
    Reading,
    WebRequest,
    Work,
    back_to,
    page,
    status_of,
    writing_for,
)
from kitchenasty.kit.http.wire import Form
from kitchenasty.kit.principals import Principal, Role

HERE = "/admin/zones"
NEW = "new"
CODES_SHOWN = 12
DAY_MINUTES = 1_440
AXIS_WORDS = {
    "": word("It is GeoJSON"),
    locations.AxisOrder.LAT_LNG: word("Pairs, latitude first"),
    locations.AxisOrder.LNG_LAT: word("Pairs, longitude first"),
}
FIELD_OF: dict[type[object], str] = {
    locations.AreaRefused: "boundary",
    locations.PostalCodeRefused: "codes",
}
Line = Annotated[str, msgspec.Meta(max_length=80)]
HouseId = Annotated[str, PathParameter(max_length=64)]
ZoneId = Annotated[str, PathParameter(max_length=64)]


class ZoneForm(Form, kw_only=True):
    """What a manager types. `boundary` is pasted GeoJSON or pairs; `look` asks for its drawing."""

    PARAGRAPHS = frozenset({"codes", "boundary"})

    name: Line = ""
    charge: Line = ""
    min_order: Line = ""
    free_from: Line = ""
    minutes: Line = ""
    rank: Line = ""
    codes: Annotated[str, msgspec.Meta(max_length=20_000)] = ""
    boundary: Annotated[str, msgspec.Meta(max_length=400_000)] = ""
    axis: Line = ""
    is_active: Line = ""
    look: Line = ""


class ZonePages(Controller):
    path = HERE
    include_in_schema = False
    opt = access(Access.MANAGER)

    @get("/")
    async def show_zones(
        self, request: WebRequest, look: Reading, principal: Actor
    ) -> Response[Any]:
        houses = await list_own_houses(look, principal)
        return page(
            "dashboard/zones.html",
            shell=shell_of(request, principal),
            principal=principal,
            houses=houses,
            drawings={house.id: draw(house, list(enumerate(house.zones, 1))) for house in houses},
            codes_shown=CODES_SHOWN,
            saved=request.query_params.get("saved", ""),
        )

    @get("/{house_id:str}/{zone_id:str}")
    async def show_zone(
        self,
        request: WebRequest,
        look: Reading,
        principal: Actor,
        house_id: HouseId,
        zone_id: ZoneId,
    ) -> Response[Any]:
        house = await locations.load_own_house(look, house_id)
        form = ZoneForm(is_active="on")
        if zone_id != NEW:
            form = form_of(house, locations.zone_in(house, zone_id))
        return show_form(request, principal, house, (zone_id, form))

    @post("/{house_id:str}/{zone_id:str}")
    async def save_zone(
        self,
        request: WebRequest,
        principal: Actor,
        house_id: HouseId,
        zone_id: ZoneId,
        data: URLEncodedBody[ZoneForm],
    ) -> Response[Any]:
        """A refusal shows the form again as it was typed, so the transaction is opened here."""
        books = entrance_of(request).books
        refusal = None
        try:
            if not data.look:
                async with writing_for(request, principal) as uow:
                    zone = await keep_zone(uow, house_id, zone_id, data)
                return back_to(f"{HERE}?saved={zone.id}")
        except Invalid as found:
            refusal = found
        async with books.reading(principal) as look:
            house = await locations.load_own_house(look, house_id)
            return show_form(request, principal, house, (zone_id, data), refusal=refusal)

    @post("/{house_id:str}/{zone_id:str}/remove", opt=access(Access.SUPER_ADMIN))
    async def remove(self, uow: Work, house_id: HouseId, zone_id: ZoneId) -> Response[Any]:
        await locations.remove_zone(uow, house_id, zone_id)
        return back_to(HERE)


async def keep_zone(uow: UnitOfWork, house_id: str, zone_id: str, form: ZoneForm) -> locations.Zone:
    """Raises HouseNotFound, NotYourHouse, ZoneNotFound, and what a draft raises."""
    house = await locations.load_own_house(uow, house_id)
    draft = draft_of(form, house)
    if zone_id == NEW:
        return await locations.add_zone(uow, house.id, draft)
    return await locations.change_zone(uow, house.id, zone_id, asdict(draft))


def show_form(
    request: WebRequest,
    principal: Principal,
    house: locations.House,
    typed_in: tuple[str, ZoneForm],
    *,
    refusal: Invalid | None = None,
) -> Response[Any]:
    """The form of one zone with its drawing, among the other zones of the house."""
    zone_id, form = typed_in
    drawing, unread = draw_typed(house, zone_id, form)
    refusal = refusal or unread
    return page(
        "dashboard/zone.html",
        status_code=200 if refusal is None else status_of(refusal),
        shell=shell_of(request, principal),
        principal=principal,
        house=house,
        zone_id=zone_id,
        is_new=zone_id == NEW,
        form=form,
        drawing=drawing,
        others=[zone.area.to_geojson() for zone in house.zones if zone.area and zone.id != zone_id],
        number=number_of(house, zone_id),
        axes=[(code, translate(words)) for code, words in AXIS_WORDS.items()],
        minutes=house.delivery_lead_minutes,
        least=typed(house.min_delivery_minor, house),
        may_remove=zone_id != NEW and principal.has_role(Role.SUPER_ADMIN),
        problem=None if refusal is None else say(refusal),
        problem_field=FIELD_OF.get(type(refusal), ""),
    )


def draw_typed(
    house: locations.House, zone_id: str, form: ZoneForm
) -> tuple[Drawing | None, Invalid | None]:
    """The zones as they would be with what is typed; or without it, and why."""
    number = number_of(house, zone_id)
    others = [(n, zone) for n, zone in enumerate(house.zones, 1) if n != number]
    try:
        boundary = boundary_of(form)
        area = None if boundary is None else locations.read_area(boundary, axis_of(form))
    except Invalid as unread:
        return draw(house, others), unread
    here = locations.Zone(id=zone_id, name=form.name, rank=number, area=area)
    return draw(house, [*others, (number, here)]), None


def number_of(house: locations.House, zone_id: str) -> int:
    """As the list counts; a new zone is the last."""
    ids = [zone.id for zone in house.zones]
    return ids.index(zone_id) + 1 if zone_id in ids else len(ids) + 1


def form_of(house: locations.House, zone: locations.Zone) -> ZoneForm:
    area = zone.area
    return ZoneForm(
        name=zone.name,
        charge=typed(zone.fee_minor, house),
        min_order=typed(zone.min_order_minor, house),
        free_from=typed(zone.free_from_minor, house),
        minutes="" if zone.minutes is None else str(zone.minutes),
        rank=str(zone.rank),
        codes=", ".join(zone.postal_codes),
        boundary="" if area is None else msgspec.json.encode(area.to_geojson()).decode(),
        is_active="on" if zone.is_active else "",
    )


def draft_of(form: ZoneForm, house: locations.House) -> locations.ZoneDraft:
    """Raises NumberUnreadable, BadAmount, AreaRefused."""
    return locations.ZoneDraft(
        name=form.name,
        fee_minor=minor_in(form.charge or "0", house),
        min_order_minor=minor_or_none(form.min_order, house),
        free_from_minor=minor_or_none(form.free_from, house),
        minutes=minutes_in(form.minutes),
        rank=whole_in(form.rank) if form.rank else None,
        codes=form.codes,
        boundary=boundary_of(form),
        axis_order=axis_of(form),
        is_active=bool(form.is_active),
    )


def minutes_in(text: str) -> int | None:
    """Raises NumberUnreadable."""
    minutes = whole_or_none(text)
    if minutes is not None and minutes > DAY_MINUTES:
        raise NumberUnreadable("Please write a whole number, like 45.")
    return minutes


def boundary_of(form: ZoneForm) -> Any:
    """What was pasted, as JSON. Raises AreaRefused."""
    if not form.boundary.strip():
        return None
    try:
        return msgspec.json.decode(form.boundary)
    except (msgspec.DecodeError, RecursionError) as error:
        raise locations.AreaRefused(
            "The boundary is not written as GeoJSON. Paste all of it, from the first bracket to "
            "the last."
        ) from error


def axis_of(form: ZoneForm) -> locations.AxisOrder | None:
    return locations.AxisOrder(form.axis) if form.axis in set(locations.AxisOrder) else None
