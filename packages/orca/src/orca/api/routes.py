"""Doors of the API itself: whether it lives, who one is, tokens, the journal."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from litestar import Controller, delete, get, post
from litestar.params import JSONBody, PathParameter, QueryParameter
from msgspec import Meta

from basis.kit.http.api import ApiController
from basis.kit.http.doors import AnyRequest
from basis.kit.http.wire import Envelope, Stamp, done, ok, stamp, stamp_or_none
from orca.access import Act, Role, TokenLine
from orca.api.guarding import needs, principal_of

PAGE_MAX = 500
NUMBER_MAX = 2**53 - 1


Named = Annotated[str, PathParameter(max_length=100)]


class TokenWish(msgspec.Struct, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """A token that is wanted. Without `days` it is valid until it is revoked."""

    name: Annotated[str, Meta(min_length=1, max_length=64)]
    role: Role
    days: Annotated[int, Meta(ge=1, le=3_650)] | None = None


class TokenView(msgspec.Struct, kw_only=True, rename="camel"):
    """A token, without what opens doors."""

    id: str
    name: str
    role: Role
    made_at: Stamp
    made_by: str
    ends_at: Stamp | None
    used_at: Stamp | None


class IssuedView(msgspec.Struct, kw_only=True, rename="camel"):
    """A new token. `token` is shown this once."""

    token: str
    line: TokenView


class WhoView(msgspec.Struct, kw_only=True, rename="camel"):
    """Whose token this is."""

    id: str
    name: str
    role: Role


class ActView(msgspec.Struct, kw_only=True, rename="camel"):
    """Who did what, and what came of it; `begun` where nobody could say any more."""

    number: int
    at: Stamp
    token: str
    who: str
    what: str
    target: str
    outcome: str
    status: int


class HealthDoor(Controller):
    path = "/health"
    tags = ["System"]

    @get("/live", opt=needs(None), operation_id="ShowLive")
    async def tell_live(self) -> dict[str, str]:
        return {"status": "ok"}


class TokensApi(ApiController):
    path = "/api/v1/tokens"
    tags = ["Tokens"]

    @get("/", opt=needs(Role.ADMIN), operation_id="ListTokens")
    async def list_tokens(self, request: AnyRequest) -> Envelope[list[TokenView]]:
        """All tokens, the oldest first."""
        return ok([view_of(line) for line in await request.app.state.tokens.list_all()])

    @get("/self", opt=needs(Role.VIEWER), operation_id="ShowOwnToken")
    async def show_own(self, request: AnyRequest) -> Envelope[WhoView]:
        """Whose token came with this request."""
        who = principal_of(request)
        return ok(WhoView(id=who.id, name=who.name, role=who.role))

    @post("/", opt=needs(Role.ADMIN), operation_id="IssueToken")
    async def issue_token(
        self, request: AnyRequest, data: JSONBody[TokenWish]
    ) -> Envelope[IssuedView]:
        """A new token, which nobody is shown again."""
        issued = await request.app.state.tokens.issue(
            data.name, data.role, days=data.days, by=principal_of(request).name
        )
        return ok(IssuedView(token=str(issued.token), line=view_of(issued.line)))

    @delete("/{token_id:str}", opt=needs(Role.ADMIN), operation_id="RevokeToken", status_code=200)
    async def revoke_token(self, request: AnyRequest, token_id: Named) -> Envelope[None]:
        """From the next request on it opens nothing."""
        await request.app.state.tokens.revoke(token_id)
        return done("The token is revoked.")


class JournalApi(ApiController):
    path = "/api/v1/journal"
    tags = ["Journal"]

    @get("/", opt=needs(Role.ADMIN), operation_id="ListActs")
    async def list_acts(
        self,
        request: AnyRequest,
        before: Annotated[int | None, QueryParameter(ge=1, le=NUMBER_MAX)] = None,
        limit: Annotated[int, QueryParameter(ge=1, le=PAGE_MAX)] = 100,
    ) -> Envelope[list[ActView]]:
        """What was changed by whom, the newest first; `before` a number goes further back."""
        acts = await request.app.state.journal.list_before(before, limit=limit)
        return ok([act_view(act) for act in acts])


DOORS: list[Any] = [HealthDoor, TokensApi, JournalApi]


def view_of(line: TokenLine) -> TokenView:
    return TokenView(
        id=line.id,
        name=line.name,
        role=line.role,
        made_at=stamp(line.made_at),
        made_by=line.made_by,
        ends_at=stamp_or_none(line.ends_at),
        used_at=stamp_or_none(line.used_at),
    )


def act_view(act: Act) -> ActView:
    return ActView(
        number=act.number,
        at=stamp(act.at),
        token=act.token,
        who=act.who,
        what=act.what,
        target=act.target,
        outcome=act.outcome.value,
        status=act.status,
    )
