"""The guest's way to a provider and back, and what an account is linked to. It works without
script.
"""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import urlsplit

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import PathParameter, URLEncodedBody

from basis.errors import DomainError
from basis.kit.http.wire import Form
from kitchenasty import guests
from kitchenasty.kit.books import Look
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.local_paths import local_path
from kitchenasty.kit.http.visits import entrance_of, visit_of
from kitchenasty.kit.http.web import Actor, Reading, WebRequest, Work, back_to, page
from kitchenasty.kit.principals import Principal
from kitchenasty.openid.entering import set_out, set_out_to_link
from kitchenasty.openid.service import AddressClaimed, Linked, OnlyWayIn, list_linked, unlink
from kitchenasty.openid.terms import find_terms
from kitchenasty.openid.trips import Door, Purpose
from kitchenasty.openid.visiting import (
    arrive,
    depart,
    enter,
    id_of,
    providers_of,
    spent_cookie,
    take_along,
)

WAYS = "/account/ways"
IdentityId = Annotated[str, PathParameter(max_length=64)]


class LinkForm(Form):
    VERBATIM = frozenset({"known"})

    known: Annotated[str, msgspec.Meta(max_length=500)] = ""


class ElsewherePages(Controller):
    path = "/sign-in/elsewhere"
    include_in_schema = False
    opt = access(Access.PUBLIC)

    @get("/")
    async def leave(self, request: WebRequest, principal: Actor) -> Response[Any]:
        """Off to the provider. `new` opens an account even if somebody claims the address."""
        wants_new = "new" in request.query_params
        try:
            departure = await set_out(
                entrance_of(request),
                providers_of(request),
                visit_of(request, principal),
                purpose=Purpose.OPEN if wants_new else Purpose.ENTER,
                next_path=local_path(request.query_params.get("next"), otherwise=""),
            )
        except DomainError as refusal:
            return stopped(request, refusal)
        return depart(request, departure)

    @get("/back")
    async def come_back(self, request: WebRequest, principal: Actor) -> Response[Any]:
        try:
            arrival = await arrive(request, principal, Door.PAGE)
        except DomainError as refusal:
            return stopped(request, refusal)
        if arrival.signed_in is None:
            return enter(request, None, f"{WAYS}?told=linked")
        return enter(request, arrival.signed_in, arrival.trip.next or "/")


class WaysPages(Controller):
    path = WAYS
    include_in_schema = False
    opt = access(Access.CUSTOMER)

    @get("/")
    async def show_ways(
        self, request: WebRequest, look: Reading, principal: Actor
    ) -> Response[Any]:
        return await show(request, look, principal)

    @post("/link")
    async def link(
        self, request: WebRequest, principal: Actor, data: URLEncodedBody[LinkForm]
    ) -> Response[Any]:
        """A page that goes on by itself: the policy of our pages lets no form lead elsewhere."""
        entrance = entrance_of(request)
        try:
            departure = await set_out_to_link(
                entrance, providers_of(request), visit_of(request, principal), password=data.known
            )
        except DomainError as refusal:
            async with entrance.books.reading(principal) as look:
                return await show(request, look, principal, refusal=refusal)
        answer = page("openid/leaving.html", url=departure.url)
        take_along(request, answer, departure)
        return answer

    @post("/{identity_id:str}/unlink")
    async def unlink(
        self, request: WebRequest, uow: Work, principal: Actor, identity_id: IdentityId
    ) -> Response[Any]:
        try:
            await unlink(uow, id_of(principal), identity_id)
        except OnlyWayIn as refusal:
            return await show(request, uow, principal, refusal=refusal)
        return back_to(f"{WAYS}?told=unlinked")


async def show(
    request: WebRequest, look: Look, principal: Principal, *, refusal: DomainError | None = None
) -> Response[Any]:
    terms = await find_terms(look)
    linked = await list_linked(look, id_of(principal))
    return page(
        "openid/ways.html",
        refusal=refusal,
        guest=await guests.load_guest(look, id_of(principal)),
        has_password=await guests.has_password(look, id_of(principal)),
        provider=None if terms is None else terms.label,
        linked=[(one, name_of(one, terms)) for one in linked],
        told=request.query_params.get("told", ""),
    )


def name_of(one: Linked, terms: Any) -> str:
    """As the button calls it; a provider of former times by its address."""
    if terms is not None and terms.issuer == one.issuer:
        return str(terms.label)
    return urlsplit(one.issuer).netloc


def stopped(request: WebRequest, refusal: DomainError) -> Response[Any]:
    """What went wrong, and the other ways in."""
    answer = page(
        "openid/stopped.html",
        refusal=refusal,
        can_open=isinstance(refusal, AddressClaimed),
    )
    answer.cookies.append(spent_cookie(request))
    return answer
