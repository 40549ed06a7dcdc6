"""The staff list: who works here, what they may do, and letting go."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import PathParameter, URLEncodedBody

from basis.errors import DomainError
from basis.kit.data.paging import Page
from basis.kit.http.wire import Form
from basis.sentences import word
from kitchenasty import locations, notices, staff
from kitchenasty.dashboard.shell import ROLE_LABELS, office_page
from kitchenasty.kit.books import Look
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.i18n import translate
from kitchenasty.kit.http.web import Actor, Reading, WebRequest, Work, back_to
from kitchenasty.kit.principals import Principal, Role

LIST_LIMIT = 200
DEMAND_WORDS = {
    "nobody": word("Nobody has to"),
    "owners": word("Owners"),
    "managers": word("Owners and managers"),
    "everybody": word("Everybody"),
}
Line = Annotated[str, msgspec.Meta(max_length=500)]


class InviteForm(Form):
    """`house` empty: every house."""

    email: Line = ""
    name: Line = ""
    role: Role = Role.STAFF
    house: Line = ""

    def to_draft(self) -> staff.InvitationDraft:
        return staff.InvitationDraft(
            email=self.email,
            name=self.name or None,
            role=self.role,
            house_ids=(self.house,) if self.house else None,
        )


class DemandForm(Form):
    second_factor: Annotated[str, msgspec.Meta(max_length=20)]


class RoleForm(msgspec.Struct):
    role: Role


StaffId = Annotated[str, PathParameter(max_length=64)]
InvitationId = Annotated[str, PathParameter(max_length=36)]


class StaffPages(Controller):
    path = "/admin/staff"
    include_in_schema = False

    @get("/", opt=access(Access.MANAGER))
    async def show_staff(
        self, request: WebRequest, look: Reading, principal: Actor
    ) -> Response[Any]:
        return await show(request, look, principal)

    @post("/", opt=access(Access.SUPER_ADMIN))
    async def invite(
        self, request: WebRequest, uow: Work, principal: Actor, data: URLEncodedBody[InviteForm]
    ) -> Response[Any]:
        try:
            await staff.invite(uow, data.to_draft())
        except DomainError as refusal:
            return await show(request, uow, principal, refusal=refusal, invited=data)
        return back_to("/admin/staff?told=invited")

    @post("/demand", opt=access(Access.SUPER_ADMIN))
    async def change_demand(self, uow: Work, data: URLEncodedBody[DemandForm]) -> Response[Any]:
        """Who needs a second factor; those without one are led to it with their next click."""
        await staff.change_demand(uow, data.second_factor)
        return back_to("/admin/staff?told=demand")

    @post("/invitations/{invitation_id:str}/again", opt=access(Access.SUPER_ADMIN))
    async def invite_again(self, uow: Work, invitation_id: InvitationId) -> Response[Any]:
        await staff.invite_again(uow, invitation_id)
        return back_to("/admin/staff?told=invited")

    @post("/invitations/{invitation_id:str}/take-back", opt=access(Access.SUPER_ADMIN))
    async def take_back(self, uow: Work, invitation_id: InvitationId) -> Response[Any]:
        await staff.take_back(uow, invitation_id)
        return back_to("/admin/staff?told=taken-back")

    @post("/{staff_id:str}/deactivate", opt=access(Access.SUPER_ADMIN))
    async def deactivate(self, uow: Work, staff_id: StaffId) -> Response[Any]:
        await staff.change_member(uow, staff_id, {"is_active": False})
        return back_to(f"/admin/staff?deactivated={staff_id}")

    @post("/{staff_id:str}/activate", opt=access(Access.SUPER_ADMIN))
    async def activate(self, uow: Work, staff_id: StaffId) -> Response[Any]:
        await staff.change_member(uow, staff_id, {"is_active": True})
        return back_to("/admin/staff")

    @post("/{staff_id:str}/role", opt=access(Access.SUPER_ADMIN))
    async def change_role(
        self, uow: Work, staff_id: StaffId, data: URLEncodedBody[RoleForm]
    ) -> Response[Any]:
        await staff.change_member(uow, staff_id, {"role": data.role})
        return back_to("/admin/staff")


async def show(
    request: WebRequest,
    look: Look,
    principal: Principal,
    *,
    refusal: DomainError | None = None,
    invited: InviteForm | None = None,
) -> Response[Any]:
    members, total = await staff.list_members(look, staff.StaffFilter(), Page(limit=LIST_LIMIT))
    deactivated = request.query_params.get("deactivated")
    may_change = principal.has_role(Role.SUPER_ADMIN)
    return office_page(
        "dashboard/staff.html",
        request,
        principal,
        refusal=refusal,
        members=members,
        total=total,
        roles=ROLE_LABELS,
        role_choices=[(role.value, translate(label)) for role, label in ROLE_LABELS.items()],
        may_change=may_change,
        demand=await staff.load_demand(look),
        demand_choices=[(code, translate(label)) for code, label in DEMAND_WORDS.items()],
        invitations=await list_invited(look) if may_change else [],
        house_choices=[("", translate("Every house")), *await list_houses(look)],
        told=request.query_params.get("told", ""),
        now=look.now,
        can_write=await notices.load_smtp(look) is not None,
        just_left=next((m for m in members if m.id == deactivated and not m.is_active), None),
        invited=invited or InviteForm(),
    )


async def list_invited(look: Look) -> list[tuple[staff.Invitation, str]]:
    """Open invitations with the path of their links, which owners hand over where no mail goes."""
    found = await staff.list_invitations(look)
    return [(one, f"/invite/{staff.token_of(look, one)}") for one in found]


async def list_houses(look: Look) -> list[tuple[str, str]]:
    return [(house.id, house.name) for house in await locations.list_houses(look)]
