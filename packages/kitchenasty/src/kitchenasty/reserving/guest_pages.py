"""Where guests reserve a table, and the page of a reservation that its link opens. Plain forms:
nothing here needs script.
"""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import FromPath, URLEncodedBody

from basis.errors import DomainError
from basis.ids import new_id
from basis.sentences import word
from kitchenasty import availability, guests, locations, reservation_terms, reservations
from kitchenasty.availability import Wish, read_day
from kitchenasty.kit import live
from kitchenasty.kit.books import Look
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.i18n import current_locale, translate
from kitchenasty.kit.http.web import (
    Actor,
    Reading,
    WebRequest,
    back_to,
    page,
    site_of,
)
from kitchenasty.reservation_facts import reservation_facts, reserve_facts
from kitchenasty.reservation_terms import Terms
from kitchenasty.reservations import (
    HOLDING,
    STATUS_WORDS,
    Guest,
    Reservation,
    Status,
    reservation_topic,
)
from kitchenasty.reserving import desk
from kitchenasty.reserving.change_pages import show_change
from kitchenasty.reserving.guest_forms import (
    ChangeForm,
    Choice,
    ReserveForm,
    read_choice,
    read_party,
)
from kitchenasty.reserving.offered import offer_choice, parts_of_day, today_of
from kitchenasty.reserving.schemas import wall_of

NO_STORE = {"cache-control": "no-store"}
ROUTE = "POST /at/reserve"
WAITING_WORDS = word("Waiting for the deposit")
WAITING_FOR_CARD_WORDS = word("Waiting for your card")
REFRESH_SECONDS = 60
"""How often the page without script reads itself again."""


class ReservePages(Controller):
    path = "/at/{house:str}/reserve"
    include_in_schema = False
    opt = access(Access.PUBLIC)

    @get()
    async def show(self, look: Reading, request: WebRequest, house: FromPath[str]) -> Response[Any]:
        """First the party and the day, then the time, then who comes; each step is a link."""
        found = await reservations.open_house(look, house)
        given = choice_in(request)
        if look.actor.is_customer and look.actor.id is not None:
            account = await guests.load_guest(look, look.actor.id)
            given.name, given.email = account.name, account.email
            given.phone = account.phone or ""
        return await show_form(look, request, found, given)

    @post(status_code=200)
    async def reserve(
        self,
        request: WebRequest,
        principal: Actor,
        house: FromPath[str],
        data: URLEncodedBody[ReserveForm],
    ) -> Response[Any]:
        """Reserve, and go to the reservation's own page. What is refused shows the form again as
        it was typed, with the times that are left.
        """
        books = desk.books_of(request)
        async with books.reading(principal) as look:
            found = await reservations.open_house(look, house)
        once = desk.Once(
            key=data.key or new_id(), body=msgspec.json.encode([found.id, data]), route=ROUTE
        )
        try:
            wish = data.to_wish(found.id)
            booked_id = await desk.reserve(request, principal, wish, guest_of(data), once)
        except DomainError as refusal:
            async with books.reading(principal) as look:
                return await show_form(look, request, found, data, refusal=refusal)
        return back_to(f"/r/{reservations.capability_of(books.secret, booked_id)}")


class ReservationPages(Controller):
    path = "/r/{capability:str}"
    include_in_schema = False
    opt = access(Access.PUBLIC)

    @get()
    async def show(
        self, look: Reading, request: WebRequest, capability: FromPath[str]
    ) -> Response[Any]:
        return await show_reservation(look, request, capability)

    @get("/change")
    async def choose_again(
        self, look: Reading, request: WebRequest, capability: FromPath[str]
    ) -> Response[Any]:
        """Another day, time or party: each step is a link, as when it was reserved."""
        return await show_change(look, request, capability, choice_in(request))

    @post("/change", status_code=200)
    async def change(
        self,
        request: WebRequest,
        principal: Actor,
        capability: FromPath[str],
        data: URLEncodedBody[ChangeForm],
    ) -> Response[Any]:
        """Another day, time or party, or other notes, within the house's notice."""
        books = desk.books_of(request)
        async with books.reading(principal) as look:
            opened = await reservations.open_reservation(look, capability)
            house = await locations.load_house(look, opened.house_id)
        try:
            await desk.change(request, principal, opened, wanted_of(data, opened, house.zone))
        except DomainError as refusal:
            async with books.reading(principal) as look:
                if data.is_chosen_anew:
                    again = ReserveForm(party=data.party, date=data.date[:10])
                    return await show_change(look, request, capability, again, refusal=refusal)
                return await show_reservation(look, request, capability, refusal=refusal)
        return back_to(f"/r/{capability}")

    @post("/cancel", status_code=200)
    async def cancel(
        self, request: WebRequest, principal: Actor, capability: FromPath[str]
    ) -> Response[Any]:
        books = desk.books_of(request)
        async with books.reading(principal) as look:
            opened = await reservations.open_reservation(look, capability)
        try:
            await desk.change(request, principal, opened, desk.Change(status=Status.CANCELLED))
        except DomainError as refusal:
            async with books.reading(principal) as look:
                return await show_reservation(look, request, capability, refusal=refusal)
        return back_to(f"/r/{capability}")


