"""What stands between HTTP and the slices: refusals, headers, request ids, one line in the log."""

from __future__ import annotations

import time
from typing import Any

import structlog
from litestar import Response
from litestar.exceptions import HTTPException
from litestar.types import ASGIApp, Receive, Scope, Send

from basis.errors import DomainError
from basis.kit.data import constraints
from basis.kit.http.answering import (
    OURS,
    Refusal,
    in_json,
    refusal_by_framework,
    refusal_by_rule,
    refusal_of_body,
)
from basis.kit.http.doors import AnyRequest
from basis.kit.http.heads import Heading, is_worth_a_line
from basis.kit.http.refusing import address_of, request_id_of

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


def answer_refusal(_request: AnyRequest, error: DomainError) -> Response[bytes]:
    return in_json(refusal_by_rule(error))


def answer_http_exception(_request: AnyRequest, error: HTTPException) -> Response[bytes]:
    return in_json(refusal_by_framework(error))


def answer_bug(request: AnyRequest, error: Exception) -> Response[bytes]:
    """Nobody's rule said no: our mistake. It is logged under the request id that we show."""
    if refusal := refusal_of_body(error):
        return in_json(refusal)
    if isinstance(error, constraints.BROKEN) and (conflict := constraints.refusal_of(error)):
        return answer_refusal(request, conflict)
    logger.error("request.failed", path=request.url.path, exc_info=error)
    number = request.scope["state"].get("request_id", "")
    return in_json(Refusal(500, "InternalError", f"{OURS} Tell us this number: {number}"))


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
        started, heading = time.perf_counter(), Heading(send, extra)
        structlog.contextvars.bind_contextvars(request_id=request_id)
        try:
            await self._app(scope, receive, heading)
        finally:
            structlog.contextvars.clear_contextvars()
            if heading.status:
                log_request(scope, heading.status, time.perf_counter() - started)


def log_request(scope: Any, status: int, seconds: float) -> None:
    if is_worth_a_line(scope, status, seconds):
        logger.info(
            "request",
            method=scope["method"],
            path=scope["path"][:200],
            status=status,
            milliseconds=round(seconds * 1000, 1),
        )
