"""The API's doors to the waiting list: for guests by their link, and for the house."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated
from zoneinfo import ZoneInfo

from litestar import Response, delete, get, post
from litestar.params import HeaderParameter, JSONBody, PathParameter, QueryParameter

from basis.kit.http.api import ApiController
from basis.kit.http.wire import ENCODER, Envelope, done, ok, stamp
from kitchenasty import availability, guests, locations, reservations
from kitchenasty.kit.books import Look, UnitOfWork
from kitchenasty.kit.http.access import Access, SignInNeeded, access
from kitchenasty.kit.http.i18n import current_locale
from kitchenasty.kit.http.once import IdempotencyKey, answer_request
from kitchenasty.kit.http.visits import entrance_of
from kitchenasty.kit.http.web import Reading, WebRequest, Work
from kitchenasty.kit.identity.sign_in import check_email
from kitchenasty.kit.limits import RESERVE_PER_ADDRESS
from kitchenasty.kit.principals import ANONYMOUS
from kitchenasty.waitlist import ready, service
from kitchenasty.waitlist.queries import (
    NobodyWaits,
    Waiting,
    find_opened,
    find_waiting,
    list_waiting,
    load_known,
)
from kitchenasty.waitlist.schemas import JoinedView, JoinForm, OfferView, TakenView, WaitingView

Capability = Annotated[
    str | None, HeaderParameter(name="X-Waiting-Capability", required=False, max_length=200)
]
"""The secret of the link to a place in the line, for guests without an account."""
WaitingId = Annotated[str, PathParameter(max_length=64)]
HouseAsked = Annotated[str, QueryParameter(name="locationId", max_length=64)]
DayAsked = Annotated[str, QueryParameter(name="date", max_length=30)]


class WaitingListApi(ApiController):
    path = "/api/waiting-list"
    tags = ["Waiting list"]

    @post(opt=access(Access.PUBLIC), operation_id="JoinWaitingList")
    async def join(
        self,
        request: WebRequest,
        uow: Work,
        data: JSONBody[JoinForm],
        idempotency_key: IdempotencyKey = None,
    ) -> Response[Envelope[JoinedView]]:
        """Wait for a table on a day that is full. The same Idempotency-Key with the same body gives
        the same place in the line. 409 names the times for which nobody needs to wait.
        """
        if not uow.actor.is_staff:
            address = request.scope["state"]["address"]
            entrance_of(request).take(RESERVE_PER_ADDRESS, address)

        async def act() -> tuple[int, bytes]:
            return 201, ENCODER.encode(ok(await get_in_line(uow, data)))

        return await answer_request(request, uow, idempotency_key, act)

    @get(opt=access(Access.STAFF), operation_id="ListWaiting")
    async def list_all(
        self, look: Reading, location_id: HouseAsked, day: DayAsked
    ) -> Envelope[list[WaitingView]]:
        """Who waits for a table of a house on a date, in the order in which they came."""
        house = await locations.load_own_house(look, location_id)
        line = await list_waiting(look, house.id, availability.read_day(day))
        return ok([shown(one, house) for one in line])

    @get("/{waiting_id:str}", opt=access(Access.PUBLIC), operation_id="GetWaiting")
    async def show_one(
        self, look: Reading, waiting_id: WaitingId, capability: Capability = None
    ) -> Envelope[WaitingView]:
        """For the staff of the house, the customer who waits, and whoever has the link."""
        return ok(await view_of(look, await find_permitted(look, waiting_id, capability)))

    @post(
        "/{waiting_id:str}/accept",
        opt=access(Access.PUBLIC),
        status_code=200,
        operation_id="AcceptOffer",
    )
    async def accept(
        self, uow: Work, waiting_id: WaitingId, capability: Capability = None
    ) -> Envelope[TakenView]:
        """Take the table that is held. Twice is once; 409 when the offer is over."""
        one = await find_permitted(uow, waiting_id, capability)
        made = await service.accept(uow, one)
        if uow.actor.may_see_house(one.house_id):
            return ok(TakenView(reservation_id=made))
        link = reservations.capability_of(uow.secret, made)
        return ok(TakenView(reservation_id=made, capability=link, tracking_url=f"/r/{link}"))

    @post(
        "/{waiting_id:str}/offer",
        opt=access(Access.STAFF),
        status_code=200,
        operation_id="OfferTable",
    )
    async def offer(self, uow: Work, waiting_id: WaitingId) -> Envelope[WaitingView]:
        """Offer them what is free, whoever stands in front of them. 409 when nothing is."""
        one = await load_known(uow, waiting_id)
        await service.offer_now(uow, one)
        return ok(await view_of(uow, await reload(uow, one)))

    @post(
        "/{waiting_id:str}/ready",
        opt=access(Access.STAFF),
        status_code=200,
        operation_id="TellTableReady",
    )
    async def tell_ready(self, uow: Work, waiting_id: WaitingId) -> Envelope[WaitingView]:
        """Their table is ready, and held from now on for the house's minutes. Twice is once."""
        one = await load_known(uow, waiting_id)
        await ready.tell_ready(uow, one)
        return ok(await view_of(uow, await reload(uow, one)))

    @delete(
        "/{waiting_id:str}/ready",
        opt=access(Access.STAFF),
        status_code=200,
        operation_id="TakeTableReadyBack",
    )
    async def take_back(self, uow: Work, waiting_id: WaitingId) -> Envelope[WaitingView]:
        """It is not ready after all: they stand in the line where they stood."""
        one = await load_known(uow, waiting_id)
        await ready.take_back(uow, one)
        return ok(await view_of(uow, await reload(uow, one)))

    @delete(
        "/{waiting_id:str}",
        opt=access(Access.PUBLIC),
        status_code=200,
        operation_id="LeaveWaitingList",
    )
    async def leave(
        self, uow: Work, waiting_id: WaitingId, capability: Capability = None
    ) -> Envelope[None]:
        """Out of the line, by whoever waits or by the house; what was held goes to the next."""
        await service.leave(uow, await find_permitted(uow, waiting_id, capability))
        return done("Off the waiting list")


