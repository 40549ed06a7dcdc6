"""Where a browser says that it wants to be told, and that it does not any more. What it may be told
about is what it may follow live: each kind of room has the rule of its slice.
"""

from __future__ import annotations

from pathlib import Path

from litestar import Controller, Response, get, post
from litestar.params import JSONBody

from basis.errors import Forbidden
from basis.sentences import word
from kitchenasty.kit.books import Books
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.visits import entrance_of
from kitchenasty.kit.http.web import Actor, Reading, WebRequest, Work, writing_for
from kitchenasty.kit.limits import FOLLOW_PER_ADDRESS
from kitchenasty.kit.principals import ANONYMOUS, Principal
from kitchenasty.push import service
from kitchenasty.push.keys import find_public_key, load_keys
from kitchenasty.push.schemas import FollowForm, FollowsView, PhoneForm, PushKeyView
from kitchenasty.push.states import Way

SERVICE_WORKER = (Path(__file__).parent / "static" / "sw.js").read_bytes()
NEVER_KEPT = {"cache-control": "no-store"}


class NotYours(Forbidden):
    def __init__(self) -> None:
        super().__init__(word("This can be followed by those only whom it concerns."))


class PushDoors(Controller):
    path = "/push"
    include_in_schema = False
    opt = access(Access.PUBLIC)

    @get("/sw.js")
    async def serve_worker(self) -> Response[bytes]:
        """A service worker rules below its own path only, and this one shall rule no page."""
        return Response(
            SERVICE_WORKER, media_type="text/javascript", headers={"Cache-Control": "no-cache"}
        )

    @get("/key.json")
    async def tell_key(self, request: WebRequest) -> Response[PushKeyView]:
        books: Books = request.app.state.books
        async with books.reading() as look:
            key = await find_public_key(look)
        if key is None:
            async with books.writing() as uow:
                key = (await load_keys(uow)).public
        return Response(PushKeyView(public_key=key), headers=NEVER_KEPT)

    @post("/follow.json", status_code=204)
    async def follow(
        self, request: WebRequest, principal: Actor, data: JSONBody[FollowForm]
    ) -> None:
        """403 NotYours; 400 EndpointRefused; 409 TooManyFollow."""
        entrance_of(request).take(FOLLOW_PER_ADDRESS, request.scope["state"]["address"])
        session_id = await let_in(request, principal, data)
        phone = service.Phone(Way.WEB, data.endpoint, data.public_key, data.auth_secret)
        async with writing_for(request, principal) as uow:
            await service.follow(uow, phone, data.subject, session_id=session_id)

    @post("/follows.json", status_code=200)
    async def tell_whether(self, look: Reading, data: JSONBody[PhoneForm]) -> Response[FollowsView]:
        """Asked by a page that comes again. Nobody but the browser knows its address."""
        found = await service.follows(look, data.endpoint, data.subject)
        return Response(FollowsView(follows=found), headers=NEVER_KEPT)

    @post("/leave.json", status_code=204)
    async def leave(self, uow: Work, data: JSONBody[PhoneForm]) -> None:
        await service.leave(uow, data.endpoint, data.subject)


async def let_in(request: WebRequest, principal: Principal, wanted: FollowForm) -> str | None:
    """The session with which following ends: none for who holds a link, whoever they are.

    Raises NotYours.
    """
    gate, capability = request.app.state.rooms.gatekeeper, wanted.capability
    visitor = ANONYMOUS if capability else principal
    is_somebody = capability or visitor.session_id
    if not is_somebody or not await gate.may_join(visitor, wanted.room, capability):
        raise NotYours
    return visitor.session_id
