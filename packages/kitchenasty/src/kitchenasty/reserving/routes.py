"""The API's doors to reservations: what is free, booking, and what becomes of a booking."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from litestar import Response, delete, get, patch, post
from litestar.params import FromQuery, HeaderParameter, JSONBody, PathParameter, QueryParameter
from msgspec import UNSET

from basis.kit.data.paging import Page
from basis.kit.http.api import ApiController, WireResponse
from basis.kit.http.wire import Envelope, done, listed, ok
from kitchenasty import availability, locations, reservations
from kitchenasty.availability import Wish, WishRefused, read_day
from kitchenasty.kit.books import Look
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.i18n import current_locale
from kitchenasty.kit.http.once import IdempotencyKey
from kitchenasty.kit.http.web import Actor, Reading, WebRequest, Work
from kitchenasty.kit.principals import Principal
from kitchenasty.reservations import Guest, Reservation, ReservationFilter, Status
from kitchenasty.reserving import desk
from kitchenasty.reserving.schemas import (
    AvailabilityView,
    BookableDayView,
    BookedView,
    Place,
    ReservationChange,
    ReservationForm,
    ReservationView,
    SlotView,
    StepView,
)

Capability = Annotated[
    str | None, HeaderParameter(name="X-Reservation-Capability", required=False, max_length=200)
]
"""The secret of the reservation's link, for guests without an account."""
ReservationId = Annotated[str, PathParameter(max_length=64)]
HouseAsked = Annotated[str, QueryParameter(name="locationId", max_length=64)]
HouseWanted = Annotated[str | None, QueryParameter(name="locationId", max_length=64)]
DayAsked = Annotated[str, QueryParameter(name="date", max_length=30)]
DayWanted = Annotated[str | None, QueryParameter(name="date", max_length=30)]
PartyAsked = Annotated[int, QueryParameter(name="partySize", ge=0, le=1_000)]
AreaWanted = Annotated[str | None, QueryParameter(name="area", max_length=40)]
MonthAsked = Annotated[str, QueryParameter(name="month", max_length=7, pattern=r"^\d{4}-\d\d$")]
Statuses = Annotated[str | None, QueryParameter(name="status", max_length=200)]


class ReservationsApi(ApiController):
    path = "/api/reservations"
    tags = ["Reservations"]

    @get("/availability", opt=access(Access.PUBLIC), operation_id="ShowAvailability")
    async def show_availability(
        self,
        look: Reading,
        location_id: HouseAsked,
        day: DayAsked,
        party_size: PartyAsked = 2,
        area: AreaWanted = None,
    ) -> Envelope[AvailabilityView]:
        """The times of a date that can still be booked, each with whether a table is free."""
        tables = await locations.list_tables(look, location_id)
        return ok(
            AvailabilityView(
                slots=await slots_of(look, location_id, day, party_size, area),
                total_tables=sum(table.is_active for table in tables),
            )
        )

    @get("/slots", opt=access(Access.PUBLIC), operation_id="ListSlots")
    async def list_slots(
        self,
        look: Reading,
        location_id: HouseAsked,
        day: DayAsked,
        party_size: PartyAsked = 2,
        area: AreaWanted = None,
    ) -> Envelope[list[SlotView]]:
        """The same as a plain list."""
        return ok(await slots_of(look, location_id, day, party_size, area))

    @get("/calendar", opt=access(Access.PUBLIC), operation_id="ShowCalendar")
    async def show_calendar(
        self, look: Reading, location_id: HouseAsked, month: MonthAsked, party_size: PartyAsked = 2
    ) -> Envelope[list[BookableDayView]]:
        """Every day of a month: FREE, FULL, CLOSED, OVER or NOT_YET."""
        first = read_day(f"{month}-01")
        found = await availability.list_month(look, location_id, first, party_size)
        return ok(
            [
                BookableDayView(date=one.day.isoformat(), state=one.state, note=one.note)
                for one in found
            ]
        )

    @get("/my-reservations", opt=access(Access.CUSTOMER), operation_id="ListMyReservations")
    async def list_mine(
        self,
        look: Reading,
        principal: Actor,
        page: FromQuery[int | None] = None,
        limit: FromQuery[int | None] = None,
    ) -> Envelope[list[ReservationView]]:
        """Those of the customer who asks, the last first."""
        return await answer_mine(look, principal, Page.of(page, limit))

    @get("/mine", opt=access(Access.CUSTOMER), operation_id="ListMine")
    async def list_mine_shortly(
        self,
        look: Reading,
        principal: Actor,
        page: FromQuery[int | None] = None,
        limit: FromQuery[int | None] = None,
    ) -> Envelope[list[ReservationView]]:
        """The same under the name that phones ask for."""
        return await answer_mine(look, principal, Page.of(page, limit))

    @post(opt=access(Access.PUBLIC), operation_id="Reserve")
    async def reserve(
        self,
        request: WebRequest,
        principal: Actor,
        data: JSONBody[ReservationForm],
        idempotency_key: IdempotencyKey = None,
    ) -> Response[Envelope[BookedView]]:
        """Reserve a table, with or without an account. The same Idempotency-Key with the same body
        gives the same reservation. 409 names the nearest times that are free.
        """
        once = None
        if idempotency_key is not None:
            once = desk.Once(key=idempotency_key, body=await request.body())
        booked_id = await desk.reserve(request, principal, data.to_wish(), guest_of(data), once)
        capability = reservations.capability_of(request.app.state.books.secret, booked_id)
        async with desk.books_of(request).reading(principal) as look:
            view = await view_of(look, await reservations.open_reservation(look, capability))
        return WireResponse(ok(BookedView.of_booked(view, capability)), status_code=201)

    @get(opt=access(Access.STAFF), operation_id="ListReservations")
    async def list_all(  # noqa: PLR0913, PLR0917  # each is a query parameter
        self,
        look: Reading,
        principal: Actor,
        page: FromQuery[int | None] = None,
        limit: FromQuery[int | None] = None,
        status: Statuses = None,
        location_id: HouseWanted = None,
        day: DayWanted = None,
    ) -> Envelope[list[ReservationView]]:
        """Those of the houses that one works in, in the order in which they come."""
        houses = principal.house_ids
        if location_id is not None:
            houses = frozenset({location_id} if principal.may_see_house(location_id) else ())
        wanted = ReservationFilter(
            house_ids=houses,
            statuses=statuses_of(status),
            day=None if day is None else read_day(day),
        )
        return await answer_list(look, wanted, Page.of(page, limit))

    @get("/{reservation_id:str}", opt=access(Access.PUBLIC), operation_id="GetReservation")
    async def show_one(
        self,
        look: Reading,
        principal: Actor,
        reservation_id: ReservationId,
        capability: Capability = None,
    ) -> Envelope[ReservationView]:
        """For the staff of the house, the customer whose it is, and whoever has its link."""
        found = await desk.find_permitted(look, principal, reservation_id, capability)
        return ok(await view_of(look, found))

    @patch("/{reservation_id:str}", opt=access(Access.PUBLIC), operation_id="ChangeReservation")
    async def change(
        self,
        request: WebRequest,
        principal: Actor,
        reservation_id: ReservationId,
        data: JSONBody[ReservationChange],
        capability: Capability = None,
    ) -> Envelope[ReservationView]:
        """Change what is given. Guests change the day, the time, the party and their notes, and
        cancel, until the house's notice; the house also seats, moves and writes down.
        """
        books = desk.books_of(request)
        async with books.reading(principal) as look:
            found = await desk.find_permitted(look, principal, reservation_id, capability)
            desk.check_said(principal, found, is_for_staff=data.is_for_staff)
            house = await locations.load_house(look, found.house_id)
        after = await desk.change(request, principal, found, wanted_of(data, found, house))
        async with books.reading(principal) as look:
            return ok(await view_of(look, after))

    @delete(
        "/{reservation_id:str}",
        opt=access(Access.STAFF),
        status_code=200,
        operation_id="DeleteReservation",
    )
    async def remove(self, uow: Work, reservation_id: ReservationId) -> Envelope[None]:
        """For good, with its history. 409 while the party is still expected: cancel first."""
        found = await reservations.load_reservation(uow, reservations.checked_id(reservation_id))
        await reservations.remove(uow, found)
        return done("Reservation deleted")


