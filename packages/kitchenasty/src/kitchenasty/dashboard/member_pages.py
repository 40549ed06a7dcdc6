"""One of the staff: who they are, where they work, where they are signed in."""

from __future__ import annotations

from typing import Annotated, Any

from litestar import Controller, Response, get, post
from litestar.params import PathParameter

from basis.errors import DomainError
from kitchenasty import accounts, locations, staff
from kitchenasty.dashboard.order_pages import list_own_houses
from kitchenasty.dashboard.shell import ROLE_LABELS, office_page
from kitchenasty.kit.books import Look, UnitOfWork
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.keeping import keep_or_show_again
from kitchenasty.kit.http.web import (
    Actor,
    Reading,
    WebRequest,
    Work,
    back_to,
)
from kitchenasty.kit.identity import signed_in
from kitchenasty.kit.principals import Kind, Principal, Role

StaffId = Annotated[str, PathParameter(max_length=64)]
SessionId = Annotated[str, PathParameter(max_length=64)]
EVERY = "every"
"""What the box for every house sends."""


class MemberPages(Controller):
    path = "/admin/staff/{staff_id:str}"
    include_in_schema = False

    @get("/", opt=access(Access.MANAGER))
    async def show_member(
        self, request: WebRequest, look: Reading, principal: Actor, staff_id: StaffId
    ) -> Response[Any]:
        return await show(request, look, principal, staff_id)

    @post("/houses", opt=access(Access.MANAGER))
    async def change_houses(
        self, request: WebRequest, principal: Actor, staff_id: StaffId
    ) -> Response[Any]:
        """Houses that whoever asks does not work in stay as they are."""
        ticked = {str(one) for one in (await request.form()).getall("house", [])}
        return await keep_or_show_again(
            request,
            principal,
            lambda uow: move(uow, staff_id, ticked),
            lambda look, said: show(request, look, principal, staff_id, refusal=said),
        )

    @post("/sessions/end", opt=access(Access.SUPER_ADMIN))
    async def end_sessions(self, uow: Work, staff_id: StaffId) -> Response[Any]:
        member = await staff.load_member(uow, staff_id)
        await accounts.end_every_place(uow, Kind.STAFF, member.id)
        return back_to(f"/admin/staff/{staff_id}?told=ended")

    @post("/sessions/{session_id:str}/end", opt=access(Access.SUPER_ADMIN))
    async def end_session(
        self, uow: Work, staff_id: StaffId, session_id: SessionId
    ) -> Response[Any]:
        member = await staff.load_member(uow, staff_id)
        await accounts.end_place(uow, Kind.STAFF, member.id, session_id)
        return back_to(f"/admin/staff/{staff_id}?told=ended")

    @post("/second-factor/reset", opt=access(Access.SUPER_ADMIN))
    async def reset_second_factor(self, uow: Work, staff_id: StaffId) -> Response[Any]:
        """For somebody who lost the phone and the paper."""
        await staff.drop_second_factor(uow, staff_id)
        return back_to(f"/admin/staff/{staff_id}?told=factor")


async def move(uow: UnitOfWork, staff_id: str, ticked: set[str]) -> str:
    member = await staff.load_colleague(uow, staff_id)
    own = {house.id for house in await list_own_houses(uow, uow.actor)}
    await staff.move_member(uow, staff_id, wanted_of(member, ticked, own))
    return f"/admin/staff/{staff_id}?told=houses"


def wanted_of(member: staff.Member, ticked: set[str], own: set[str]) -> list[str] | None:
    """Where somebody is to work, when of the houses `own` those that are ticked were chosen."""
    if EVERY in ticked:
        return None
    elsewhere = set(member.house_ids or ()) - own
    return sorted(elsewhere | (ticked & own))


async def show(
    request: WebRequest,
    look: Look,
    principal: Principal,
    staff_id: str,
    *,
    refusal: DomainError | None = None,
) -> Response[Any]:
    """Raises StaffMemberNotFound."""
    member = await staff.load_colleague(look, staff_id)
    return office_page(
        "dashboard/member.html",
        request,
        principal,
        refusal=refusal,
        member=member,
        role_label=ROLE_LABELS[member.role],
        houses=await list_own_houses(look, principal),
        other_houses=await count_others(look, member, principal),
        may_move=may_move(principal, member),
        every=EVERY,
        places=await list_places(look, principal, member),
        has_factor=await staff.has_second_factor(look, member.id),
        told=request.query_params.get("told", ""),
    )


def may_move(principal: Principal, member: staff.Member) -> bool:
    if member.id == principal.id or member.role is Role.SUPER_ADMIN:
        return False
    if principal.has_role(Role.SUPER_ADMIN):
        return True
    sees_all = principal.house_ids is None or member.house_ids is not None
    return member.role is Role.STAFF and sees_all


async def list_places(
    look: Look, principal: Principal, member: staff.Member
) -> list[signed_in.Place]:
    """Where a member is signed in, which owners may know."""
    if not principal.has_role(Role.SUPER_ADMIN):
        return []
    return await signed_in.list_places(look, subject_kind=Kind.STAFF, subject_id=member.id)


async def count_others(look: Look, member: staff.Member, principal: Principal) -> int:
    """In how many houses somebody works that whoever looks does not."""
    if principal.house_ids is None or member.house_ids is None:
        return 0
    there = {house.id for house in await locations.list_houses(look, only_active=False)}
    return len((set(member.house_ids) & there) - principal.house_ids)
