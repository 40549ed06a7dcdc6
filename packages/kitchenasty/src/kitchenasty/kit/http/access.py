"""Who may use a door. Every route says so, and the application refuses to start if one does not.

Keys of programs open the doors of the API whose declaration names a scope, and no others.
"""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable, Callable, Iterable
from enum import StrEnum
from typing import Any, Protocol

from litestar import Litestar
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler
from litestar.routes import HTTPRoute

from basis.errors import Forbidden, Invalid, NotFound, Unauthenticated
from basis.kit.data.database import DatabaseAway
from basis.kit.limits import Limits, Policy, address_key
from basis.sentences import Sentence
from kitchenasty.kit.books import Books, Look
from kitchenasty.kit.http import csrf
from kitchenasty.kit.identity.keys import is_key
from kitchenasty.kit.identity.sessions import SessionKind, is_worth_noting
from kitchenasty.kit.identity.sign_in import TooManyTries
from kitchenasty.kit.limits import GENERAL_PER_ADDRESS, GENERAL_PER_PRINCIPAL, KEY_GUESS_PER_ADDRESS
from kitchenasty.kit.principals import ANONYMOUS, Kind, Principal, Role, Scope

COOKIE_PLAIN = "session"
COOKIE_SECURE = "__Host-session"
API_PREFIX = "/api/"

Connection = ASGIConnection[Any, Any, Any, Any]
Recognise = Callable[[Look, str, SessionKind], Awaitable[Principal | None]]
"""Who holds this token at this kind of door, read from the database; None if it opens nothing."""


class Access(StrEnum):
    PUBLIC = "PUBLIC"
    SIGNED_IN = "SIGNED_IN"
    CUSTOMER = "CUSTOMER"
    STAFF = "STAFF"
    MANAGER = "MANAGER"
    SUPER_ADMIN = "SUPER_ADMIN"


OPEN_TO_GUESTS = {Access.PUBLIC, Access.SIGNED_IN, Access.CUSTOMER}
ROLE_FOR = {
    Access.STAFF: Role.STAFF,
    Access.MANAGER: Role.MANAGER,
    Access.SUPER_ADMIN: Role.SUPER_ADMIN,
}


class Standing(Protocol):
    """What the house says to everybody who comes, as its owner has set it."""

    async def renew(self) -> None: ...

    def check_open(self, principal: Principal, path: str) -> None:
        """Raises a refusal while the house is closed to this visitor."""


class SignInNeeded(Unauthenticated): ...


class NotAllowed(Forbidden): ...


class EveryHouseNeeded(Forbidden):
    """It concerns every house, and whoever asks works in some of them only."""

    def __init__(self) -> None:
        super().__init__("This concerns every house. Only who works for all of them may do it.")


class ForeignOrigin(Forbidden): ...


class AddressUnknown(NotFound): ...


class QueryUnreadable(Invalid): ...


class SecondFactorNeeded(Forbidden):
    """The house asks this person for a second factor; setting one up is all they can do."""

    def __init__(self) -> None:
        super().__init__("Your house asks for a second factor. Please set one up first.")


def access(level: Access, *, key: Scope | None = None, **more: Any) -> dict[str, Any]:
    """The `opt` of a route handler: `@get("/x", opt=access(Access.STAFF))`.

    With `every_house=True` it opens to those only who work in every house; with
    `before_second_factor=True` also to those who still have to set up a second factor. `key` is
    the scope with which the key of a program opens it too; a key is never more than a manager.
    """
    return {"access": level, "key": key, **more}


def check_declared(app: Litestar) -> None:
    """Refuse to run with a door of which nobody said who may use it."""
    undeclared = sorted(
        f"{' '.join(sorted(route.methods))} {route.path}"
        for route, handler in handlers_of(app)
        if "access" not in handler.opt
    )
    if undeclared:
        raise RuntimeError(f"routes without a declared access: {', '.join(undeclared)}")


def handlers_of(app: Litestar) -> Iterable[tuple[HTTPRoute, BaseRouteHandler]]:
    """Every HTTP route with each of its handlers."""
    for route in app.routes:
        if isinstance(route, HTTPRoute):
            for handler in route.route_handlers:
                if handler.http_methods != {"OPTIONS"}:
                    yield route, handler


async def guard(connection: Connection, handler: BaseRouteHandler) -> None:
    """The one guard of the application: origin, limits, then who it is and what they may."""
    check_address(connection)
    check_origin(connection)
    limits: Limits = connection.app.state.limits
    standing: Standing = connection.app.state.standing
    await standing.renew()
    take_permit(limits, connection)
    # Only the framework's own answers to OPTIONS say nothing, see check_declared.
    level: Access = handler.opt.get("access", Access.PUBLIC)
    principal = await identify(connection)
    if principal.kind is Kind.KEY:
        principal = hold_to_scopes(connection, principal, level, handler.opt.get("key"))
    if principal.needs_second_factor and not handler.opt.get("before_second_factor"):
        if level is not Access.PUBLIC:
            raise SecondFactorNeeded
        connection.scope["state"]["principal"] = ANONYMOUS
        principal = ANONYMOUS
    if level in OPEN_TO_GUESTS:
        standing.check_open(principal, connection.scope["path"])
    if level is Access.PUBLIC:
        return
    if principal is ANONYMOUS:
        raise SignInNeeded("Authentication required")
    check_level(principal, level)
    if handler.opt.get("every_house") and principal.house_ids is not None:
        raise EveryHouseNeeded


