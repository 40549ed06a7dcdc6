"""The site as one process knows it, for every page that it shows.

Before a page is made, the books are asked for two numbers; only when one has moved on is the site
read anew. So a change is on the next page, whichever process shows it, and a page costs one small
statement more. While the books cannot be reached, the last that was known stands.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Receive, Scope, Send

from basis.kit.data.database import DatabaseAway
from kitchenasty.content.current import current_site
from kitchenasty.content.looks import Site
from kitchenasty.content.queries import load_site, site_stamp
from kitchenasty.kit.books import Books, Look

Facts = Mapping[str, Callable[[Look], Awaitable[Any]]]
PAGELESS = ("/api/", "/static/", "/uploads/", "/style.css", "/live", "/socket.io", "/metrics")


class KnownSite:
    """Plain ASGI around all pages, those of refusals and unknown addresses too. `facts` of other
    slices are read with the site; whoever changes one calls `content.move_on`.
    """

    def __init__(self, app: ASGIApp, books: Books, *, facts: Facts) -> None:
        self._app = app
        self._books = books
        self._facts = facts
        self._site = Site()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP or scope["path"].startswith(PAGELESS):
            await self._app(scope, receive, send)
            return
        token = current_site.set(await self._current())
        try:
            await self._app(scope, receive, send)
        finally:
            current_site.reset(token)

    async def _current(self) -> Site:
        try:
            async with self._books.reading() as look:
                if await site_stamp(look) != (self._site.version, self._site.revision):
                    # The site first: should it move on meanwhile, the next page reads all anew.
                    site = await load_site(look)
                    told = {name: await fact(look) for name, fact in self._facts.items()}
                    self._site = replace(site, told=told)
        except DatabaseAway:
            return self._site
        return self._site
