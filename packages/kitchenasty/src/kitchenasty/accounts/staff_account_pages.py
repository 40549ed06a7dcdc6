"""The link of a letter by which somebody of the staff chooses a new password."""

from __future__ import annotations

from typing import Annotated, Any

from litestar import Controller, Response, get, post
from litestar.params import PathParameter, URLEncodedBody

from basis.errors import DomainError
from kitchenasty import staff
from kitchenasty.accounts import staff_password
from kitchenasty.accounts.customer_pages import NewPasswordForm
from kitchenasty.accounts.pages import welcome
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.visits import entrance_of, visit_of
from kitchenasty.kit.http.web import Actor, Reading, WebRequest, back_to, page
from kitchenasty.kit.identity.links import TOKEN_LENGTH_MAX

Token = Annotated[str, PathParameter(max_length=TOKEN_LENGTH_MAX)]


class StaffAccountPages(Controller):
    path = "/renew/{token:str}"
    include_in_schema = False
    opt = access(Access.PUBLIC)

    @get("/")
    async def show_renew(self, look: Reading, token: Token) -> Response[Any]:
        await staff.find_password_link(look, token)
        answer = page("accounts/reset.html", action=f"/renew/{token}")
        answer.headers["Cache-Control"] = "no-store"
        return answer

    @post("/")
    async def renew(
        self,
        request: WebRequest,
        principal: Actor,
        token: Token,
        data: URLEncodedBody[NewPasswordForm],
    ) -> Response[Any]:
        """On into the office; with a second factor first to the sign-in, where its code is asked
        for.
        """
        try:
            session = await staff_password.reset_staff_password(
                entrance_of(request), visit_of(request, principal), token, data.password
            )
        except DomainError as refusal:
            return page("accounts/reset.html", refusal=refusal, action=f"/renew/{token}")
        if session is None:
            return back_to("/sign-in?next=/admin/me")
        return welcome(request, session, "/admin/me?told=password")
