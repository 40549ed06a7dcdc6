"""An application of doors: checked, described, guarded."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from litestar import Litestar
from litestar.datastructures import State
from litestar.enums import ScopeType
from litestar.types import ASGIApp, ControllerRouterHandler, Receive, Scope, Send

from basis.kit.http.whole_bodies import WholeBodies
from basis.kit.limits import Limits
from orca.access import Journal, Tokens
from orca.api import guarding, openapi, routes, web

BODY_BYTES_MAX = 1_048_576
STREAMED = "/api/v1/contexts/"
"""Below it bodies are larger than memory should be asked for. The door itself has bounds."""


def join_doors(doors: Sequence[ControllerRouterHandler]) -> Litestar:
    """The doors of the slices and those of the API itself, and nothing behind them yet. Raises
    RuntimeError for one of which nobody said who may enter.
    """
    app = Litestar(
        route_handlers=[*routes.DOORS, openapi.show_description, *doors],
        guards=[guarding.guard],
        exception_handlers=web.EXCEPTION_HANDLERS,  # type: ignore[arg-type]  # by class, as documented
        openapi_config=openapi.CONFIG,
        request_max_body_size=BODY_BYTES_MAX,
        logging_config=None,
    )
    guarding.check_declared(app)
    return app


def create_app(
    app: Litestar, *, tokens: Tokens, journal: Journal, limits: Limits | None = None, **parts: Any
) -> Litestar:
    """Put the control plane behind joined doors: each part is `request.app.state.<its name>`."""
    app.state = State({"tokens": tokens, "journal": journal, "limits": limits or Limits(), **parts})
    app.asgi_handler = web.Outermost(Bodies(app.asgi_handler))
    return app


class Bodies:
    """All doors see whole bodies, but for one that writes what comes to the disk as it comes."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._whole = WholeBodies(app, bytes_max=BODY_BYTES_MAX)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_streamed = scope["type"] == ScopeType.HTTP and (
            scope["method"] == "PUT" and scope["path"].startswith(STREAMED)
        )
        await (self._app if is_streamed else self._whole)(scope, receive, send)
