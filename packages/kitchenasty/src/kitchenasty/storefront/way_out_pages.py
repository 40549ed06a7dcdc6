"""Where somebody asks for no more advertising by mail, by the link in a letter.

Opening the link changes nothing, since programs that look for evil links open it too. Mail programs
press the button themselves by a POST to the same address (RFC 8058).
"""

from __future__ import annotations

from typing import Annotated, Any

from litestar import Controller, Response, get, post
from litestar.params import PathParameter

from kitchenasty import notices
from kitchenasty.kit.books import Look
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.web import Reading, Work, back_to, page

Token = Annotated[str, PathParameter(max_length=100)]
NO_STORE = {"cache-control": "no-store", "x-robots-tag": "noindex"}


class WayOutPages(Controller):
    path = "/u/{token:str}"
    include_in_schema = False
    opt = access(Access.PUBLIC)
    response_headers = NO_STORE

    @get()
    async def show(self, look: Reading, token: Token) -> Response[Any]:
        return await show_state(look, token)

    @post(status_code=200)
    async def stop(self, uow: Work, token: Token) -> Response[Any]:
        """Done at once: that is what the law and mail programs ask for."""
        await notices.stop_advertising(uow, token)
        return await show_state(uow, token)

    @post("/undo", status_code=303)
    async def allow(self, uow: Work, token: Token) -> Response[Any]:
        await notices.allow_advertising(uow, token)
        return back_to(f"/u/{token}")


async def show_state(look: Look, token: str) -> Response[Any]:
    """Raises WayOutNotFound."""
    is_free = await notices.wants_advertising(look, token)
    return page("storefront/way_out.html", token=token, is_stopped=not is_free)