def guest_of(form: ReservationForm) -> Guest:
    return Guest(
        name=form.guest_name or "",
        email=form.guest_email,
        phone=form.guest_phone,
        note=form.comment,
        allergies=form.allergies,
        locale=current_locale.get(),
    )


def wanted_of(
    form: ReservationChange, reservation: Reservation, house: locations.House
) -> desk.Change:
    """Raises WishRefused."""
    return desk.Change(
        wish=form.to_wish(reservation, house.zone),
        table_ids=tuple(form.tables),
        status=None if form.status is UNSET else form.status,
        texts=form.texts(),
        reason=form.reason or "",
        version=form.version,
    )


async def slots_of(
    look: Look, house_id: str, day: str, party: int, area: str | None
) -> list[SlotView]:
    wish = Wish(house_id=house_id, day=read_day(day), shown="", party=party, area=area or None)
    return [
        SlotView.of(slot, is_free=is_free)
        for slot, is_free in await availability.list_free(look, wish)
    ]


async def answer_mine(
    look: Look, principal: Principal, page: Page
) -> Envelope[list[ReservationView]]:
    wanted = ReservationFilter(customer_id=principal.id)
    return await answer_list(look, wanted, page, newest_first=True)


async def answer_list(
    look: Look, wanted: ReservationFilter, page: Page, *, newest_first: bool = False
) -> Envelope[list[ReservationView]]:
    found = await reservations.list_reservations(look, wanted, page, newest_first=newest_first)
    views = await views_of(look, found)
    total = await reservations.count_reservations(look, wanted)
    return listed(views, page=page.number, limit=page.limit, total=total)


async def views_of(look: Look, found: Sequence[Reservation]) -> list[ReservationView]:
    places = {
        house_id: await place_of(look, house_id)
        for house_id in sorted({one.house_id for one in found})
    }
    return [
        ReservationView.of(
            one, places[one.house_id], for_staff=look.actor.may_see_house(one.house_id)
        )
        for one in found
    ]


async def view_of(look: Look, reservation: Reservation) -> ReservationView:
    """One, with its history."""
    [view] = await views_of(look, [reservation])
    house = None if look.actor.may_see_house(reservation.house_id) else view.location.name
    view.history = [
        StepView.of(entry, instead_of_staff=house)
        for entry in await reservations.list_history(look, reservation.id)
    ]
    return view


async def place_of(look: Look, house_id: str) -> Place:
    house = await locations.load_house(look, house_id)
    tables = await locations.list_tables(look, house_id)
    return Place(house, {table.id: table for table in tables})


def statuses_of(text: str | None) -> tuple[Status, ...]:
    """`PENDING,CONFIRMED`. Raises WishRefused."""
    names = [name.strip().upper() for name in (text or "").split(",") if name.strip()]
    try:
        return tuple(dict.fromkeys(Status(name) for name in names))
    except ValueError as error:
        raise WishRefused(f"status: {', '.join(Status)}, separated by commas.") from error
