"""What stands between HTTP and the slices: units of work, errors, headers, request ids."""

from __future__ import annotations

import re
import time
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from functools import partial
from typing import Any

import structlog
from litestar import Request, Response
from litestar.di import NamedDependency, Provide
from litestar.exceptions import HTTPException, ValidationException
from litestar.response import Redirect, Template
from litestar.types import ASGIApp, Receive, Scope, Send

from basis.errors import (
    DomainError,
)
from basis.kit.data import constraints
from basis.kit.http.answering import (
    Refusal,
    in_json,
    refusal_by_framework,
    refusal_by_rule,
    refusal_of_body,
)
from basis.kit.http.heads import Header, Heading, is_worth_a_line
from basis.kit.http.refusing import address_of, request_id_of, status_of, waiting_of
from basis.kit.pages.policy import CSP
from basis.sentences import Sentence, word
from kitchenasty.kit.books import Books, Look, UnitOfWork
from kitchenasty.kit.http.access import API_PREFIX, Access, SecondFactorNeeded, identify
from kitchenasty.kit.http.i18n import LOCALE_DEFAULT, current_locale, locale_of, say
from kitchenasty.kit.principals import ANONYMOUS, Principal

logger = structlog.get_logger(__name__)

Work = NamedDependency[UnitOfWork]
Reading = NamedDependency[Look]
Actor = NamedDependency[Principal]
WebRequest = Request[Any, Any, Any]