def choice_in(request: WebRequest) -> ReserveForm:
    """What the links of the page say."""
    asked = request.query_params
    return ReserveForm(
        party=asked.get("party", "")[:6],
        date=asked.get("date", "")[:10],
        time=asked.get("time", "")[:5],
    )


def words_for(opened: Reservation) -> str:
    """How it stands, in a word or two; still to be translated."""
    if opened.awaits_deposit and opened.agreed is not None and opened.agreed.is_card:
        return WAITING_FOR_CARD_WORDS
    return WAITING_WORDS if opened.awaits_deposit else STATUS_WORDS[opened.status]


def guest_of(form: ReserveForm) -> Guest:
    return Guest(
        name=form.name,
        email=form.email or None,
        phone=form.phone or None,
        note=form.note,
        allergies=form.allergies,
        locale=current_locale.get(),
    )


def wanted_of(form: ChangeForm, reservation: Reservation, zone: str) -> desk.Change:
    """Raises WishRefused."""
    wish = Wish(
        house_id=reservation.house_id,
        day=read_day(form.date),
        shown=form.time,
        party=read_party(form.party),
        area=reservation.area,
    )
    is_same = (wish.day, wish.shown, wish.party) == (
        reservation.day,
        wall_of(reservation, zone),
        reservation.party,
    )
    return desk.Change(
        wish=None if is_same else wish,
        texts={
            name: text or None
            for name, text in (("note", form.note), ("allergies", form.allergies))
            if text is not None
        },
    )


async def show_form(
    look: Look,
    request: WebRequest,
    house: locations.House,
    form: ReserveForm,
    *,
    refusal: DomainError | None = None,
) -> Response[Any]:
    terms = await reservation_terms.load_terms(look, house.id)
    choice = read_choice(form, request.query_params.get("month", ""), terms, today_of(look, house))
    areas = await list_areas(look, house.id, terms)
    offered = await offer_choice(
        look, house, terms, choice, address=lambda one: address_of(house, choice, one)
    )
    answer = page(
        "reserving/reserve.html",
        house=house,
        here=f"/at/{house.slug}/reserve",
        terms=terms,
        choice=choice,
        form=form,
        refusal=refusal,
        areas=areas,
        area_choices=[("", translate("Anywhere")), *((area, area) for area in areas)],
        month=offered.month,
        slots=offered.slots,
        parts_of_day=parts_of_day(offered.slots),
        key=new_id(),
        asked=await words_before(look, house, choice, terms),
        facts=facts_of(site_of(request), house),
    )
    answer.headers.update(NO_STORE)
    return answer


def address_of(house: locations.House, choice: Choice, one: availability.CalendarDay) -> str | None:
    """A free day leads to its times, a full one to its waiting list."""
    day = one.day.isoformat()
    if one.state is availability.DayState.FREE:
        return f"/at/{house.slug}/reserve?party={choice.party}&date={day}#times"
    if one.state is availability.DayState.FULL:
        return f"/at/{house.slug}/wait?party={choice.party}&day={day}"
    return None


async def words_before(look: Look, house: locations.House, choice: Choice, terms: Terms) -> str:
    """What the house asks of so many people on that day, to be read before the button."""
    if choice.day is None:
        return ""
    return await reservation_terms.find_words(look, terms, house.id, choice.day, choice.party)


async def list_areas(look: Look, house_id: str, terms: Terms) -> list[str]:
    """The rooms that a guest can wish for; none where there is but one."""
    if not terms.offers_areas:
        return []
    tables = await locations.list_tables(look, house_id)
    areas = sorted({table.area for table in tables if table.is_active and table.area})
    return areas if len(areas) > 1 else []


def facts_of(site: str, house: locations.House) -> dict[str, Any]:
    """What search engines read, in the words of schema.org."""
    return {
        "@context": "https://schema.org",
        "@type": "Restaurant",
        "@id": f"{site}/at/{house.slug}#house",
        "name": house.name,
        **reserve_facts(site, house),
    }


async def show_reservation(
    look: Look,
    request: WebRequest,
    capability: str,
    *,
    refusal: DomainError | None = None,
) -> Response[Any]:
    opened = await reservations.open_reservation(look, capability)
    # The place in the stream is read before what it stands for: what happens in between is told
    # twice and never missed.
    since = await live.head_of(look, reservation_topic(opened.id))
    opened = await reservations.open_reservation(look, capability)
    house = await locations.load_house(look, opened.house_id)
    terms = await reservation_terms.load_terms(look, house.id)
    site = site_of(request)
    beside = [await show(look, opened) for show in request.app.state.beside_reservations]
    answer = page(
        "reserving/reservation.html",
        house=house,
        terms=terms,
        reservation=opened,
        time=wall_of(opened, house.zone),
        status_words=words_for(opened),
        may_change=opened.guest_may_change(terms, look.now),
        is_over=opened.status not in HOLDING,
        capability=capability,
        facts=reservation_facts(site, house, opened, capability),
        since=since,
        stale_seconds=request.app.state.rooms.stale_seconds,
        refresh_seconds=REFRESH_SECONDS,
        all_beside=[one for one in beside if one is not None],
        refusal=refusal,
    )
    answer.headers.update(NO_STORE)
    return answer
