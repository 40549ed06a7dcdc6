"""What every door to reservations does: look first without a lock, then give the table away.

Looking and giving away are two transactions (docs/adr/0015), so whoever only looks blocks nobody,
and the one who books holds the books for a moment.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial

from basis.errors import DomainError
from basis.kit.data.idempotency import answer_once
from kitchenasty import availability, floor, guests, locations, reservations
from kitchenasty.availability import Plan, Wish
from kitchenasty.kit.books import Books, Look, UnitOfWork
from kitchenasty.kit.http.access import NotAllowed, SignInNeeded
from kitchenasty.kit.http.visits import entrance_of
from kitchenasty.kit.http.web import WebRequest, writing_for
from kitchenasty.kit.identity.sign_in import check_email
from kitchenasty.kit.limits import RESERVE_PER_ADDRESS
from kitchenasty.kit.principals import ANONYMOUS, Principal
from kitchenasty.reservations import Guest, Reservation, SomebodyChangedIt, Source, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What somebody wants of a reservation that exists; what is None or empty stays."""

    wish: Wish | None = None
    table_ids: tuple[str, ...] = ()
    status: Status | None = None
    texts: Mapping[str, str | None] | None = None
    reason: str = ""
    version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Once:
    """The key under which a request is answered once, and what it asks."""

    key: str
    body: bytes
    route: str = "POST /api/reservations"


def books_of(request: WebRequest) -> Books:
    books: Books = request.app.state.books
    return books


async def reserve(
    request: WebRequest, principal: Principal, wish: Wish, guest: Guest, once: Once | None = None
) -> str:
    """The id of the reservation; with a key the same one however often it is asked for.

    Raises what `availability.plan` and `reservations.book` raise, EmailRefused, TooManyTries,
    IdempotencyKeyReused.
    """
    if not principal.is_staff:
        address = request.scope["state"]["address"]
        entrance_of(request).take(RESERVE_PER_ADDRESS, address)
    async with books_of(request).reading(principal) as look:
        guest = await known_guest(look, guest)
        found = await look_for(look, wish)
    async with writing_for(request, principal) as uow:
        if once is None:
            return await give(uow, found, guest)

        async def act() -> tuple[int, bytes]:
            return 201, (await give(uow, found, guest)).encode()

        answer = await answer_once(
            uow,
            scope=f"{principal.label} {once.route}",
            strangers_scope=f"{ANONYMOUS.label} {once.route}",
            key=once.key,
            body=once.body,
            act=act,
        )
    return answer.content.decode()


async def look_for(look: Look, wish: Wish) -> Plan | DomainError:
    """The plan, or why there is none: a repeated request has taken the last table itself, so the
    refusal waits until it is known that it is no repetition.
    """
    try:
        return await availability.plan(look, wish)
    except DomainError as refusal:
        return refusal


async def give(uow: UnitOfWork, found: Plan | DomainError, guest: Guest) -> str:
    """The id of the reservation."""
    if isinstance(found, DomainError):
        raise found
    source = Source.GUEST
    if uow.actor.is_staff:
        await locations.load_own_house(uow, found.wish.house_id)
        source = Source.STAFF
    return (await reservations.book(uow, found, guest, source=source)).reservation.id


async def known_guest(look: Look, guest: Guest) -> Guest:
    """With what the account of whoever books knows. Raises EmailRefused."""
    email = check_email(guest.email) if guest.email else None
    if not look.actor.is_customer or look.actor.id is None:
        return replace(guest, email=email)
    account = await guests.load_guest(look, look.actor.id)
    return replace(
        guest,
        name=guest.name or account.name,
        email=email or account.email,
        phone=guest.phone or account.phone,
        customer_id=account.id,
    )


async def find_permitted(
    look: Look, principal: Principal, reservation_id: str, capability: str | None
) -> Reservation:
    """For the staff of the house, the customer whose it is, and whoever has its link. Raises
    SignInNeeded, ReservationNotFound.
    """
    try:
        return await reservations.load_reservation(look, reservations.checked_id(reservation_id))
    except reservations.ReservationNotFound:
        if capability:
            opened = await reservations.find_opened(look, capability)
            if opened is not None and opened.id == reservation_id:
                return opened
        if principal == ANONYMOUS:
            raise SignInNeeded("Authentication required") from None
        raise


async def change(
    request: WebRequest, principal: Principal, seen: Reservation, wanted: Change
) -> Reservation:
    """All of it or nothing. `seen` is the reservation as it was when the change was made up:
    whoever was quicker is not overruled. Raises what the acts raise, SomebodyChangedIt.
    """
    if wanted.version is not None and wanted.version != seen.version:
        raise SomebodyChangedIt
    plan: Plan | None = None
    if wanted.wish is not None:
        async with books_of(request).reading(principal) as look:
            await reservations.check_may_change(look, seen)
            plan = await availability.plan(look, wanted.wish, ignored=seen.id)
    async with writing_for(request, principal) as uow:
        after = seen
        if plan is not None:
            after = await reservations.change(uow, after, plan)
        if wanted.texts:
            after = await reservations.annotate(uow, after, wanted.texts)
        if wanted.table_ids and plan is None and wanted.status is not Status.SEATED:
            after = await floor.put(uow, after, wanted.table_ids)
        if wanted.status is not None and wanted.status is not after.status:
            after = await send(uow, after, wanted)
    return after


async def send(uow: UnitOfWork, reservation: Reservation, wanted: Change) -> Reservation:
    """To another status, with what that means for its tables. Raises MoveRefused and what the act
    raises.
    """
    match wanted.status:
        case Status.SEATED:
            return await floor.seat(uow, reservation, table_ids=wanted.table_ids)
        case Status.COMPLETED:
            return await reservations.complete(uow, reservation)
        case Status.CANCELLED:
            return await reservations.cancel(uow, reservation, reason=wanted.reason)
        case Status.NO_SHOW:
            return await reservations.note_absence(uow, reservation)
        case Status() as target:
            is_undone = reservation.status is Status.SEATED and target is Status.CONFIRMED
            act = floor.unseat if is_undone else partial(reservations.move, target=target)
            return await act(uow, reservation)
        case None:
            return reservation


def check_said(principal: Principal, reservation: Reservation, *, is_for_staff: bool) -> bool:
    """Whether the house itself says it. Raises NotAllowed where only the house may."""
    for_house = principal.may_see_house(reservation.house_id)
    if is_for_staff and not for_house:
        raise NotAllowed("Only the house decides about this. You can change the time, or cancel.")
    return for_house
