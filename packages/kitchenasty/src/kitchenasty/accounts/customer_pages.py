"""A guest's account: opening it, its page, and the links of letters. It works without script."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import PathParameter, URLEncodedBody

from basis.errors import DomainError
from basis.kit.http.wire import Form
from kitchenasty import guests
from kitchenasty.accounts import moving, recovery, service
from kitchenasty.accounts.links import find_link
from kitchenasty.accounts.pages import Line, welcome
from kitchenasty.accounts.rules import Purpose
from kitchenasty.kit.books import Look
from kitchenasty.kit.http.access import Access, SignInNeeded, access
from kitchenasty.kit.http.local_paths import local_path
from kitchenasty.kit.http.visits import entrance_of, visit_of
from kitchenasty.kit.http.web import Actor, Reading, WebRequest, Work, back_to, page
from kitchenasty.kit.identity.links import TOKEN_LENGTH_MAX
from kitchenasty.kit.principals import Principal

Token = Annotated[str, PathParameter(max_length=TOKEN_LENGTH_MAX)]
OPENED = "/account?told=opened"


class RegisterForm(Form):
    VERBATIM = frozenset({"password", "next"})

    name: Line = ""
    email: Line = ""
    phone: Line = ""
    password: Line = ""
    next: Annotated[str, msgspec.Meta(max_length=2_000)] = ""


class EmailForm(Form):
    email: Line = ""


class NewPasswordForm(Form):
    VERBATIM = frozenset({"password"})

    password: Line = ""


class ChangePasswordForm(Form):
    VERBATIM = frozenset({"current", "password"})

    current: Line = ""
    password: Line = ""


class ProfileForm(Form):
    name: Line = ""
    phone: Line = ""


class MoveForm(Form):
    VERBATIM = frozenset({"known"})

    email: Line = ""
    known: Line = ""


class CustomerPages(Controller):
    include_in_schema = False

    @get("/register", opt=access(Access.PUBLIC))
    async def show_register(self, request: WebRequest, principal: Actor) -> Response[Any]:
        if principal.is_customer:
            return back_to("/account")
        wanted = local_path(request.query_params.get("next"), otherwise="")
        return page("accounts/register.html", form=RegisterForm(next=wanted))

    @post("/register", opt=access(Access.PUBLIC))
    async def register(
        self, request: WebRequest, principal: Actor, data: URLEncodedBody[RegisterForm]
    ) -> Response[Any]:
        newcomer = guests.NewGuest(email=data.email, name=data.name, phone=data.phone)
        visit = visit_of(request, principal)
        try:
            _, signed_in = await service.register_guest(
                entrance_of(request), visit, newcomer, data.password
            )
        except DomainError as refusal:
            return page("accounts/register.html", refusal=refusal, form=data)
        return welcome(request, signed_in, local_path(data.next or None, otherwise=OPENED))

    @get("/account", opt=access(Access.CUSTOMER))
    async def show_account(
        self, request: WebRequest, look: Reading, principal: Actor
    ) -> Response[Any]:
        return await show(request, look, principal)

    @post("/account", opt=access(Access.CUSTOMER))
    async def change_profile(
        self, request: WebRequest, uow: Work, principal: Actor, data: URLEncodedBody[ProfileForm]
    ) -> Response[Any]:
        try:
            await guests.change_profile(uow, id_of(principal), name=data.name, phone=data.phone)
        except guests.GuestDetailsRefused as refusal:
            return await show(request, uow, principal, refusal=refusal)
        return back_to("/account?told=saved")

    @post("/account/confirm", opt=access(Access.CUSTOMER))
    async def ask_again(self, request: WebRequest, principal: Actor) -> Response[Any]:
        await recovery.ask_again(entrance_of(request), visit_of(request, principal))
        return back_to("/account?told=asked")

    @post("/account/password", opt=access(Access.CUSTOMER))
    async def change_password(
        self, request: WebRequest, principal: Actor, data: URLEncodedBody[ChangePasswordForm]
    ) -> Response[Any]:
        entrance, visit = entrance_of(request), visit_of(request, principal)
        try:
            signed_in = await recovery.change_password(
                entrance, visit, current=data.current, password=data.password
            )
        except DomainError as refusal:
            async with entrance.books.reading(principal) as look:
                return await show(request, look, principal, refusal=refusal)
        return welcome(request, signed_in, "/account?told=password")

    @post("/account/email", opt=access(Access.CUSTOMER))
    async def ask_to_move(
        self, request: WebRequest, principal: Actor, data: URLEncodedBody[MoveForm]
    ) -> Response[Any]:
        entrance, visit = entrance_of(request), visit_of(request, principal)
        try:
            await moving.ask_to_move(entrance, visit, current=data.known, email=data.email)
        except DomainError as refusal:
            async with entrance.books.reading(principal) as look:
                return await show(request, look, principal, refusal=refusal)
        return back_to("/account?told=moving")

    @get("/move/{token:str}", opt=access(Access.PUBLIC))
    async def show_move(self, look: Reading, token: Token) -> Response[Any]:
        """Asks before it does it, as /confirm does."""
        return await show_link(look, token, Purpose.MOVE, "accounts/move.html")

    @post("/move/{token:str}", opt=access(Access.PUBLIC))
    async def move(self, uow: Work, principal: Actor, token: Token) -> Response[Any]:
        guest = await moving.move(uow, token)
        if principal.id == guest.id:
            return back_to("/account?told=moved")
        return page("accounts/move.html", token=token, email=guest.email)

    @get("/forgotten", opt=access(Access.PUBLIC))
    async def show_forgotten(self, request: WebRequest) -> Response[Any]:
        return page("accounts/forgotten.html", email="", can_write=can_write(request))

    @post("/forgotten", opt=access(Access.PUBLIC), status_code=200)
    async def forget(
        self, request: WebRequest, principal: Actor, data: URLEncodedBody[EmailForm]
    ) -> Response[Any]:
        """The same page for every address, whether it has an account or not."""
        writes = can_write(request)
        try:
            await recovery.ask_for_reset(
                entrance_of(request), visit_of(request, principal), data.email
            )
        except DomainError as refusal:
            return page(
                "accounts/forgotten.html", refusal=refusal, email=data.email, can_write=writes
            )
        return page("accounts/forgotten.html", email=data.email, can_write=writes, is_asked=True)

    @get("/confirm/{token:str}", opt=access(Access.PUBLIC))
    async def show_confirm(self, look: Reading, token: Token) -> Response[Any]:
        """Asks before it does it: programs that look through letters open every link."""
        return await show_link(look, token, Purpose.CONFIRM, "accounts/confirm.html")

    @post("/confirm/{token:str}", opt=access(Access.PUBLIC))
    async def confirm(self, uow: Work, principal: Actor, token: Token) -> Response[Any]:
        guest = await recovery.confirm(uow, token)
        if principal.id == guest.id:
            return back_to("/account?told=confirmed")
        return page("accounts/confirm.html", token=token, is_confirmed=True)

    @get("/reset/{token:str}", opt=access(Access.PUBLIC))
    async def show_reset(self, look: Reading, token: Token) -> Response[Any]:
        return await show_link(look, token, Purpose.RESET, "accounts/reset.html")

    @post("/reset/{token:str}", opt=access(Access.PUBLIC))
    async def reset(
        self,
        request: WebRequest,
        principal: Actor,
        token: Token,
        data: URLEncodedBody[NewPasswordForm],
    ) -> Response[Any]:
        visit = visit_of(request, principal)
        try:
            signed_in = await recovery.reset_password(
                entrance_of(request), visit, token, data.password
            )
        except DomainError as refusal:
            return page("accounts/reset.html", refusal=refusal, action=f"/reset/{token}")
        return welcome(request, signed_in, "/account?told=password")


async def show_link(look: Look, token: str, purpose: Purpose, template: str) -> Response[Any]:
    """The page of a letter's link. Raises LinkSpent."""
    await find_link(look, token, purpose)
    answer = page(template, token=token, action=f"/reset/{token}")
    answer.headers = {"Cache-Control": "no-store"}
    return answer


async def show(
    request: WebRequest, look: Look, principal: Principal, *, refusal: DomainError | None = None
) -> Response[Any]:
    return page(
        "accounts/account.html",
        refusal=refusal,
        guest=await guests.load_guest(look, id_of(principal)),
        has_password=await guests.has_password(look, id_of(principal)),
        told=request.query_params.get("told", ""),
        can_write=can_write(request),
    )


def id_of(principal: Principal) -> str:
    """Raises SignInNeeded."""
    if principal.id is None:
        raise SignInNeeded("Authentication required")
    return principal.id


def can_write(request: WebRequest) -> bool:
    """Whether letters leave this house: no page says that one is on its way when none can be."""
    return request.app.state.standing.told["smtp"] is not None