async def get_in_line(uow: UnitOfWork, form: JoinForm) -> JoinedView:
    """Raises what `join` raises, EmailRefused."""
    if uow.actor.is_staff:
        await locations.load_own_house(uow, form.location_id)
    guest = await known_guest(uow, form)
    waiting_id, capability = await service.join(uow, asked_of(form), guest)
    one = await find_waiting(uow, waiting_id)
    assert one is not None
    return JoinedView.of_joined(await view_of(uow, one), capability)


async def known_guest(look: Look, form: JoinForm) -> reservations.Guest:
    """With what the account of whoever waits knows. Raises EmailRefused."""
    guest = reservations.Guest(
        name=form.guest_name or "",
        email=check_email(form.guest_email) if form.guest_email else None,
        phone=form.guest_phone or None,
        locale=current_locale.get(),
    )
    if not look.actor.is_customer or look.actor.id is None:
        return guest
    account = await guests.load_guest(look, look.actor.id)
    return replace(
        guest,
        name=guest.name or account.name,
        email=guest.email or account.email,
        phone=guest.phone or account.phone,
        customer_id=account.id,
    )


async def find_permitted(look: Look, waiting_id: str, capability: str | None) -> Waiting:
    """Raises SignInNeeded, NobodyWaits."""
    try:
        return await load_known(look, waiting_id)
    except NobodyWaits:
        if capability:
            opened = await find_opened(look, capability)
            if opened is not None and opened.id == waiting_id:
                return opened
        if look.actor == ANONYMOUS:
            raise SignInNeeded("Authentication required") from None
        raise


async def reload(look: Look, one: Waiting) -> Waiting:
    found = await find_waiting(look, one.id)
    assert found is not None
    return found


async def view_of(look: Look, one: Waiting) -> WaitingView:
    return shown(one, await locations.load_house(look, one.house_id))


def asked_of(form: JoinForm) -> service.Asked:
    """Raises WishRefused."""
    return service.Asked(
        house_id=form.location_id,
        day=availability.read_day(form.date),
        party=form.party_size,
        since=form.since,
        until=form.until,
    )


def shown(one: Waiting, house: locations.House) -> WaitingView:
    zone = ZoneInfo(house.zone)
    return WaitingView(
        id=one.id,
        location_id=one.house_id,
        date=f"{one.day.isoformat()}T00:00:00.000Z",
        since=f"{one.since_at.astimezone(zone):%H:%M}",
        until=f"{one.until_at.astimezone(zone):%H:%M}",
        time_zone=house.zone,
        party_size=one.party,
        status=one.state,
        guest_name=one.guest_name,
        guest_email=one.guest_email,
        guest_phone=one.guest_phone,
        joined_at=stamp(one.joined_at),
        offer=offer_of(one, zone),
        reservation_id=one.reservation_id,
    )


def offer_of(one: Waiting, zone: ZoneInfo) -> OfferView | None:
    if not one.is_held:
        return None
    starts_at, ends_at = one.held.period
    assert one.offered_until_at is not None
    return OfferView(
        time=f"{starts_at.astimezone(zone):%H:%M}",
        starts_at=stamp(starts_at),
        ends_at=stamp(ends_at),
        answer_until=stamp(one.offered_until_at),
    )