def hold_to_scopes(
    connection: Connection, principal: Principal, level: Access, scope: Scope | None
) -> Principal:
    """The key, where it has the scope of the door; at an open door it is nobody without it."""
    if scope is not None and scope in principal.scopes:
        return principal
    if level is Access.PUBLIC:
        connection.scope["state"]["principal"] = ANONYMOUS
        return ANONYMOUS
    if scope is None:
        raise NotAllowed("No API key opens this door.")
    raise NotAllowed(Sentence.of("This API key lacks the scope {scope}.", scope=scope.value))


def check_address(connection: Connection) -> None:
    """PostgreSQL keeps no NUL in a text, and no address of ours has one."""
    if "\0" in connection.scope["path"]:
        raise AddressUnknown("Not Found")
    if b"%00" in connection.scope["query_string"]:
        raise QueryUnreadable("What was asked for has a character that cannot be read.")


def check_level(principal: Principal, level: Access) -> None:
    if level is Access.SIGNED_IN:
        return
    if level is Access.CUSTOMER:
        if not principal.is_customer:
            raise NotAllowed("Access denied")
        return
    if not principal.is_staff:
        raise NotAllowed("Staff access required")
    if not principal.has_role(ROLE_FOR[level]):
        raise NotAllowed("Insufficient permissions")


def check_origin(connection: Connection) -> None:
    """Pages act on cookies, so unsafe requests must come from our own pages (docs/adr/0003)."""
    if connection.scope["path"].startswith(API_PREFIX):
        return
    headers = connection.headers
    approach = csrf.Approach(
        method=str(connection.scope.get("method", "GET")),
        host=headers.get("host", ""),
        origin=headers.get("origin"),
        sec_fetch_site=headers.get("sec-fetch-site"),
        has_cookies="cookie" in headers,
    )
    if not csrf.may_act(approach, public_url=connection.app.state.config.public_url):
        raise ForeignOrigin("This form was not sent from our own page. Please open it again here.")


def take_permit(
    limits: Limits, connection: Connection, policy: Policy = GENERAL_PER_ADDRESS
) -> None:
    """Count one request of this address. Raises TooManyTries."""
    address = connection.scope["state"].get("address")
    if address is not None:
        verdict = limits.take(policy, address_key(address))
        if not verdict.allowed:
            raise TooManyTries(verdict.retry_after_seconds)


async def identify(connection: Connection) -> Principal:
    """Who asks, looked up once per request. Unknown and ended tokens are nobody."""
    state = connection.scope["state"]
    known: Principal | None = state.get("principal")
    if known is not None:
        return known
    token, door = credentials_of(connection)
    principal: Principal | None = None
    books: Books = connection.app.state.books
    if token is not None:
        async with books.reading() as look:
            principal = await connection.app.state.recognise(look, token, door)
    if principal is not None:
        await keep_alive(connection, principal)
        verdict = connection.app.state.limits.take(GENERAL_PER_PRINCIPAL, principal.label)
        if not verdict.allowed:
            raise TooManyTries(verdict.retry_after_seconds)
    elif token is not None and is_key(token):
        # Only wrong keys are counted, after they were looked up: a till that goes on asking with a
        # revoked one must not lock out the others behind its address. Nobody guesses 256 bits.
        take_permit(connection.app.state.limits, connection, KEY_GUESS_PER_ADDRESS)
    found = principal or ANONYMOUS
    state["principal"] = found
    return found


async def keep_alive(connection: Connection, principal: Principal) -> None:
    """A tablet that is used every day stays signed in. Without the books it is noted next time."""
    books: Books = connection.app.state.books
    if is_worth_noting(principal, books.clock()):
        with contextlib.suppress(DatabaseAway):
            async with books.writing() as uow:
                await connection.app.state.note_use(uow, principal)


def credentials_of(connection: Connection) -> tuple[str | None, SessionKind]:
    """The API believes bearer tokens only, pages cookies only."""
    if connection.scope["path"].startswith(API_PREFIX):
        kind, _, token = connection.headers.get("authorization", "").partition(" ")
        return (token.strip() if kind.lower() == "bearer" else None), SessionKind.API
    secure: bool = connection.app.state.config.secure_cookies
    return connection.cookies.get(session_cookie(secure=secure)), SessionKind.PAGE


def session_cookie(*, secure: bool) -> str:
    """The one cookie that counts here. Where pages go over TLS, another host of the same site or
    somebody on the line can plant the plain one, but never one that begins with `__Host-`.
    """
    return COOKIE_SECURE if secure else COOKIE_PLAIN
