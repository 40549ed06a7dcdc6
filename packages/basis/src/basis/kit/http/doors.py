"""The doors of an application, and what is asked of everybody who comes to one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from litestar import Litestar, Request
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler
from litestar.routes import HTTPRoute, WebSocketRoute

from basis.errors import Invalid, TooMany
from basis.kit.limits import Limits, Policy

READING = frozenset({"GET", "HEAD", "OPTIONS", "WS"})
GENERAL_PER_ADDRESS = Policy("general-address", burst=600, interval_seconds=0.05, is_general=True)

AnyRequest = Request[Any, Any, Any]
AnyConnection = ASGIConnection[Any, Any, Any, Any]


class TooManyRequests(TooMany):
    def __init__(self, retry_after: int) -> None:
        super().__init__("Too many requests. Please wait a moment.", retry_after=retry_after)


class AddressUnreadable(Invalid):
    """A path or query has a character that cannot be kept."""


def doors_of(app: Litestar) -> Iterable[tuple[str, str, BaseRouteHandler]]:
    """Every method, path and handler; a socket's method is `WS`."""
    for route in app.routes:
        if isinstance(route, HTTPRoute):
            for handler in route.route_handlers:
                for method in sorted(handler.http_methods - {"OPTIONS"}):
                    yield method, route.path, handler
        elif isinstance(route, WebSocketRoute):
            yield "WS", route.path, route.route_handler


def check_readable(connection: AnyConnection) -> None:
    """No database keeps a NUL in a text. Raises AddressUnreadable."""
    if "\0" in connection.scope["path"] or b"%00" in connection.scope["query_string"]:
        raise AddressUnreadable("An address holds no NUL.")


def take_permit(limits: Limits, policy: Policy, key: str) -> None:
    """Count one request. Raises TooManyRequests."""
    verdict = limits.take(policy, key)
    if not verdict.allowed:
        raise TooManyRequests(verdict.retry_after_seconds)
