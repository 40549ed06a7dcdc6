"""The API's doors for the staff's own passwords, and for everybody's sign-ins."""

from __future__ import annotations

from typing import Annotated

from litestar import delete, get, post
from litestar.params import JSONBody, PathParameter

from basis.kit.http.api import ApiController
from basis.kit.http.wire import Envelope, done, ok
from kitchenasty import staff
from kitchenasty.accounts import places, recovery, staff_password
from kitchenasty.accounts.customer_routes import ASKED
from kitchenasty.accounts.schemas import (
    ForgottenPassword,
    PasswordChange,
    PasswordReset,
    PlaceView,
    StaffSession,
    StaffUser,
)
from kitchenasty.kit.http.access import Access, SignInNeeded, access
from kitchenasty.kit.http.visits import entrance_of, visit_of
from kitchenasty.kit.http.web import Actor, Reading, WebRequest, Work
from kitchenasty.kit.identity import signed_in
from kitchenasty.kit.identity.entrance import Entrance
from kitchenasty.kit.principals import Principal

SessionId = Annotated[str, PathParameter(max_length=64)]


class StaffAccountApi(ApiController):
    path = "/api/auth/staff"
    tags = ["Accounts"]

    @post("/forgot", opt=access(Access.PUBLIC), status_code=200, operation_id="ForgetStaffPassword")
    async def forget(
        self, request: WebRequest, principal: Actor, data: JSONBody[ForgottenPassword]
    ) -> Envelope[None]:
        """A letter with a token for a new password. The answer is the same for every address."""
        await recovery.ask_for_reset(entrance_of(request), visit_of(request, principal), data.email)
        return done(ASKED)

    @post("/reset", opt=access(Access.PUBLIC), status_code=200, operation_id="ResetStaffPassword")
    async def reset(
        self, request: WebRequest, principal: Actor, data: JSONBody[PasswordReset]
    ) -> Envelope[StaffSession]:
        """A new password by the token of a letter. All sessions end; `token` is a new one, or null
        where a second factor is asked for: then sign in.
        """
        entrance = entrance_of(request)
        async with entrance.books.reading() as look:
            member = await staff.find_password_link(look, data.token)
        session = await staff_password.reset_staff_password(
            entrance, visit_of(request, principal), data.token, data.password
        )
        token = None if session is None else session.token
        return ok(StaffSession(token=token, user=StaffUser.of(member)))

    @post(
        "/password", opt=access(Access.STAFF), status_code=200, operation_id="ChangeStaffPassword"
    )
    async def change(
        self, request: WebRequest, principal: Actor, data: JSONBody[PasswordChange]
    ) -> Envelope[StaffSession]:
        """Another password. All sessions end, this one too; `token` is a new one."""
        entrance = entrance_of(request)
        session = await staff_password.change_staff_password(
            entrance,
            visit_of(request, principal),
            current=data.current_password,
            password=data.new_password,
        )
        return ok(await answer_of(entrance, session.token, session.subject_id))


class SessionsApi(ApiController):
    path = "/api/auth/sessions"
    tags = ["Accounts"]
    opt = access(Access.SIGNED_IN)

    @get(operation_id="ListSessions")
    async def list_sessions(self, look: Reading, principal: Actor) -> Envelope[list[PlaceView]]:
        """Where whoever asks is signed in, the last seen first."""
        found = await signed_in.list_places(
            look, subject_kind=principal.kind, subject_id=id_of(principal)
        )
        return ok([PlaceView.of(one, current=principal.session_id) for one in found])

    @delete(status_code=200, operation_id="EndOtherSessions")
    async def end_others(self, uow: Work, principal: Actor) -> Envelope[None]:
        """Sign out everywhere but here."""
        await places.end_other_places(
            uow, principal.kind, id_of(principal), principal.session_id or ""
        )
        return done("Signed out everywhere else")

    @delete("/{session_id:str}", status_code=200, operation_id="EndSession")
    async def end_one(self, uow: Work, principal: Actor, session_id: SessionId) -> Envelope[None]:
        """Sign out in one place. 404 for one that has ended, or is somebody else's."""
        await places.end_place(uow, principal.kind, id_of(principal), session_id)
        return done("Signed out there")


async def answer_of(entrance: Entrance, token: str, staff_id: str) -> StaffSession:
    async with entrance.books.reading() as look:
        return StaffSession(token=token, user=StaffUser.of(await staff.load_member(look, staff_id)))


def id_of(principal: Principal) -> str:
    """Raises SignInNeeded."""
    if principal.id is None:
        raise SignInNeeded("Authentication required")
    return principal.id
