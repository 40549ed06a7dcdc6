"""What stands between HTTP and the doors: tokens, refusals, headers, request ids, the journal's
last word, one line in the log.
"""

from __future__ import annotations

import time
from typing import Any

import structlog
from litestar import Response
from litestar.enums import ScopeType
from litestar.exceptions import HTTPException, ValidationException
from litestar.types import ASGIApp, Receive, Scope, Send

from basis.errors import DomainError
from basis.kit.http.answering import (
    OURS,
    Refusal,
    body_of,
    in_json,
    refusal_by_framework,
    refusal_by_rule,
    refusal_of_body,
)
from basis.kit.http.doors import GENERAL_PER_ADDRESS, AnyRequest, take_permit
from basis.kit.http.heads import Heading, is_worth_a_line
from basis.kit.http.refusing import address_of, request_id_of
from basis.kit.limits import Limits, address_key
from orca.access import Act, Journal, Tokens, Unrecognised
from orca.api.guarding import OPEN_TO_ALL

logger = structlog.get_logger(__name__)

SECURITY_HEADERS = [
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cache-control", b"no-store"),
]
SCHEME = "bearer "
TOKEN_BYTES_MAX = 200
UNSAID = "The body does not fit. It is not repeated here, since it may hold a secret."
SOCKET_REFUSED = 4401


def answer_refusal(_request: AnyRequest, error: DomainError) -> Response[bytes]:
    return in_json(refusal_by_rule(error))


def answer_http_exception(request: AnyRequest, error: HTTPException) -> Response[bytes]:
    refusal = refusal_by_framework(error)
    handler: Any = request.scope.get("route_handler")  # there is none behind unknown paths
    takes_secret = handler is not None and handler.opt.get("takes_secret")
    if takes_secret and isinstance(error, ValidationException):
        refusal = refusal._replace(sentence=UNSAID)
    return in_json(refusal)


def answer_bug(request: AnyRequest, error: Exception) -> Response[bytes]:
    """Nobody's rule said no: our mistake. It is logged under the request id that we show."""
    if refusal := refusal_of_body(error):
        return in_json(refusal)
    logger.error("request.failed", path=request.url.path, exc_info=error)
    number = request.scope["state"].get("request_id", "")
    return in_json(Refusal(500, "InternalError", f"{OURS} The log says more: {number}"))


EXCEPTION_HANDLERS = {
    DomainError: answer_refusal,
    HTTPException: answer_http_exception,
    Exception: answer_bug,
}


class Outermost:
    """Around the router too: without a token nobody learns which doors there are."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        own: Any = scope["litestar_app"].state
        state: Any = scope.setdefault("state", {})
        headers = dict(scope["headers"])
        state["request_id"] = request_id_of(headers.get(b"x-request-id"))
        state["address"] = address_of(scope, headers, ())
        extra = [*SECURITY_HEADERS, (b"x-request-id", state["request_id"].encode())]
        started, heading = time.perf_counter(), Heading(send, extra)
        structlog.contextvars.bind_contextvars(request_id=state["request_id"])
        try:
            await self._enter(scope, receive, heading, own)
        finally:
            structlog.contextvars.clear_contextvars()
            act: Act | None = state.get("act")
            if act is not None and heading.status:
                await close(own.journal, act, heading.status)
            if heading.status:
                log_request(scope, heading.status, time.perf_counter() - started)

    async def _enter(self, scope: Scope, receive: Receive, send: Send, own: Any) -> None:
        try:
            await recognise(scope, own.tokens, own.limits)
        except DomainError as error:
            await turn_away(scope, send, error)
            return
        await self._app(scope, receive, send)


async def recognise(scope: Scope, tokens: Tokens, limits: Limits) -> None:
    """Who comes, in `scope["state"]`. Raises Unrecognised, TooManyRequests, StoreAway."""
    state: Any = scope["state"]
    take_permit(limits, GENERAL_PER_ADDRESS, address_key(state["address"]))
    if scope["path"] in OPEN_TO_ALL:
        return
    given = [value for name, value in scope["headers"] if name == b"authorization"]
    if len(given) != 1 or len(given[0]) > TOKEN_BYTES_MAX:
        raise Unrecognised
    text = given[0].decode("latin-1")
    if not text.lower().startswith(SCHEME):
        raise Unrecognised
    state["principal"] = await tokens.recognise(text[len(SCHEME) :].strip())


async def turn_away(scope: Scope, send: Send, error: DomainError) -> None:
    if scope["type"] == ScopeType.WEBSOCKET:
        await send({"type": "websocket.close", "code": SOCKET_REFUSED, "reason": error.code})
        return
    refusal = refusal_by_rule(error)
    body = body_of(refusal)
    headers = {"content-type": "application/json", "content-length": str(len(body))}
    if isinstance(error, Unrecognised):
        headers["www-authenticate"] = "Bearer"
    headers |= refusal.headers or {}
    told = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": refusal.status, "headers": told})
    await send({"type": "http.response.body", "body": body, "more_body": False})


async def close(journal: Journal, act: Act, status: int) -> None:
    try:
        await journal.end(act, status=status)
    except DomainError as error:  # the act stays as begun, which is true
        logger.warning("journal.unclosed", act=act.number, reason=str(error))


def log_request(scope: Any, status: int, seconds: float) -> None:
    if not is_worth_a_line(scope, status, seconds):
        return
    principal = scope["state"].get("principal")
    logger.info(
        "request",
        method=scope.get("method", "WS"),
        path=scope["path"][:200],
        status=status,
        who=principal.name if principal else None,
        milliseconds=round(seconds * 1000, 1),
    )
