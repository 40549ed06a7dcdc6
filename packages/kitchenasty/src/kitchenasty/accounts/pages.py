"""The pages where people come in and go out. They work without script."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import URLEncodedBody

from basis.errors import DomainError
from basis.kit.http.wire import Form
from kitchenasty import staff
from kitchenasty.accounts import second_step, service
from kitchenasty.kit.http.access import Access, access, credentials_of
from kitchenasty.kit.http.local_paths import local_path
from kitchenasty.kit.http.visits import cookies_for, entrance_of, spent_cookie, visit_of
from kitchenasty.kit.http.web import Actor, Reading, WebRequest, Work, back_to, page
from kitchenasty.kit.identity.sign_in import CodeNeeded
from kitchenasty.kit.principals import ANONYMOUS, Kind

START_OF = {Kind.STAFF: "/admin", Kind.CUSTOMER: "/"}
Line = Annotated[str, msgspec.Meta(max_length=500)]


class SignInForm(Form):
    VERBATIM = frozenset({"password", "next"})

    email: Line = ""
    password: Line = ""
    next: Annotated[str, msgspec.Meta(max_length=2_000)] = ""


class CodeForm(Form):
    VERBATIM = frozenset({"ticket", "next"})

    ticket: Line = ""
    code: Line = ""
    next: Annotated[str, msgspec.Meta(max_length=2_000)] = ""


class SetUpForm(Form):
    VERBATIM = frozenset({"password"})

    code: Line = ""
    name: Line = ""
    email: Line = ""
    password: Line = ""


class AccountPages(Controller):
    include_in_schema = False

    @get("/sign-in", opt=access(Access.PUBLIC))
    async def show_sign_in(self, request: WebRequest, principal: Actor) -> Response[Any]:
        wanted = request.query_params.get("next")
        if principal is not ANONYMOUS:
            return back_to(local_path(wanted, otherwise=START_OF.get(principal.kind, "/")))
        shown = with_provider(request, email="", next=local_path(wanted, otherwise=""))
        return page("accounts/sign_in.html", **shown)

    @post("/sign-in", opt=access(Access.PUBLIC))
    async def sign_in(
        self, request: WebRequest, principal: Actor, data: URLEncodedBody[SignInForm]
    ) -> Response[Any]:
        wanted = local_path(data.next or None, otherwise="")
        entrance, visit = entrance_of(request), visit_of(request, principal)
        try:
            account = await service.check_password(
                entrance, visit, email=data.email, password=data.password, kinds=tuple(START_OF)
            )
            signed_in = await second_step.finish(entrance, visit, account, None)
        except CodeNeeded:
            async with entrance.books.reading() as look:
                return ask_for_code(second_step.make_ticket(look, account), wanted)
        except DomainError as refusal:
            shown = with_provider(request, email=data.email, next=wanted)
            return page("accounts/sign_in.html", refusal=refusal, **shown)
        return welcome(request, signed_in, start_of(signed_in, wanted))

    @post("/sign-in/code", opt=access(Access.PUBLIC))
    async def give_code(
        self, request: WebRequest, principal: Actor, data: URLEncodedBody[CodeForm]
    ) -> Response[Any]:
        """The second step, where an account asks for a code."""
        wanted = local_path(data.next or None, otherwise="")
        entrance, visit = entrance_of(request), visit_of(request, principal)
        try:
            signed_in = await second_step.pass_second_step(entrance, visit, data.ticket, data.code)
        except second_step.TicketSpent as refusal:
            shown = with_provider(request, email="", next=wanted)
            return page("accounts/sign_in.html", refusal=refusal, **shown)
        except DomainError as refusal:
            return ask_for_code(data.ticket, wanted, refusal)
        return welcome(request, signed_in, start_of(signed_in, wanted))

    @post("/sign-out", opt=access(Access.PUBLIC))
    async def sign_out(self, request: WebRequest, uow: Work) -> Response[Any]:
        token, door = credentials_of(request)
        if token is not None:
            await service.sign_out(uow, token, door)
        response: Response[Any] = back_to("/sign-in")
        response.cookies.append(spent_cookie(request))
        return response

    @get("/setup", opt=access(Access.PUBLIC))
    async def show_set_up(self, look: Reading) -> Response[Any]:
        if await staff.has_staff(look):
            return back_to("/sign-in")
        return page("accounts/set_up.html", form=SetUpForm())

    @post("/setup", opt=access(Access.PUBLIC))
    async def set_up(
        self, request: WebRequest, principal: Actor, data: URLEncodedBody[SetUpForm]
    ) -> Response[Any]:
        try:
            signed_in = await service.set_up(
                entrance_of(request),
                visit_of(request, principal),
                data.code,
                email=data.email,
                name=data.name,
                password=data.password,
            )
        except DomainError as refusal:
            return page("accounts/set_up.html", refusal=refusal, form=data)
        return welcome(request, signed_in, "/admin")


def with_provider(request: WebRequest, **context: Any) -> dict[str, Any]:
    """What the sign-in shows, and the name of the provider by which guests may come in, too."""
    return {**context, "provider": request.app.state.standing.told["openid"]}


def start_of(signed_in: service.SignedIn, wanted: str) -> str:
    return wanted or START_OF[signed_in.kind]


def welcome(request: WebRequest, signed_in: service.SignedIn, path: str) -> Response[Any]:
    """On to `path` with a session of one's own."""
    response: Response[Any] = back_to(path)
    response.cookies.extend(cookies_for(request, token=signed_in.token, device=signed_in.device))
    return response


def ask_for_code(ticket: str, wanted: str, refusal: DomainError | None = None) -> Response[Any]:
    """The form of the second step; no browser keeps it."""
    shown: dict[str, Any] = {"ticket": ticket, "next": wanted}
    template = "accounts/second_step.html"
    answer = page(template, refusal=refusal, **shown)
    answer.headers["Cache-Control"] = "no-store"
    return answer
