"""The way to a provider and back, step by step. It is asked between transactions, never in one: it
may take its time.
"""

from __future__ import annotations

from dataclasses import dataclass

from basis.errors import Unauthenticated
from basis.kit.data.constraints import BROKEN
from kitchenasty.accounts import SignedIn, begin, check_current
from kitchenasty.kit.identity.entrance import Entrance, Visit
from kitchenasty.kit.limits import ELSEWHERE_PER_ADDRESS
from kitchenasty.kit.principals import ANONYMOUS, Kind
from kitchenasty.openid.provider import CODE_LENGTH_MAX, ProviderOdd, Providers
from kitchenasty.openid.rules import Identity, same
from kitchenasty.openid.service import come_in, link
from kitchenasty.openid.terms import NotOffered, Terms, find_terms
from kitchenasty.openid.trips import (
    Door,
    Purpose,
    Trip,
    TripSpent,
    begin_trip,
    read_cookie,
    spend,
    write_cookie,
)

BACK = {Door.PAGE: "/sign-in/elsewhere/back", Door.APP: "/api/auth/google/callback"}
"""Where providers send guests back to; they must be told of it beforehand."""


class StoppedThere(Unauthenticated):
    """The guest said no, or the provider did."""

    def __init__(self) -> None:
        super().__init__("The sign-in was stopped at the provider. Nothing has changed here.")


class NotYourTrip(Unauthenticated):
    def __init__(self) -> None:
        super().__init__("You were signed out in the meantime. Please sign in and link it again.")


@dataclass(frozen=True, slots=True)
class Departure:
    """Where the browser goes, and what it takes along."""

    url: str
    cookie: str


@dataclass(frozen=True, slots=True)
class Return:
    """What a browser comes back with, as it is in the address."""

    state: str | None
    code: str | None
    error: str | None
    issuer: str | None
    cookie: str | None


@dataclass(frozen=True, slots=True)
class Arrival:
    trip: Trip
    terms: Terms
    signed_in: SignedIn | None
    """None for a guest who was signed in already and has linked one more way in."""


async def set_out(
    entrance: Entrance,
    providers: Providers,
    visit: Visit,
    *,
    purpose: Purpose = Purpose.ENTER,
    door: Door = Door.PAGE,
    next_path: str = "",
) -> Departure:
    """Raises NotOffered, TooManyTries, ElsewhereAway, ProviderOdd."""
    entrance.take(ELSEWHERE_PER_ADDRESS, visit.place)
    secret = entrance.books.secret
    async with entrance.books.reading() as look:
        terms = await find_terms(look)
        if terms is None or (door is Door.APP and terms.app_url is None):
            raise NotOffered
        trip = begin_trip(
            look,
            terms.issuer,
            purpose=purpose,
            door=door,
            customer_id=visit.actor.id if purpose is Purpose.LINK else None,
            next=next_path,
        )
    url = await providers.way_there(terms, trip, secret, terms.public_url + BACK[door])
    return Departure(url, write_cookie(trip, secret))


async def set_out_to_link(
    entrance: Entrance, providers: Providers, visit: Visit, *, password: str
) -> Departure:
    """For a guest who is signed in and knows the password: a phone may lie about. Raises
    CurrentPasswordWrong and what `set_out` raises.
    """
    await check_current(entrance, visit, password)
    return await set_out(entrance, providers, visit, purpose=Purpose.LINK)


async def come_back(
    entrance: Entrance, providers: Providers, visit: Visit, brought: Return, door: Door
) -> Arrival:
    """Raises TripSpent, StoppedThere, NotOffered, ElsewhereAway, ProviderOdd, NotYourTrip,
    TooManyTries, and what `come_in` and `link` refuse.
    """
    entrance.take(ELSEWHERE_PER_ADDRESS, visit.place)
    async with entrance.books.reading() as look:
        trip = read_cookie(look, brought.cookie, brought.state)
        terms = await find_terms(look)
        now = int(look.now.timestamp())
    if trip.door is not door:
        raise TripSpent
    if terms is None or terms.issuer != trip.issuer:
        raise NotOffered
    if trip.customer_id is not None and trip.customer_id != visit.actor.id:
        raise NotYourTrip
    # Spent before the provider is asked: a second try with the same address asks nobody.
    async with entrance.books.writing() as uow:
        await spend(uow, trip)
    await check_answer(providers, terms, brought)
    identity = await providers.says_who(
        terms,
        trip,
        entrance.books.secret,
        code=brought.code or "",
        back_url=terms.public_url + BACK[door],
        now=now,
    )
    if trip.purpose is Purpose.LINK:
        await link_to(entrance, visit, identity)
        return Arrival(trip, terms, None)
    return Arrival(trip, terms, await let_in(entrance, visit, identity, trip.purpose))


async def check_answer(providers: Providers, terms: Terms, brought: Return) -> None:
    """Raises StoppedThere, ProviderOdd, ElsewhereAway."""
    known = await providers.know(terms.issuer)
    says_issuer = known.description.authorization_response_iss_parameter_supported
    # RFC 9207: an answer of one provider is not taken for one of another.
    if (says_issuer or brought.issuer is not None) and not same(brought.issuer or "", terms.issuer):
        raise ProviderOdd(what="iss of the answer")
    if brought.error is not None or not brought.code or len(brought.code) > CODE_LENGTH_MAX:
        raise StoppedThere


async def let_in(
    entrance: Entrance, visit: Visit, identity: Identity, purpose: Purpose
) -> SignedIn:
    try:
        return await open_for(entrance, visit, identity, purpose)
    except BROKEN:
        # Of two who come in by the same for the first time at once, the second finds the first.
        return await open_for(entrance, visit, identity, purpose)


async def open_for(
    entrance: Entrance, visit: Visit, identity: Identity, purpose: Purpose
) -> SignedIn:
    async with entrance.books.writing(
        ANONYMOUS, request_id=visit.request_id, address=visit.address
    ) as uow:
        guest_id = await come_in(uow, identity, purpose)
        token = await begin(uow, visit, Kind.CUSTOMER, guest_id)
    return SignedIn(token, Kind.CUSTOMER, guest_id, entrance.doorman.mark_device(guest_id))


async def link_to(entrance: Entrance, visit: Visit, identity: Identity) -> None:
    assert visit.actor.id is not None
    async with entrance.books.writing(
        visit.actor, request_id=visit.request_id, address=visit.address
    ) as uow:
        await link(uow, visit.actor.id, identity)
