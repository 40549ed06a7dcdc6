"""Real receivers on this machine: a web server and a mail server, well or ill as a test wants."""

from __future__ import annotations

import asyncio
import warnings
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword

USER, PASSWORD = "orca", "nine small onions"


@dataclass
class Hook:
    """What came in: the headers and the body of each call. `status` is what is answered."""

    address: str = ""
    status: int = 204
    calls: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    at_call: Callable[[], None] | None = None
    """What happens when it has heard, and has not answered yet."""

    async def take(self, request: web.Request) -> web.Response:
        self.calls.append((dict(request.headers), await request.read()))
        if self.at_call is not None:
            self.at_call()
        return web.Response(status=self.status)


@asynccontextmanager
async def open_hook() -> AsyncIterator[Hook]:
    hook = Hook()
    app = web.Application()
    app.router.add_post("/hook", hook.take)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    hook.address = f"http://{host}:{port}/hook"
    yield hook
    await runner.cleanup()


@dataclass
class Post:
    """Letters as they came, and to whom."""

    port: int = 0
    letters: list[tuple[list[str], str]] = field(default_factory=list)

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.content
        assert isinstance(content, bytes)
        self.letters.append(([*envelope.rcpt_tos], content.decode()))
        return "250 taken"

    def check(self, *said: Any) -> AuthResult:
        is_known = said[-1] == LoginPassword(USER.encode(), PASSWORD.encode())
        return AuthResult(success=is_known, handled=False)


@asynccontextmanager
async def open_post() -> AsyncIterator[Post]:
    post = Post()

    def answer() -> SMTP:
        with warnings.catch_warnings():
            # It would rather not be asked for a password without TLS; here nobody listens.
            warnings.simplefilter("ignore", UserWarning)
            return SMTP(
                post,
                hostname="mail.example",
                authenticator=post.check,
                auth_required=True,
                auth_require_tls=False,
            )

    loop = asyncio.get_running_loop()
    listening = await loop.create_server(answer, "127.0.0.1", 0)
    post.port = listening.sockets[0].getsockname()[1]
    yield post
    listening.close()
    await listening.wait_closed()