SECOND_FACTOR = "/admin/me/second-factor"
KEY_IN_PATH = re.compile(r"^/(t|r|u|w|calendar|confirm|reset|move|renew|invite)/[^/]+")
SECURITY_HEADERS = [
    (b"content-security-policy", CSP.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=(self), payment=()"),
]
NEVER_KEPT = (b"cache-control", b"no-store")
ASKED_AGAIN = (b"cache-control", b"private, no-cache")
CAPABILITY_HEADERS = (b"x-order-capability", b"x-reservation-capability")
STRICT_TRANSPORT = (b"strict-transport-security", b"max-age=31536000")


async def provide_uow(request: WebRequest, principal: Actor) -> AsyncIterator[UnitOfWork]:
    """One request, one transaction: committed after the handler returned, before it is answered.

    It asks for the principal, so that a handler with both gets them one after the other: the
    framework starts a group of tasks for what may be provided at once.
    """
    async with writing_for(request, principal) as uow:
        yield uow


def writing_for(
    request: WebRequest, principal: Principal
) -> AbstractAsyncContextManager[UnitOfWork]:
    """The same for a handler that answers a refusal with its form, and so opens it itself."""
    books: Books = request.app.state.books
    state = request.scope["state"]
    return books.writing(principal, request_id=state["request_id"], address=state["address"])


async def provide_look(request: WebRequest, principal: Actor) -> AsyncIterator[Look]:
    async with request.app.state.books.reading(principal) as look:
        yield look


async def provide_principal(request: WebRequest) -> Principal:
    return await identify(request)


DEPENDENCIES = {
    "uow": Provide(provide_uow),
    "look": Provide(provide_look),
    "principal": Provide(provide_principal),
}


def page(
    template: str,
    *,
    refusal: DomainError | None = None,
    status_code: int = 200,
    **context: Any,
) -> Template:
    """A page or a part of one. After a refusal it has its status, and its sentence as `problem`;
    otherwise `problem` is None.
    """
    if refusal is None:
        return Template(template, context={"problem": None, **context}, status_code=status_code)
    return Template(
        template,
        context={"problem": say(refusal), **context},
        status_code=status_of(refusal),
        headers=waiting_of(refusal),
    )


def allow_images_from(response: Response[Any], origin: str) -> Response[Any]:
    """Let this page, and no other, show pictures of one server more: `https://tiles.example`. It is
    told which site asks, as such services want to know, and nothing of the page.
    """
    policy = CSP.replace("img-src 'self' data:", f"img-src 'self' data: {origin}")
    response.set_header("Content-Security-Policy", policy)
    response.set_header("Referrer-Policy", "strict-origin-when-cross-origin")
    return response


def back_to(path: str) -> Redirect:
    """After a form: the browser goes to `path` with a GET, and reloading sends nothing again."""
    return Redirect(path, status_code=303)


def site_of(request: WebRequest) -> str:
    """The address of this server as the world knows it, without a slash at its end."""
    return request.app.state.config.public_url or str(request.base_url).rstrip("/")


def answer_domain_error(request: WebRequest, error: DomainError) -> Response[Any]:
    """A refusal as JSON, as a part for htmx, or as a page; 401 on a page leads to the sign-in."""
    if status_of(error) == 401 and not wants_json(request):
        return sign_in_instead(request)
    if isinstance(error, SecondFactorNeeded) and not wants_json(request):
        return Redirect(SECOND_FACTOR, status_code=303)
    return refuse(request, refusal_by_rule(error))


def sign_in_instead(request: WebRequest) -> Response[Any]:
    here = request.url.path if request.method == "GET" else "/"
    return Redirect("/sign-in", status_code=303, query_params={"next": here})


def answer_http_exception(request: WebRequest, error: HTTPException) -> Response[Any]:
    """What the framework refused: unknown paths, wrong methods, bodies that do not fit."""
    refusal = refusal_by_framework(error)
    if isinstance(error, ValidationException) and error.extra:
        refusal = refusal._replace(details={"fields": error.extra})
    if error.status_code == 404:
        refusal = refusal._replace(sentence=word("Not Found"))
    if error.status_code >= 500:
        refusal = refusal._replace(sentence=word("Something went wrong on our side."))
    return refuse(request, refusal)


def answer_group(request: WebRequest, group: ExceptionGroup[Exception]) -> Response[Any]:
    """A commit that fails while the dependencies are put away comes wrapped up."""
    refusals = [error for error in group.exceptions if isinstance(error, DomainError)]
    if len(refusals) == len(group.exceptions) == 1:
        return answer_domain_error(request, refusals[0])
    return answer_bug(request, group)


def answer_bug(request: WebRequest, error: Exception) -> Response[Any]:
    """Nobody's rule said no: our mistake. It is logged under the request id that we show."""
    if refusal := refusal_of_body(error):
        return refuse(request, refusal)
    if isinstance(error, constraints.BROKEN) and (conflict := constraints.refusal_of(error)):
        return answer_domain_error(request, conflict)
    logger.error("request.failed", path=told_path(request.url.path), exc_info=error)
    request_id = request.scope["state"].get("request_id", "")
    sentence = Sentence.of(
        "Something went wrong on our side. Tell us this number if you call: {number}",
        number=request_id,
    )
    return refuse(request, Refusal(500, "InternalError", sentence))


def refuse(request: WebRequest, refusal: Refusal) -> Response[Any]:
    if wants_json(request):
        return in_json(refusal)
    template = "kit/notice.html" if request.headers.get("hx-request") else "kit/error.html"
    context = {
        "status": refusal.status,
        "code": refusal.code,
        "message": say(refusal.sentence),
        "details": refusal.details,
        "principal": request.scope["state"].get("principal", ANONYMOUS),
    }
    return Template(
        template, context=context, status_code=refusal.status, headers=refusal.headers or {}
    )


def wants_json(request: WebRequest) -> bool:
    if request.scope["path"].startswith(API_PREFIX):
        return True
    return "application/json" in request.headers.get("accept", "")


EXCEPTION_HANDLERS = {
    DomainError: answer_domain_error,
    HTTPException: answer_http_exception,
    ExceptionGroup: answer_group,
    Exception: answer_bug,
}


class Edge:
    """The outermost layer: names the request, finds out its address, adds headers, logs one line.

    Plain ASGI, since it is on the way of every request including the cached menu.
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
        extra = [*SECURITY_HEADERS, (b"x-request-id", request_id.encode())]
        if config.secure_cookies:
            extra.append(STRICT_TRANSPORT)
        started = time.perf_counter()
        heading = Heading(send, extra, partial(keeping, scope, headers))
        structlog.contextvars.bind_contextvars(request_id=request_id)
        # Programs read the API, and match its sentences: it speaks English to everybody.
        is_api = scope["path"].startswith(API_PREFIX)
        language = current_locale.set(LOCALE_DEFAULT if is_api else locale_of(headers))
        try:
            await self._app(scope, receive, heading)
        finally:
            structlog.contextvars.clear_contextvars()
            current_locale.reset(language)
            if heading.status:
                seconds = time.perf_counter() - started
                count_request(scope, heading.status, seconds)
                log_request(scope, heading.status, seconds, request_id)


def keeping(scope: Any, headers: dict[bytes, bytes], status: int) -> list[Header]:
    """How long an answer may be kept whose door did not say. Nothing that was made for one person,
    and no refusal, is kept by a browser that others use or by a proxy on the way.
    """
    handler = scope.get("route_handler")
    level = Access.PUBLIC if handler is None else handler.opt.get("access", Access.PUBLIC)
    is_theirs = (
        level is not Access.PUBLIC
        or any(name in headers for name in CAPABILITY_HEADERS)
        or scope["state"].get("principal", ANONYMOUS) is not ANONYMOUS
    )
    if is_theirs or status >= 400:
        return [NEVER_KEPT]
    return [] if scope["path"].startswith("/static/") else [ASKED_AGAIN]


def count_request(scope: Any, status: int, seconds: float) -> None:
    metrics = scope["litestar_app"].state.metrics
    metrics.count(scope["method"], scope.get("path_template"), status, seconds)


def log_request(scope: Any, status: int, seconds: float, request_id: str) -> None:
    """Quick reads are counted, not told."""
    if not is_worth_a_line(scope, status, seconds):
        return
    principal: Principal = scope["state"].get("principal", ANONYMOUS)
    logger.info(
        "request",
        method=scope["method"],
        path=told_path(scope["path"]),
        status=status,
        milliseconds=round(seconds * 1000, 1),
        principal=principal.label,
        request_id=request_id,
    )


def told_path(path: str) -> str:
    """The path for the log. Links to an order and in letters are keys; keys do not belong there."""
    return KEY_IN_PATH.sub(r"/\1/***", path)[:200]
