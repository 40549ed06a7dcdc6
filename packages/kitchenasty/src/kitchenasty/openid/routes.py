"""The contract's doors for signing in with Google, or whichever provider the owner chose, and what
a guest's account is linked to.
"""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from litestar import delete, get
from litestar.params import PathParameter, QueryParameter
from litestar.response import Redirect

from basis.errors import DomainError
from basis.kit.http.api import ApiController
from basis.kit.http.wire import Envelope, Stamp, WireStruct, done, ok, stamp
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.visits import entrance_of, visit_of
from kitchenasty.kit.http.web import Actor, Reading, WebRequest, Work
from kitchenasty.openid.entering import set_out
from kitchenasty.openid.service import Linked, list_linked, unlink
from kitchenasty.openid.terms import NotOffered, find_terms
from kitchenasty.openid.trips import Door
from kitchenasty.openid.visiting import arrive, depart, id_of, providers_of, spent_cookie

IdentityId = Annotated[str, PathParameter(max_length=64)]
State = Annotated[str | None, QueryParameter(name="state", max_length=4_096, required=False)]
Told = Annotated[str | None, QueryParameter(max_length=4_096, required=False)]


class LinkedView(WireStruct, kw_only=True):
    """An account elsewhere by which a guest may come in."""

    id: str
    issuer: str
    email: str | None
    created_at: Stamp
    used_at: Stamp

    @classmethod
    def of(cls, one: Linked) -> LinkedView:
        return cls(
            id=one.id,
            issuer=one.issuer,
            email=one.email,
            created_at=stamp(one.created_at),
            used_at=stamp(one.used_at),
        )


class ElsewhereApi(ApiController):
    path = "/api/auth"
    tags = ["Accounts"]

    @get("/google", opt=access(Access.PUBLIC), status_code=302, operation_id="LeaveForProvider")
    async def leave(self, request: WebRequest, principal: Actor) -> Redirect:
        """Send the browser to the provider of sign-ins. For the app that the owner has named; where
        none is named, to our own pages. 404 where no provider is offered.
        """
        entrance = entrance_of(request)
        async with entrance.books.reading() as look:
            terms = await find_terms(look)
        if terms is None:
            raise NotOffered
        if terms.app_url is None:
            return Redirect(f"{terms.public_url}/sign-in/elsewhere", status_code=302)
        departure = await set_out(
            entrance, providers_of(request), visit_of(request, principal), door=Door.APP
        )
        return depart(request, departure)

    @get(
        "/google/callback",
        opt=access(Access.PUBLIC),
        status_code=302,
        operation_id="ReturnFromProvider",
    )
    async def come_back(
        self,
        request: WebRequest,
        principal: Actor,
        of_trip: State = None,
        code: Told = None,
        error: Told = None,
        iss: Told = None,
    ) -> Redirect:
        """Where the provider sends the browser back to. It goes on to the app that the owner has
        named, and to no other: `/auth/callback?token=`, or `/login?error=auth_failed`.
        """
        try:
            arrival = await arrive(request, principal, Door.APP)
        except DomainError:
            answer = Redirect(f"{await app_of(request)}/login?error=auth_failed", status_code=302)
        else:
            assert arrival.signed_in is not None
            token = urlencode({"token": arrival.signed_in.token})
            url = f"{arrival.terms.app_url}/auth/callback?{token}"
            answer = Redirect(url, status_code=302)
        answer.headers |= {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
        answer.cookies.append(spent_cookie(request))
        return answer


class IdentitiesApi(ApiController):
    path = "/api/auth/identities"
    tags = ["Accounts"]
    opt = access(Access.CUSTOMER)

    @get(operation_id="ListIdentities")
    async def list_identities(self, look: Reading, principal: Actor) -> Envelope[list[LinkedView]]:
        """The accounts elsewhere by which whoever asks may come in."""
        return ok([LinkedView.of(one) for one in await list_linked(look, id_of(principal))])

    @delete("/{identity_id:str}", status_code=200, operation_id="RemoveIdentity")
    async def remove(self, uow: Work, principal: Actor, identity_id: IdentityId) -> Envelope[None]:
        """Come in by it no longer. 409 when it is the only way in; 404 for somebody else's."""
        await unlink(uow, id_of(principal), identity_id)
        return done("Removed")


async def app_of(request: WebRequest) -> str:
    """Raises NotOffered."""
    async with entrance_of(request).books.reading() as look:
        terms = await find_terms(look)
    if terms is None or terms.app_url is None:
        raise NotOffered
    return terms.app_url
