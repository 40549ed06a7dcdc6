"""The menu that is known to be current, answered before the router looks at the question.

It is what a house is asked most, and finding the door, its guard and its parameters costs more than
the answer. Plain ASGI below the edge; whatever is not exactly this question goes on to the router.
"""

from __future__ import annotations

import re

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Receive, Scope, Send

from basis.kit.limits import Limits, address_key
from kitchenasty.kit.limits import GENERAL_PER_ADDRESS
from kitchenasty.menu.answers import Answer, MenuAnswers

PATH = "/api/menu"
QUESTION = re.compile(rb"locationId=([0-9a-f-]{36})")
NOT_MODIFIED, FOUND = 304, 200


class MenuShortcut:
    """Answers `GET /api/menu` for anonymous guests out of what `MenuAnswers` holds fresh."""

    def __init__(self, app: ASGIApp, *, answers: MenuAnswers, limits: Limits) -> None:
        self._app = app
        self._answers = answers
        self._limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP or scope["path"] != PATH or scope["method"] != "GET":
            await self._app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        answer = self._find(scope, headers)
        if answer is None:
            await self._app(scope, receive, send)
            return
        scope["path_template"] = PATH
        await show(send, answer, known=headers.get(b"if-none-match"))

    def _find(self, scope: Scope, headers: dict[bytes, bytes]) -> Answer | None:
        question = QUESTION.fullmatch(scope["query_string"])
        if question is None or b"authorization" in headers:
            return None
        answer = self._answers.fresh(question[1].decode())
        if answer is None or answer.is_old:
            return None
        address: str = scope["state"]["address"]
        verdict = self._limits.take(GENERAL_PER_ADDRESS, address_key(address))
        return answer if verdict.allowed else None


async def show(send: Send, answer: Answer, *, known: bytes | None) -> None:
    """The same answer that the door gives."""
    etag = answer.etag.encode()
    is_known = known is not None and etag in known
    content = b"" if is_known else answer.content
    headers = [(b"etag", etag), (b"cache-control", b"no-cache")]
    if not is_known:
        headers += [
            (b"content-type", b"application/json"),
            (b"content-length", str(len(content)).encode()),
        ]
    status = NOT_MODIFIED if is_known else FOUND
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": content, "more_body": False})
