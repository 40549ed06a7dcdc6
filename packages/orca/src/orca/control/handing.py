"""Doors of the nodes beside their link: a node fetches the context that it was asked to build,
brings the image that it was asked for, and fetches one that it was told to run.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial

from aiohttp import web
from cryptography import x509

from basis.errors import DomainError, Forbidden, NotFound
from orca.contexts import check_image
from orca.control.control import Control
from orca.control.depot import SHA256, Depot
from orca.link import name_in
from orca.planning import wanted_on

PART_BYTES = 1 << 18

MemberOf = Callable[[web.Request], Awaitable[x509.Certificate | None]]
Door = Callable[[str, str, web.Request], Awaitable[web.StreamResponse]]
"""Of a node, for a file, by a request."""


class NotYours(Forbidden):
    """A node that asks for what it was not told to have."""


@dataclass(frozen=True)
class Handing:
    """Who they are is known by their certificate, what they may by what they were asked."""

    control: Control
    depot: Depot
    member_of: MemberOf

    def open(self, router: web.UrlDispatcher) -> None:
        router.add_get("/contexts/{name}", partial(self.enter, self.give_context))
        router.add_get("/images/{name}", partial(self.enter, self.give_image))
        router.add_put("/images/{name}", partial(self.enter, self.take_image))

    async def enter(self, door: Door, request: web.Request) -> web.StreamResponse:
        shown = await self.member_of(request)
        if shown is None:
            return refusal(403, "Only a node of this cluster.")
        try:
            return await door(name_in(shown), request.match_info["name"], request)
        except NotFound as error:
            return refusal(404, str(error))
        except DomainError as error:
            return refusal(403, str(error))

    async def give_context(self, node: str, name: str, _: web.Request) -> web.StreamResponse:
        if not self.depot.may_fetch(node, name):
            raise NotYours(f"{node} was not asked to build this.")
        return web.FileResponse(self.depot.contexts.path_of(name))

    async def give_image(self, node: str, name: str, _: web.Request) -> web.StreamResponse:
        image = SHA256 + name
        state, links = self.control.state, self.control.links
        if all(each.declared.digest != image for each in wanted_on(state, node)):
            raise NotYours(f"{node} was not told to run this.")
        others = [each for each in sorted(links.by_node) if each != node]
        return web.FileResponse(await self.depot.have(links, image, others))

    async def take_image(self, node: str, name: str, request: web.Request) -> web.StreamResponse:
        if not self.depot.may_bring(node, name):
            raise NotYours(f"{node} was not asked for this.")
        parts = request.content.iter_chunked(PART_BYTES)
        await self.depot.images.put(name, aiter(parts), lambda path, _: check_image(path, name))
        return web.json_response({})


def refusal(status: int, words: str) -> web.Response:
    return web.json_response({"refusal": words}, status=status)
