"""The API's doors for joining the staff."""

from __future__ import annotations

from typing import Annotated

from litestar import delete, get, post
from litestar.params import JSONBody, PathParameter

from basis.kit.http.api import ApiController
from basis.kit.http.wire import Envelope, done, ok
from kitchenasty import staff
from kitchenasty.accounts import service
from kitchenasty.accounts.schemas import (
    InvitationAnswer,
    InvitationForm,
    InvitationView,
    InvitedTo,
    StaffSession,
    StaffUser,
)
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.visits import entrance_of, visit_of
from kitchenasty.kit.http.web import Actor, Reading, WebRequest, Work

Token = Annotated[str, PathParameter(max_length=staff.TOKEN_LENGTH_MAX)]
InvitationId = Annotated[str, PathParameter(max_length=36)]


class InvitationsApi(ApiController):
    path = "/api/staff"
    tags = ["Staff"]

    @get("/invite/{token:str}", opt=access(Access.PUBLIC), operation_id="ShowInvitation")
    async def show(self, look: Reading, token: Token) -> Envelope[InvitedTo]:
        """Whom the link of a letter invites, and as what."""
        found = await staff.find_invitation(look, token)
        return ok(InvitedTo(email=found.email, role=found.role))

    @post("/accept-invite", opt=access(Access.PUBLIC), operation_id="AcceptInvitation")
    async def accept(
        self, request: WebRequest, principal: Actor, data: JSONBody[InvitationAnswer]
    ) -> Envelope[StaffSession]:
        """Join the staff; the link works once. Answers a token of one's own."""
        entrance = entrance_of(request)
        signed_in = await service.join_staff(
            entrance,
            visit_of(request, principal),
            data.token,
            name=data.name,
            password=data.password,
        )
        async with entrance.books.reading() as look:
            member = await staff.load_member(look, signed_in.subject_id)
        return ok(StaffSession(token=signed_in.token, user=StaffUser.of(member)))

    @post("/invite", opt=access(Access.SUPER_ADMIN), operation_id="Invite")
    async def invite(self, uow: Work, data: JSONBody[InvitationForm]) -> Envelope[InvitationView]:
        """Write to somebody who is to work here. The link works once, for seven days."""
        return ok(InvitationView.of(await staff.invite(uow, data.to_draft())))

    @get("/invitations", opt=access(Access.SUPER_ADMIN), operation_id="ListInvitations")
    async def list_open(self, look: Reading) -> Envelope[list[InvitationView]]:
        """Who was invited and has not come yet, the newest first."""
        return ok([InvitationView.of(one) for one in await staff.list_invitations(look)])

    @post(
        "/invitations/{invitation_id:str}/resend",
        opt=access(Access.SUPER_ADMIN),
        status_code=200,
        operation_id="InviteAgain",
    )
    async def again(self, uow: Work, invitation_id: InvitationId) -> Envelope[InvitationView]:
        """Another letter; the link of the one before opens nothing any more."""
        return ok(InvitationView.of(await staff.invite_again(uow, invitation_id)))

    @delete(
        "/invitations/{invitation_id:str}",
        opt=access(Access.SUPER_ADMIN),
        status_code=200,
        operation_id="TakeInvitationBack",
    )
    async def take_back(self, uow: Work, invitation_id: InvitationId) -> Envelope[None]:
        """The link opens nothing any more."""
        await staff.take_back(uow, invitation_id)
        return done("Invitation taken back")
