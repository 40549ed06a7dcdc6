"""The cookie by which a visitor's cart is found again. It says nothing about the person."""

from __future__ import annotations

from litestar.datastructures import Cookie

from basis.ids import new_capability
from kitchenasty.kit.http.web import WebRequest
from kitchenasty.storefront.service import KEPT_DAYS

COOKIE_PLAIN = "cart"
COOKIE_SECURE = "__Host-cart"
LENGTH_MAX = 64


def visitor_of(request: WebRequest) -> str | None:
    """The visitor's secret, if a cookie of a plausible length was sent."""
    token = request.cookies.get(cookie_name(request))
    return token if token and len(token) <= LENGTH_MAX else None


def visitor_cookie(request: WebRequest) -> Cookie:
    """The cookie to set with a change of the cart: the known visitor's, or a new one's."""
    return Cookie(
        cookie_name(request),
        value=visitor_of(request) or new_capability(),
        max_age=KEPT_DAYS * 86_400,
        path="/",
        httponly=True,
        samesite="lax",
        secure=request.app.state.config.secure_cookies,
    )


def cookie_name(request: WebRequest) -> str:
    return COOKIE_SECURE if request.app.state.config.secure_cookies else COOKIE_PLAIN
