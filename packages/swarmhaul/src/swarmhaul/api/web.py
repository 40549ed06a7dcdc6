"""What stands between HTTP and the slices: refusals, headers, request ids, one line in the log."""

from __future__ import annotations

import time
from typing import Any

import structlog
from litestar import Response
from litestar.enums import MediaType
from litestar.exceptions import HTTPException, ValidationException
from litestar.types import ASGIApp, Message, Receive, Scope, Send
from msgspec import UNSET

from basis.errors import DomainError
from basis.kit.data import constraints
from basis.kit.http.refusing import (
    address_of,
    first_sentence,
    request_id_of,
    status_of,
    waiting_of,
)
from basis.kit.http.wire import ENCODER, Problem
from swarmhaul.api.access import AnyRequest

logger = structlog.get_logger(__name__)

SECURITY_HEADERS = [
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
]
NEVER_KEPT = (b"cache-control", b"no-store")
ASKED_AGAIN = (b"cache-control", b"no-cache")
"""Files of a release: kept, and asked whether they still are what they were."""
SLOW_SECONDS = 1.0


def answer_refusal(_request: AnyRequest, error: DomainError) -> Response[bytes]:
    return refuse(
        status_of(error), error.code, error.sentence, error.details or None, waiting_of(error)
    )


def answer_http_exception(_request: AnyRequest, error: HTTPException) -> Response[bytes]:
    """What the framework refused: unknown paths, wrong methods, parameters that do not fit."""
    code = type(error).__name__.removesuffix("Exception")
    sentence = error.detail
    if isinstance(error, ValidationException):
        sentence = first_sentence(error)
    if error.status_code >= 500:
        sentence = "Something went wrong on our side."
    return refuse(error.status_code, code, sentence, None, dict(error.headers or {}))


def answer_bug(request: AnyRequest, error: Exception) -> Response[bytes]:
    """Nobody's rule said no: our mistake. It is logged under the request id that we show."""
    # The decoder of bodies raises these two bare.
    if isinstance(error, RecursionError):
        return refuse(400, "BodyTooDeep", "The body is nested too deeply.", None, {})
    if isinstance(error, UnicodeDecodeError):
        return refuse(400, "BodyUnreadable", "The body is not UTF-8.", None, {})
    if isinstance(error, constraints.BROKEN) and (refusal := constraints.refusal_of(error)):
        return answer_refusal(request, refusal)
    logger.error("request.failed", path=request.url.path, exc_info=error)
    number = request.scope["state"].get("request_id", "")
    sentence = f"Something went wrong on our side. Tell us this number: {number}"
    return refuse(500, "InternalError", sentence, None, {})


def refuse(
    status: int,
    code: str,
    sentence: str,
    details: dict[str, Any] | None,
    headers: dict[str, str],
) -> Response[bytes]:
    problem = Problem(error=str(sentence), code=code, details=details or UNSET)
    return Response(
        ENCODER.encode(problem), media_type=MediaType.JSON, status_code=status, headers=headers
    )


EXCEPTION_HANDLERS = {
    DomainError: answer_refusal,
    HTTPException: answer_http_exception,
    Exception: answer_bug,
}


class Edge:
    """The outermost layer: names the request, finds out its address, adds headers, logs one line.
    There are no cookies, so no page elsewhere can act for anybody.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        config = scope["litestar_app"].state.config
        headers = dict(scope["headers"])
        request_id = request_id_of(headers.get(b"x-request-id"))
        state: Any = scope.setdefault("state", {})
        state["request_id"] = request_id
        state["address"] = address_of(scope, headers, config.trusted_proxies)
        keeping = ASKED_AGAIN if scope["path"].startswith("/static/") else NEVER_KEPT
        extra = [*SECURITY_HEADERS, keeping, (b"x-request-id", request_id.encode())]
        started, status = time.perf_counter(), 0

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                own = message["headers"] = [*message.get("headers", ())]
                present = {name.lower() for name, _ in own}
                own.extend(header for header in extra if header[0] not in present)
            await send(message)

        structlog.contextvars.bind_contextvars(request_id=request_id)
        try:
            await self._app(scope, receive, send_with_headers)
        finally:
            structlog.contextvars.clear_contextvars()
            if status:
                log_request(scope, status, time.perf_counter() - started)


def log_request(scope: Any, status: int, seconds: float) -> None:
    """Changes, refusals and slow answers get a line; quick reads do not."""
    if scope["method"] in ("GET", "HEAD") and status < 400 and seconds < SLOW_SECONDS:
        return
    logger.info(
        "request",
        method=scope["method"],
        path=scope["path"][:200],
        status=status,
        milliseconds=round(seconds * 1000, 1),
    )
