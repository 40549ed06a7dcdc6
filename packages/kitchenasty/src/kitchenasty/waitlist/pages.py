"""Where guests get in line for a table, and answer when there is one. Plain forms."""

from __future__ import annotations

from typing import Annotated, Any
from zoneinfo import ZoneInfo

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import FromPath, URLEncodedBody

from basis.errors import DomainError
from basis.kit.http.wire import Form
from basis.kit.texts import whole_in
from kitchenasty import availability, guests, locations, reservation_terms, reservations
from kitchenasty.kit import live
from kitchenasty.kit.books import Books, Look
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.i18n import current_locale
from kitchenasty.kit.http.visits import entrance_of
from kitchenasty.kit.http.web import (
    Actor,
    Reading,
    WebRequest,
    back_to,
    page,
    writing_for,
)
from kitchenasty.kit.identity.sign_in import check_email
from kitchenasty.kit.limits import RESERVE_PER_ADDRESS
from kitchenasty.waitlist.queries import Waiting, open_waiting
from kitchenasty.waitlist.service import Asked, accept, join, leave
from kitchenasty.waitlist.states import WAIT_WORDS
from kitchenasty.waitlist.topics import waiting_topic

NO_STORE = {"cache-control": "no-store"}
REFRESH_SECONDS = 60
"""How often the page without script reads itself again."""
USUAL_PARTY = "2"
PartyText = Annotated[str, msgspec.Meta(max_length=6)]
DateText = Annotated[str, msgspec.Meta(max_length=30)]
TimeText = Annotated[str, msgspec.Meta(max_length=8)]


class WaitForm(Form, kw_only=True):
    """Who wants a table when; empty times: any time of the day."""

    party: PartyText = ""
    date: DateText = ""
    since: TimeText = ""
    until: TimeText = ""
    name: Annotated[str, msgspec.Meta(max_length=120)] = ""
    email: Annotated[str, msgspec.Meta(max_length=254)] = ""
    phone: Annotated[str, msgspec.Meta(max_length=40)] = ""

    def to_asked(self, house_id: str) -> Asked:
        """Raises WishRefused."""
        return Asked(
            house_id=house_id,
            day=availability.read_day(self.date),
            party=whole_in(self.party.strip()) or 0,
            since=self.since,
            until=self.until,
        )


class WaitPages(Controller):
    path = "/at/{house:str}/wait"
    include_in_schema = False
    opt = access(Access.PUBLIC)

    @get()
    async def show(self, look: Reading, request: WebRequest, house: FromPath[str]) -> Response[Any]:
        found = await reservations.open_house(look, house)
        asked = request.query_params
        typed = WaitForm(
            party=asked.get("party", "")[:6] or USUAL_PARTY, date=asked.get("day", "")[:10]
        )
        if look.actor.is_customer and look.actor.id is not None:
            account = await guests.load_guest(look, look.actor.id)
            typed.name, typed.email = account.name, account.email
            typed.phone = account.phone or ""
        return await show_form(look, found, typed)

    @post(status_code=200)
    async def wait(
        self,
        request: WebRequest,
        principal: Actor,
        house: FromPath[str],
        data: URLEncodedBody[WaitForm],
    ) -> Response[Any]:
        """Get in line. What is refused shows the form again as it was typed."""
        entrance = entrance_of(request)
        if not principal.is_staff:
            entrance.take(RESERVE_PER_ADDRESS, request.scope["state"]["address"])
        async with entrance.books.reading(principal) as look:
            found = await reservations.open_house(look, house)
        guest = reservations.Guest(
            name=data.name,
            email=data.email or None,
            phone=data.phone or None,
            locale=current_locale.get(),
            customer_id=principal.id if principal.is_customer else None,
        )
        try:
            if guest.email:
                check_email(guest.email)
            asked = data.to_asked(found.id)
            async with writing_for(request, principal) as uow:
                _, capability = await join(uow, asked, guest)
        except DomainError as refusal:
            async with entrance.books.reading(principal) as look:
                return await show_form(look, found, data, refusal=refusal)
        return back_to(f"/w/{capability}")


class WaitingPages(Controller):
    path = "/w/{capability:str}"
    include_in_schema = False
    opt = access(Access.PUBLIC)

    @get()
    async def show(
        self, look: Reading, request: WebRequest, capability: FromPath[str]
    ) -> Response[Any]:
        one = await open_waiting(look, capability)
        return await show_waiting(look, request, one, capability)

    @post("/accept", status_code=200)
    async def take(
        self, request: WebRequest, principal: Actor, capability: FromPath[str]
    ) -> Response[Any]:
        """Yes: straight to the reservation that it became."""
        try:
            async with writing_for(request, principal) as uow:
                made = await accept(uow, await open_waiting(uow, capability))
                link = reservations.capability_of(uow.secret, made)
        except DomainError as refusal:
            return await refused(request, capability, refusal)
        return back_to(f"/r/{link}")

    @post("/leave", status_code=200)
    async def leave(
        self, request: WebRequest, principal: Actor, capability: FromPath[str]
    ) -> Response[Any]:
        """No, or not any more: the next is asked."""
        try:
            async with writing_for(request, principal) as uow:
                await leave(uow, await open_waiting(uow, capability))
        except DomainError as refusal:
            return await refused(request, capability, refusal)
        return back_to(f"/w/{capability}")


def books_of(request: WebRequest) -> Books:
    books: Books = request.app.state.books
    return books


async def refused(request: WebRequest, capability: str, refusal: DomainError) -> Response[Any]:
    """The page again, with the reason above it. Raises NobodyWaits."""
    async with books_of(request).reading() as look:
        one = await open_waiting(look, capability)
        return await show_waiting(look, request, one, capability, refusal=refusal)


async def show_form(
    look: Look, house: locations.House, typed: WaitForm, *, refusal: DomainError | None = None
) -> Response[Any]:
    terms = await reservation_terms.load_terms(look, house.id)
    answer = page(
        "waitlist/wait.html",
        house=house,
        terms=terms,
        typed=typed,
        refusal=refusal,
    )
    answer.headers.update(NO_STORE)
    return answer


async def show_waiting(
    look: Look,
    request: WebRequest,
    one: Waiting,
    capability: str,
    *,
    refusal: DomainError | None = None,
) -> Response[Any]:
    # The place in the stream is read before what it stands for: what happens in between is told
    # twice and never missed.
    since = await live.head_of(look, waiting_topic(one.id))
    one = await open_waiting(look, capability)
    house = await locations.load_house(look, one.house_id)
    zone = ZoneInfo(house.zone)
    made = one.reservation_id
    answer = page(
        "waitlist/waiting.html",
        house=house,
        waiting=one,
        words=WAIT_WORDS[one.state],
        since=f"{one.since_at.astimezone(zone):%H:%M}",
        until=f"{one.until_at.astimezone(zone):%H:%M}",
        offered=times_of(one, zone),
        booked="" if made is None else f"/r/{reservations.capability_of(look.secret, made)}",
        capability=capability,
        since_message=since,
        stale_seconds=request.app.state.rooms.stale_seconds,
        refresh_seconds=REFRESH_SECONDS,
        refusal=refusal,
    )
    answer.headers.update(NO_STORE)
    return answer


def times_of(one: Waiting, zone: ZoneInfo) -> tuple[str, str] | None:
    """When the table would be theirs, and until when it is held, on the wall of the house."""
    if not one.is_held or one.offered_until_at is None:
        return None
    starts_at = one.held.period[0].astimezone(zone)
    return f"{starts_at:%H:%M}", f"{one.offered_until_at.astimezone(zone):%H:%M}"
