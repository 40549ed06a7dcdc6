"""Nothing of a category is loaded before its guest has agreed to it.

A page names a script from elsewhere only when the answer that the browser brings says so, and only
then does the page's policy name its origin. So without consent there is neither the element nor a
policy that would let it load, whatever else went wrong.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from litestar import Request
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from basis.kit.pages.policy import CSP
from kitchenasty.consent.rules import Choice, Notice, Script, read_choice
from kitchenasty.content import current_site
from kitchenasty.kit.http.access import session_cookie
from kitchenasty.kit.http.web import WebRequest

FACT = "cookies"
COOKIE_PLAIN = "cookie-choice"
COOKIE_SECURE = "__Host-cookie-choice"
OPEN_PAGES = re.compile(
    r"/(?:locations|gallery|legal/[^/]+|at/[^/]+(?:/dish/[^/]+|/reviews|/cart)?)?"
)
"""Where something from elsewhere may be loaded: not where guests type who they are or pay, and not
where the address is a key.
"""


@dataclass(slots=True)
class Passage:
    """One request's way through the gate: what it may load, and whether its page does."""

    scripts: tuple[Script, ...] = ()
    is_used: bool = False


passage: ContextVar[Passage | None] = ContextVar("passage", default=None)


class Gate:
    """Plain ASGI inside of what knows the site."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scripts = allowed_scripts(scope) if scope["type"] == ScopeType.HTTP else ()
        if not scripts:
            await self._app(scope, receive, send)
            return
        way = Passage(scripts)

        async def send_with_policy(message: Message) -> None:
            if message["type"] == "http.response.start" and way.is_used:
                policy = (b"content-security-policy", policy_for(scripts).encode())
                message["headers"] = [*message.get("headers", ()), policy]
            await send(message)

        token = passage.set(way)
        try:
            await self._app(scope, receive, send_with_policy)
        finally:
            passage.reset(token)


def allowed_scripts(scope: Any) -> tuple[Script, ...]:
    """What this visitor's page may fetch from elsewhere. Whoever is signed in is left alone: a
    script could do what they can.
    """
    notice = current_notice()
    if not any(one.script for one in notice.asked) or not OPEN_PAGES.fullmatch(scope["path"]):
        return ()
    request: WebRequest = Request(scope)
    secure: bool = scope["litestar_app"].state.config.secure_cookies
    if session_cookie(secure=secure) in request.cookies:
        return ()
    choice = choice_of(request)
    accepted = choice.accepted if choice else frozenset()
    return tuple(one.script for one in notice.asked if one.script and one.id in accepted)


def policy_for(scripts: Iterable[Script]) -> str:
    """The policy of our pages, with exactly these origins for scripts and what they send."""
    origins = " ".join(sorted({script.origin for script in scripts}))
    policy = CSP
    for ours in ("script-src 'self'", "connect-src 'self'", "img-src 'self' data:"):
        assert f"{ours};" in policy
        policy = policy.replace(f"{ours};", f"{ours} {origins};")
    return policy


def current_notice() -> Notice:
    """As of the site that the page being made shows."""
    notice: Notice = current_site.get().told.get(FACT, Notice())
    return notice


def cookie_name(request: WebRequest) -> str:
    return COOKIE_SECURE if request.app.state.config.secure_cookies else COOKIE_PLAIN


def choice_of(request: WebRequest) -> Choice | None:
    """What this browser says that its guest has answered; None if they are to be asked."""
    return read_choice(current_notice(), request.cookies.get(cookie_name(request)))


def cookie_question(request: WebRequest) -> Notice | None:
    """For templates: what to ask on this page, if anything."""
    notice = current_notice()
    return notice if notice.asked and choice_of(request) is None else None


def has_cookie_page() -> bool:
    """For templates: whether there is anything to say about cookies."""
    return bool(current_notice().categories)


def agreed_scripts() -> tuple[Script, ...]:
    """For templates: what the page fetches from elsewhere. The policy follows."""
    way = passage.get()
    if way is None:
        return ()
    way.is_used = True
    return way.scripts


TEMPLATE_NAMES: dict[str, Callable[..., Any]] = {
    "cookie_question": cookie_question,
    "has_cookie_page": has_cookie_page,
    "agreed_scripts": agreed_scripts,
}
