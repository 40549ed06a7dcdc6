"""A request as a visit: who asks from where, and the cookies that let a browser come again."""

from __future__ import annotations

from litestar.datastructures import Cookie

from kitchenasty.kit.http.access import credentials_of, session_cookie
from kitchenasty.kit.http.web import WebRequest
from kitchenasty.kit.identity.entrance import Entrance, Visit
from kitchenasty.kit.identity.passwords import Passwords
from kitchenasty.kit.identity.sessions import AGE_MAX, SessionKind
from kitchenasty.kit.principals import Principal

DEVICE_PLAIN = "device"
DEVICE_SECURE = "__Host-device"
DEVICE_SECONDS = 365 * 24 * 3_600


def entrance_of(request: WebRequest) -> Entrance:
    """The process's entrance, made when somebody first comes in."""
    state = request.app.state
    if "entrance" not in state:
        state.entrance = Entrance.of(
            state.books,
            secret=state.config.secret_key.encode(),
            limits=state.limits,
            passwords=Passwords(),
        )
    entrance: Entrance = state.entrance
    return entrance


def visit_of(request: WebRequest, principal: Principal) -> Visit:
    token, door = credentials_of(request)
    state = request.scope["state"]
    return Visit(
        door=door,
        address=state.get("address"),
        request_id=state.get("request_id", ""),
        user_agent=request.headers.get("user-agent"),
        device=request.cookies.get(device_cookie(request)),
        held_token=token if door is SessionKind.PAGE else None,
        actor=principal,
    )


def is_secure(request: WebRequest) -> bool:
    secure: bool = request.app.state.config.secure_cookies
    return secure


def device_cookie(request: WebRequest) -> str:
    return DEVICE_SECURE if is_secure(request) else DEVICE_PLAIN


def cookies_for(request: WebRequest, *, token: str, device: str) -> list[Cookie]:
    """The session and the mark of this device. Scripts see neither; other sites send neither."""
    session_seconds = int(AGE_MAX[SessionKind.PAGE].total_seconds())
    return [
        cookie(request, session_cookie(secure=is_secure(request)), token, session_seconds),
        cookie(request, device_cookie(request), device, DEVICE_SECONDS),
    ]


def cookie(request: WebRequest, name: str, value: str, max_age_seconds: int) -> Cookie:
    return Cookie(
        key=name,
        value=value,
        max_age=max_age_seconds,
        path="/",
        secure=is_secure(request),
        httponly=True,
        samesite="lax",
    )


def spent_cookie(request: WebRequest) -> Cookie:
    return cookie(request, session_cookie(secure=is_secure(request)), "", 0)
