"""What the doors share: the process's providers, and the cookie that a browser takes along."""

from __future__ import annotations

from typing import Any

from litestar import Response
from litestar.datastructures import Cookie
from litestar.response import Redirect

from basis.kit.outgoing import Outgoing
from kitchenasty.accounts import SignedIn
from kitchenasty.kit.http.access import SignInNeeded
from kitchenasty.kit.http.visits import cookie, cookies_for, entrance_of, is_secure, visit_of
from kitchenasty.kit.http.web import WebRequest, back_to
from kitchenasty.kit.principals import Principal
from kitchenasty.openid.entering import Arrival, Departure, Return, come_back
from kitchenasty.openid.provider import Providers
from kitchenasty.openid.trips import LIFE, Door

COOKIE_PLAIN = "elsewhere"
COOKIE_SECURE = "__Host-elsewhere"


def providers_of(request: WebRequest) -> Providers:
    """The process's, made when somebody first asks for them."""
    state = request.app.state
    if "providers" not in state:
        state.providers = Providers(Outgoing(state.config.outgoing_networks))
    providers: Providers = state.providers
    return providers


def depart(request: WebRequest, departure: Departure) -> Redirect:
    """Off to the provider."""
    response = Redirect(departure.url, status_code=303)
    take_along(request, response, departure)
    return response


def take_along(request: WebRequest, response: Response[Any], departure: Departure) -> None:
    seconds = int(LIFE.total_seconds())
    response.cookies.append(cookie(request, cookie_name(request), departure.cookie, seconds))
    response.headers["Cache-Control"] = "no-store"


async def arrive(request: WebRequest, principal: Principal, door: Door) -> Arrival:
    """Raises what `come_back` raises."""
    query = request.query_params
    brought = Return(
        state=query.get("state"),
        code=query.get("code"),
        error=query.get("error"),
        issuer=query.get("iss"),
        cookie=request.cookies.get(cookie_name(request)),
    )
    return await come_back(
        entrance_of(request), providers_of(request), visit_of(request, principal), brought, door
    )


def enter(request: WebRequest, signed_in: SignedIn | None, path: str) -> Response[Any]:
    """On to `path`, in a session of one's own if one has begun."""
    response: Response[Any] = back_to(path)
    if signed_in is not None:
        response.cookies.extend(
            cookies_for(request, token=signed_in.token, device=signed_in.device)
        )
    response.cookies.append(spent_cookie(request))
    return response


def spent_cookie(request: WebRequest) -> Cookie:
    return cookie(request, cookie_name(request), "", 0)


def cookie_name(request: WebRequest) -> str:
    return COOKIE_SECURE if is_secure(request) else COOKIE_PLAIN


def id_of(principal: Principal) -> str:
    """Raises SignInNeeded."""
    if principal.id is None:
        raise SignInNeeded("Authentication required")
    return principal.id
