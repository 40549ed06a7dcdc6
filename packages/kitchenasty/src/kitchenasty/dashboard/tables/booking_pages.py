"""People who stand in the door or are on the telephone: seated in two taps, or written down."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import URLEncodedBody
from litestar.response import Template

from basis.errors import Conflict, DomainError, Invalid
from basis.kit.http.wire import Form
from kitchenasty import availability, floor, locations, reservations
from kitchenasty.dashboard.tables import plan_pages
from kitchenasty.dashboard.tables.book import shown_day
from kitchenasty.dashboard.tables.day_pages import area_choices
from kitchenasty.dashboard.tables.frame import (
    HERE,
    HouseId,
    Line,
    Short,
    Tab,
    address,
    day_in,
    frame_of,
)
from kitchenasty.dashboard.typed_numbers import whole_in, whole_or_none
from kitchenasty.kit.books import Look
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.i18n import translate
from kitchenasty.kit.http.visits import entrance_of
from kitchenasty.kit.http.web import (
    Actor,
    WebRequest,
    back_to,
    page,
    writing_for,
)
from kitchenasty.kit.identity.sign_in import check_email
from kitchenasty.kit.principals import Principal
from kitchenasty.reservations import Source

USUAL_PARTY = "2"
TABLE_ID = Annotated[str, msgspec.Meta(max_length=64)]
Text = Annotated[str, msgspec.Meta(max_length=600)]


class WalkInForm(Form, kw_only=True):
    """`table` empty: the one that fits best."""

    party: Short
    table: TABLE_ID = ""
    name: Line = ""


class BookingForm(Form, kw_only=True):
    """What is said on the telephone. `other` is a time that guests are not offered."""

    PARAGRAPHS = frozenset({"note", "allergies"})

    day: Short = ""
    party: Short = USUAL_PARTY
    time: Short = ""
    other: Short = ""
    area: Short = ""
    table: TABLE_ID = ""
    name: Line = ""
    phone: Short = ""
    email: Annotated[str, msgspec.Meta(max_length=254)] = ""
    note: Text = ""
    allergies: Text = ""


class BookingPages(Controller):
    path = f"{HERE}/{{house_id:str}}"
    include_in_schema = False
    opt = access(Access.STAFF)

    @post("/walk-in")
    async def walk_in(
        self,
        request: WebRequest,
        principal: Actor,
        house_id: HouseId,
        data: URLEncodedBody[WalkInForm],
    ) -> Response[Any]:
        try:
            async with writing_for(request, principal) as uow:
                party = await floor.walk_in(
                    uow,
                    house_id,
                    whole_in(data.party),
                    table_ids=(data.table,) if data.table else (),
                    name=data.name,
                )
        except (Conflict, Invalid) as refusal:
            return await plan_pages.show(
                request, principal, house_id, table=data.table, refusal=refusal
            )
        return back_to(address(house_id, Tab.PLAN, seated=party.id))

    @get("/new")
    async def show_form(
        self, request: WebRequest, principal: Actor, house_id: HouseId
    ) -> Response[Any]:
        asked = request.query_params
        typed = BookingForm(
            day=asked.get("day", "")[:40],
            party=asked.get("party", "")[:3] or USUAL_PARTY,
            time=asked.get("time", "")[:5],
            table=asked.get("table", "")[:64],
        )
        return await show(request, principal, house_id, typed)

    @post("/new")
    async def write_down(
        self,
        request: WebRequest,
        principal: Actor,
        house_id: HouseId,
        data: URLEncodedBody[BookingForm],
    ) -> Response[Any]:
        try:
            wish, guest = wish_of(house_id, data), guest_of(data)
            async with writing_for(request, principal) as uow:
                await locations.load_own_house(uow, house_id)
                plan = await availability.plan(uow, wish)
                made = await reservations.book(uow, plan, guest, source=Source.STAFF)
        except (Conflict, Invalid) as refusal:
            return await show(request, principal, house_id, data, refusal=refusal)
        booked = made.reservation
        there = address(house_id, day=booked.day.isoformat(), party=booked.id, told="booked")
        return back_to(f"{there}#party")


def wish_of(house_id: str, form: BookingForm) -> availability.Wish:
    """Raises NumberUnreadable, WishRefused."""
    return availability.Wish(
        house_id=house_id,
        day=day_in(form.day),
        shown=form.other.strip() or form.time,
        party=whole_in(form.party),
        area=form.area or None,
        table_ids=(form.table,) if form.table else (),
    )


def guest_of(form: BookingForm) -> reservations.Guest:
    """Raises BadEmail."""
    return reservations.Guest(
        name=form.name,
        phone=form.phone,
        email=check_email(form.email) if form.email.strip() else None,
        note=form.note,
        allergies=form.allergies,
    )


async def show(
    request: WebRequest,
    principal: Principal,
    house_id: str,
    typed: BookingForm,
    *,
    refusal: DomainError | None = None,
) -> Template:
    """The form with the free times of the day, and who was meant by the search."""
    search = request.query_params.get("q", "")[:100]
    async with entrance_of(request).books.reading(principal) as look:
        house = await locations.load_own_house(look, house_id)
        day = shown_day(house, typed.day, look.now)
        typed.day = day.isoformat()
        found = await reservations.find_guests(look, house.id, search)
        chosen = request.query_params.get("guest", "")
        picked = next((one.last for one in found if one.last.id == chosen), None)
        if picked is not None:
            typed = as_before(typed, picked)
        tables = [one for one in await locations.list_tables(look, house.id) if one.is_active]
        return page(
            "dashboard/tables/new.html",
            refusal=refusal,
            **await frame_of(request, look, house, Tab.NEW, day),
            typed=typed,
            search=search,
            found=found,
            times=await times_of(look, house_id, typed),
            table_choices=[
                ("", translate("The one that fits best")),
                *((table.id, f"{table.name} ({table.seats})") for table in tables),
            ],
            area_choices=area_choices(tables),
        )


def as_before(typed: BookingForm, last: reservations.Reservation) -> BookingForm:
    """What the guest told us last time, to be read out and put right."""
    return msgspec.structs.replace(
        typed,
        name=last.guest_name,
        phone=last.guest_phone or "",
        email=last.guest_email or "",
        allergies=last.allergies or "",
    )


async def times_of(
    look: Look, house_id: str, typed: BookingForm
) -> list[tuple[availability.Slot, bool]]:
    """The times of the day that are left, each with whether there is a table."""
    try:
        party = whole_or_none(typed.party) or 0
        wish = availability.Wish(
            house_id=house_id, day=day_in(typed.day), shown="", party=party, area=typed.area or None
        )
        return await availability.list_free(look, wish)
    except (Conflict, Invalid):
        return []  # a party of none: the form says so once it is sent
