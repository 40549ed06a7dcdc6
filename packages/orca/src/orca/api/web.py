"""What stands between HTTP and the doors: tokens, refusals, headers, request ids, the journal's
last word, one line in the log.
"""

from __future__ import annotations

import time
from typing import Any

import structlog
from litestar import Response
from litestar.enums import MediaType, ScopeType
from litestar.exceptions import HTTPException, ValidationException
from litestar.types import ASGIApp, Message, Receive, Scope, Send
from msgspec import UNSET

from basis.errors import DomainError, TooMany
from basis.kit.http.refusing import (
    address_of,
    first_sentence,
    request_id_of,
    status_of,
    waiting_of,
)
from basis.kit.http.wire import ENCODER, Problem
from basis.kit.limits import Limits, Policy, address_key
from orca.access import Act, Journal, Tokens, Unrecognised
from orca.api.guarding import OPEN_TO_ALL, AnyRequest

logger = structlog.get_logger(__name__)

GENERAL_PER_ADDRESS = Policy("general-address", burst=600, interval_seconds=0.05, is_general=True)
SECURITY_HEADERS = [
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cache-control", b"no-store"),
]
SCHEME = "bearer "
TOKEN_BYTES_MAX = 200
SLOW_SECONDS = 1.0
UNSAID = "The body does not fit. It is not repeated here, since it may hold a secret."
SOCKET_REFUSED = 4401


class TooManyRequests(TooMany):
    def __init__(self, retry_after: int) -> None:
        super().__init__("Too many requests. Please wait a moment.", retry_after=retry_after)


def answer_refusal(_request: AnyRequest, error: DomainError) -> Response[bytes]:
    return Response(
        problem_of(error),
        media_type=MediaType.JSON,
        status_code=status_of(error),
        headers=waiting_of(error),
    )


def answer_http_exception(request: AnyRequest, error: HTTPException) -> Response[bytes]:
    """What the framework refused: unknown paths, wrong methods, bodies that do not fit."""
    code = type(error).__name__.removesuffix("Exception")
    sentence = error.detail
    if isinstance(error, ValidationException):
        sentence = first_sentence(error)
        handler: Any = request.scope.get("route_handler")  # there is none behind unknown paths
        if handler is not None and handler.opt.get("takes_secret"):
            sentence = UNSAID
    if error.status_code >= 500:
        sentence = "Something went wrong on our side."
    return refuse(error.status_code, code, sentence, dict(error.headers or {}))


def answer_bug(request: AnyRequest, error: Exception) -> Response[bytes]:
    """Nobody's rule said no: our mistake. It is logged under the request id that we show."""
    # The decoder of bodies raises these two bare.
    if isinstance(error, RecursionError):
        return refuse(400, "BodyTooDeep", "The body is nested too deeply.", {})
    if isinstance(error, UnicodeDecodeError):
        return refuse(400, "BodyUnreadable", "The body is not UTF-8.", {})
    logger.error("request.failed", path=request.url.path, exc_info=error)
    number = request.scope["state"].get("request_id", "")
    sentence = f"Something went wrong on our side. The log says more: {number}"
    return refuse(500, "InternalError", sentence, {})


def refuse(status: int, code: str, sentence: str, headers: dict[str, str]) -> Response[bytes]:
    problem = Problem(error=str(sentence), code=code)
    return Response(
        ENCODER.encode(problem), media_type=MediaType.JSON, status_code=status, headers=headers
    )


def problem_of(error: DomainError) -> bytes:
    problem = Problem(error=str(error.sentence), code=error.code, details=error.details or UNSET)
    return ENCODER.encode(problem)


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
        started, status = time.perf_counter(), 0

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                given = message["headers"] = [*message.get("headers", ())]
                present = {name.lower() for name, _ in given}
                given.extend(header for header in extra if header[0] not in present)
            await send(message)

        structlog.contextvars.bind_contextvars(request_id=state["request_id"])
        try:
            await self._enter(scope, receive, send_with_headers, own)
        finally:
            structlog.contextvars.clear_contextvars()
            act: Act | None = state.get("act")
            if act is not None and status:
                await close(own.journal, act, status)
            if status:
                log_request(scope, status, time.perf_counter() - started)

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
    verdict = limits.take(GENERAL_PER_ADDRESS, address_key(state["address"]))
    if not verdict.allowed:
        raise TooManyRequests(verdict.retry_after_seconds)
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
    body = problem_of(error)
    headers = {"content-type": "application/json", "content-length": str(len(body))}
    if isinstance(error, Unrecognised):
        headers["www-authenticate"] = "Bearer"
    headers |= waiting_of(error)
    told = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": status_of(error), "headers": told})
    await send({"type": "http.response.body", "body": body, "more_body": False})


async def close(journal: Journal, act: Act, status: int) -> None:
    try:
        await journal.end(act, status=status)
    except DomainError as error:  # the act stays as begun, which is true
        logger.warning("journal.unclosed", act=act.number, reason=str(error))


def log_request(scope: Any, status: int, seconds: float) -> None:
    """Changes, refusals and slow answers get a line; quick reads do not."""
    if scope.get("method") in ("GET", "HEAD") and status < 400 and seconds < SLOW_SECONDS:
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
