"""Where the proxy gets its wishes: a door on the loopback, for whoever knows the password.

It also answers the challenges of certificates, and the question whether the proxy obeys.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Mapping
from typing import Any

import msgspec
from aiohttp import web

from orca.edge.configuring import CHALLENGES

JSON = "application/json"


class Feed:
    """What is wished for now. Before anything is, it says that it does not know: the proxy keeps
    what it does.
    """

    def __init__(self, password: str, port: int) -> None:
        self._password = password
        self._port = port
        self._wish: bytes | None = None
        self._challenges: Mapping[str, str] = {}
        self._runner: web.AppRunner | None = None
        self.proof = secrets.token_urlsafe(16)
        """What only we say: whoever else has the port of the proxy does not know it."""

    def tell(self, wish: Any, challenges: Mapping[str, str]) -> None:
        self._wish = msgspec.json.encode(wish)
        self._challenges = dict(challenges)

    async def start(self) -> None:
        """Raises OSError."""
        app = web.Application()
        app.add_routes(
            [
                web.get("/wish", self._show_wish),
                web.get("/obeys/{number}", self._obeys),
                web.get(CHALLENGES + "{token}", self._answer),
            ]
        )
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port).start()

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    async def _show_wish(self, request: web.Request) -> web.Response:
        given = request.headers.get("authorization", "")
        if not hmac.compare_digest(given.encode(), self._password.encode()):
            raise web.HTTPForbidden
        if self._wish is None:
            raise web.HTTPServiceUnavailable
        return web.Response(body=self._wish, content_type=JSON)

    async def _obeys(self, _request: web.Request) -> web.Response:
        return web.Response(text=self.proof)

    async def _answer(self, request: web.Request) -> web.Response:
        said = self._challenges.get(request.match_info["token"])
        if said is None:
            raise web.HTTPNotFound
        return web.Response(text=said)
