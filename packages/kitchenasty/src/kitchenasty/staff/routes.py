"""The API's staff doors."""

from __future__ import annotations

from typing import Annotated

import msgspec
from litestar import delete, get, patch
from litestar.params import FromQuery, JSONBody, PathParameter, QueryParameter

from basis.kit.data.paging import Page
from basis.kit.http.api import ApiController
from basis.kit.http.wire import Envelope, WireStruct, listed, ok
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.web import Reading, Work
from kitchenasty.kit.principals import Role
from kitchenasty.staff import service
from kitchenasty.staff.people import StaffFilter
from kitchenasty.staff.schemas import StaffPatch, StaffView

StaffId = Annotated[str, PathParameter(max_length=64)]
Search = Annotated[str | None, QueryParameter(max_length=100)]
IsActive = Annotated[bool | None, QueryParameter(name="isActive")]


class Deactivated(WireStruct):
    message: str = msgspec.field(default="Staff member deactivated")


class StaffApi(ApiController):
    path = "/api/staff"
    tags = ["Staff"]

    @get(opt=access(Access.MANAGER), operation_id="ListStaff")
    async def list_staff(
        self,
        look: Reading,
        page: FromQuery[int] = 1,
        limit: FromQuery[int] = 20,
        role: FromQuery[Role | None] = None,
        search: Search = None,
        is_active: IsActive = None,
    ) -> Envelope[list[StaffView]]:
        """The staff by name."""
        wanted = StaffFilter(role=role, is_active=is_active, search=search)
        shown = Page.of(page, limit)
        members, total = await service.list_members(look, wanted, shown)
        views = [StaffView.of(member) for member in members]
        return listed(views, page=shown.number, limit=shown.limit, total=total)

    @get("/{staff_id:str}", opt=access(Access.MANAGER), operation_id="ShowMember")
    async def show_member(self, look: Reading, staff_id: StaffId) -> Envelope[StaffView]:
        """One of the staff."""
        return ok(StaffView.of(await service.load_colleague(look, staff_id)))

    @patch("/{staff_id:str}", opt=access(Access.SUPER_ADMIN), operation_id="ChangeMember")
    async def change_member(
        self, uow: Work, staff_id: StaffId, data: JSONBody[StaffPatch]
    ) -> Envelope[StaffView]:
        """Change somebody's name, phone, role, house or activity; effective with their next click.

        One's own role and activity are refused, and the last owner stays.
        """
        return ok(StaffView.of(await service.change_member(uow, staff_id, data.to_changes())))

    @delete(
        "/{staff_id:str}",
        opt=access(Access.SUPER_ADMIN),
        status_code=200,
        operation_id="DeactivateMember",
    )
    async def deactivate_member(self, uow: Work, staff_id: StaffId) -> Envelope[Deactivated]:
        """Deactivate somebody: histories keep naming them, so nobody is deleted."""
        await service.change_member(uow, staff_id, {"is_active": False})
        return ok(Deactivated())
