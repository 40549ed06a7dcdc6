"""Where somebody who was invited chooses a name and a password. It works without script."""

from __future__ import annotations

from typing import Annotated, Any

from litestar import Controller, Response, get, post
from litestar.params import PathParameter, URLEncodedBody

from basis.errors import DomainError
from basis.kit.http.wire import Form
from kitchenasty import staff
from kitchenasty.accounts import service
from kitchenasty.accounts.pages import START_OF, Line
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.visits import cookies_for, entrance_of, visit_of
from kitchenasty.kit.http.web import Actor, Reading, WebRequest, back_to, page

Token = Annotated[str, PathParameter(max_length=staff.TOKEN_LENGTH_MAX)]
TEMPLATE = "accounts/invited.html"


class JoinForm(Form):
    VERBATIM = frozenset({"password"})

    name: Line = ""
    password: Line = ""


class InvitationPages(Controller):
    path = "/invite/{token:str}"
    include_in_schema = False

    @get("/", opt=access(Access.PUBLIC))
    async def show(self, look: Reading, token: Token) -> Response[Any]:
        invitation = await staff.find_invitation(look, token)
        answer = page(TEMPLATE, token=token, email=invitation.email, name=invitation.name or "")
        answer.headers = {"Cache-Control": "no-store"}
        return answer

    @post("/", opt=access(Access.PUBLIC))
    async def join(
        self, request: WebRequest, principal: Actor, token: Token, data: URLEncodedBody[JoinForm]
    ) -> Response[Any]:
        entrance = entrance_of(request)
        try:
            signed_in = await service.join_staff(
                entrance,
                visit_of(request, principal),
                token,
                name=data.name,
                password=data.password,
            )
        except staff.InvitationSpent:
            raise
        except DomainError as refusal:
            async with entrance.books.reading() as look:
                email = (await staff.find_invitation(look, token)).email
            return page(TEMPLATE, refusal=refusal, token=token, email=email, name=data.name)
        answer: Response[Any] = back_to(START_OF[signed_in.kind])
        answer.cookies.extend(cookies_for(request, token=signed_in.token, device=signed_in.device))
        return answer
