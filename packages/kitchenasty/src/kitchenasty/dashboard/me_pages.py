"""One's own page in the office: name and phone, password, and where one is signed in."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import PathParameter, URLEncodedBody

from basis.errors import DomainError
from basis.kit.http.wire import Form
from kitchenasty import accounts, locations, staff
from kitchenasty.dashboard.shell import office_page
from kitchenasty.kit.books import Look, UnitOfWork
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.keeping import keep_or_show_again
from kitchenasty.kit.http.visits import cookies_for, entrance_of, visit_of
from kitchenasty.kit.http.web import (
    Actor,
    Reading,
    WebRequest,
    Work,
    back_to,
)
from kitchenasty.kit.identity import signed_in
from kitchenasty.kit.principals import Kind, Principal

HERE = "/admin/me"
Line = Annotated[str, msgspec.Meta(max_length=500)]
SessionId = Annotated[str, PathParameter(max_length=64)]


class ProfileForm(Form):
    name: Line = ""
    phone: Line = ""


class PasswordForm(Form):
    VERBATIM = frozenset({"current", "password"})

    current: Line = ""
    password: Line = ""


class MePages(Controller):
    path = HERE
    include_in_schema = False
    opt = access(Access.STAFF)

    @get("/")
    async def show_me(self, request: WebRequest, look: Reading, principal: Actor) -> Response[Any]:
        return await show(request, look, principal)

    @post("/")
    async def change_profile(
        self, request: WebRequest, principal: Actor, data: URLEncodedBody[ProfileForm]
    ) -> Response[Any]:
        return await keep_or_show_again(
            request,
            principal,
            lambda uow: change(uow, data),
            lambda look, said: show(request, look, principal, refusal=said, form=data),
        )

    @post("/password")
    async def change_password(
        self, request: WebRequest, principal: Actor, data: URLEncodedBody[PasswordForm]
    ) -> Response[Any]:
        try:
            session = await accounts.change_staff_password(
                entrance_of(request),
                visit_of(request, principal),
                current=data.current,
                password=data.password,
            )
        except DomainError as refusal:
            async with entrance_of(request).books.reading(principal) as look:
                return await show(request, look, principal, refusal=refusal)
        answer: Response[Any] = back_to(f"{HERE}?told=password")
        answer.cookies.extend(cookies_for(request, token=session.token, device=session.device))
        return answer

    @post("/sessions/end")
    async def end_others(self, uow: Work, principal: Actor) -> Response[Any]:
        kept = principal.session_id or ""
        await accounts.end_other_places(uow, Kind.STAFF, principal.id or "", kept)
        return back_to(f"{HERE}?told=others")

    @post("/sessions/{session_id:str}/end")
    async def end_one(self, uow: Work, principal: Actor, session_id: SessionId) -> Response[Any]:
        await accounts.end_place(uow, Kind.STAFF, principal.id or "", session_id)
        return back_to(f"{HERE}?told=ended")


async def change(uow: UnitOfWork, form: ProfileForm) -> str:
    await staff.change_profile(uow, name=form.name, phone=form.phone)
    return f"{HERE}?told=saved"


async def show(
    request: WebRequest,
    look: Look,
    principal: Principal,
    *,
    refusal: DomainError | None = None,
    form: ProfileForm | None = None,
) -> Response[Any]:
    own_id = principal.id or ""
    member = await staff.load_member(look, own_id)
    houses = await locations.list_houses(look)
    return office_page(
        "dashboard/me.html",
        request,
        principal,
        refusal=refusal,
        member=member,
        form=form or ProfileForm(name=member.name, phone=member.phone or ""),
        places=await signed_in.list_places(look, subject_kind=Kind.STAFF, subject_id=own_id),
        has_factor=await staff.has_second_factor(look, own_id),
        kitchens=[house for house in houses if principal.may_see_house(house.id)],
        told=request.query_params.get("told", ""),
    )
