"""The staff list: who works here, what they may do, and letting go."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import PathParameter, URLEncodedBody

from basis.errors import DomainError
from kitchenasty import accounts, staff
from kitchenasty.dashboard.shell import ROLE_LABELS, shell_of
from kitchenasty.kit.data.paging import Page
from kitchenasty.kit.data.work import Look
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.i18n import say, translate
from kitchenasty.kit.http.visits import entrance_of, visit_of
from kitchenasty.kit.http.web import Actor, Reading, WebRequest, Work, back_to, page, status_of
from kitchenasty.kit.http.wire import Form
from kitchenasty.kit.principals import Principal, Role

LIST_LIMIT = 200
Line = Annotated[str, msgspec.Meta(max_length=500)]


class NewMemberForm(Form):
    VERBATIM = frozenset({"password"})

    email: Line = ""
    name: Line = ""
    password: Line = ""
    role: Role = Role.STAFF


class RoleForm(msgspec.Struct):
    role: Role


StaffId = Annotated[str, PathParameter(max_length=64)]


class StaffPages(Controller):
    path = "/admin/staff"
    include_in_schema = False

    @get("/", opt=access(Access.MANAGER))
    async def show_staff(
        self, request: WebRequest, look: Reading, principal: Actor
    ) -> Response[Any]:
        return await show(request, look, principal)

    @post("/", opt=access(Access.SUPER_ADMIN))
    async def add_member(
        self, request: WebRequest, principal: Actor, data: URLEncodedBody[NewMemberForm]
    ) -> Response[Any]:
        newcomer = staff.NewMember(email=data.email, name=data.name, role=data.role)
        entrance = entrance_of(request)
        visit = visit_of(request, principal)
        try:
            await accounts.register_member(entrance, visit, newcomer, data.password)
        except DomainError as refusal:
            async with entrance.books.reading(principal) as look:
                return await show(request, look, principal, refusal=refusal, form=data)
        return back_to("/admin/staff")

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
    form: NewMemberForm | None = None,
) -> Response[Any]:
    members, total = await staff.list_members(look, staff.StaffFilter(), Page(limit=LIST_LIMIT))
    deactivated = request.query_params.get("deactivated")
    return page(
        "dashboard/staff.html",
        status_code=200 if refusal is None else status_of(refusal),
        shell=shell_of(request, principal),
        principal=principal,
        members=members,
        total=total,
        roles=ROLE_LABELS,
        role_choices=[(role.value, translate(label)) for role, label in ROLE_LABELS.items()],
        may_change=principal.has_role(Role.SUPER_ADMIN),
        just_left=next((m for m in members if m.id == deactivated and not m.is_active), None),
        refusal=None if refusal is None else say(refusal),
        form=form or NewMemberForm(),
    )
