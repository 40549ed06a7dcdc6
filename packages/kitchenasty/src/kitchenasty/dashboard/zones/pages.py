"""The zones of each house: where it delivers, and for how much."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

import msgspec
from litestar import Controller, Response, get, post
from litestar.datastructures import FormMultiDict, UploadFile
from litestar.params import PathParameter, URLEncodedBody

from basis.errors import Invalid
from basis.sentences import word
from kitchenasty import locations
from kitchenasty.dashboard.order_pages import list_own_houses
from kitchenasty.dashboard.shell import office_page
from kitchenasty.dashboard.typed_numbers import typed
from kitchenasty.dashboard.zones.drawing import Drawing, draw
from kitchenasty.dashboard.zones.form import (
    BOUNDARY_LENGTH_MAX,
    FileUnreadable,
    ZoneForm,
    axis_of,
    boundary_of,
    draft_of,
    form_of,
)
from kitchenasty.dashboard.zones.ground import load_ground, with_ground
from kitchenasty.kit.books import Look, UnitOfWork
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.i18n import translate
from kitchenasty.kit.http.visits import entrance_of
from kitchenasty.kit.http.web import (
    Actor,
    Reading,
    WebRequest,
    Work,
    back_to,
    writing_for,
)
from kitchenasty.kit.principals import Role

HERE = "/admin/zones"
NEW = "new"
CODES_SHOWN = 12
AXIS_WORDS = {
    "": word("It is GeoJSON"),
    locations.AxisOrder.LAT_LNG: word("Pairs, latitude first"),
    locations.AxisOrder.LNG_LAT: word("Pairs, longitude first"),
}
FIELD_OF: dict[type[object], str] = {
    locations.AreaRefused: "boundary",
    locations.PostalCodeRefused: "codes",
    FileUnreadable: "file",
}
HouseId = Annotated[str, PathParameter(max_length=64)]
ZoneId = Annotated[str, PathParameter(max_length=64)]


class ZonePages(Controller):
    path = HERE
    include_in_schema = False
    opt = access(Access.MANAGER)

    @get("/")
    async def show_zones(
        self, request: WebRequest, look: Reading, principal: Actor
    ) -> Response[Any]:
        houses = await list_own_houses(look, principal)
        return office_page(
            "dashboard/zones.html",
            request,
            principal,
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
        house_id: HouseId,
        zone_id: ZoneId,
    ) -> Response[Any]:
        house = await locations.load_own_house(look, house_id)
        form = ZoneForm(is_active="on")
        if zone_id != NEW:
            form = form_of(house, locations.zone_in(house, zone_id))
        return await show_form(request, look, house, (zone_id, form))

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
            return await show_form(request, look, house, (zone_id, data), refusal=refusal)

    @post("/{house_id:str}/{zone_id:str}/file", status_code=200)
    async def read_file(
        self, request: WebRequest, look: Reading, house_id: HouseId, zone_id: ZoneId
    ) -> Response[Any]:
        """The form with the boundary that is in a file; nothing is kept before it is saved."""
        house = await locations.load_own_house(look, house_id)
        sent = await request.form()
        texts = {name: text for name, text in sent.items() if isinstance(text, str)}
        form, refusal = ZoneForm(), None
        try:
            form = form_in(texts)
            form.boundary, form.axis = await boundary_in(sent), ""
        except FileUnreadable as found:
            refusal = found
        return await show_form(request, look, house, (zone_id, form), refusal=refusal)

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


def form_in(texts: dict[str, str]) -> ZoneForm:
    """What stood beside the file. Raises FileUnreadable."""
    try:
        return msgspec.convert(texts, ZoneForm)
    except msgspec.ValidationError as error:
        raise FileUnreadable("Something beside the file is too long to be read.") from error


async def boundary_in(sent: FormMultiDict) -> str:
    """The text of the file of a form. Raises FileUnreadable."""
    file = sent.get("file")
    content = await file.read() if isinstance(file, UploadFile) else b""
    try:
        text = content.decode("utf-8-sig").strip()
    except UnicodeDecodeError as error:
        raise FileUnreadable("This is no file of text: a boundary is GeoJSON.") from error
    if not text:
        raise FileUnreadable("Please choose a file with a boundary first: GeoJSON.")
    if len(text) > BOUNDARY_LENGTH_MAX:
        raise FileUnreadable("The file is too long for one boundary.")
    return text


async def show_form(
    request: WebRequest,
    look: Look,
    house: locations.House,
    typed_in: tuple[str, ZoneForm],
    *,
    refusal: Invalid | None = None,
) -> Response[Any]:
    """The form of one zone with its drawing, among the other zones of the house."""
    zone_id, form = typed_in
    drawing, unread = draw_typed(house, zone_id, form)
    refusal = refusal or unread
    ground = await load_ground(look)
    shown = office_page(
        "dashboard/zone.html",
        request,
        look.actor,
        refusal=refusal,
        house=house,
        ground=ground,
        zone_id=zone_id,
        is_new=zone_id == NEW,
        form=form,
        drawing=drawing,
        others=[zone.area.to_geojson() for zone in house.zones if zone.area and zone.id != zone_id],
        number=number_of(house, zone_id),
        axes=[(code, translate(words)) for code, words in AXIS_WORDS.items()],
        minutes=house.delivery_lead_minutes,
        least=typed(house.min_delivery_minor, house),
        may_remove=zone_id != NEW and look.actor.has_role(Role.SUPER_ADMIN),
        problem_field=FIELD_OF.get(type(refusal), ""),
    )
    return with_ground(shown, ground)


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
