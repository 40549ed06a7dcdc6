"""Which role a door needs. Every door says so, or the application does not start; and nobody gets
as far as a door, known or not, without a token.
"""

from __future__ import annotations

from typing import Any

from litestar import Litestar
from litestar.handlers import BaseRouteHandler

from basis.errors import Forbidden
from basis.kit.http.doors import READING, AnyConnection, check_readable, doors_of
from orca.access import Journal, Principal, Role

OPEN_TO_ALL = frozenset({"/health/live"})
"""The only doors without a token. They read, and tell nothing."""


class RoleTooLow(Forbidden):
    """The token is valid, and may not do this."""


def needs(role: Role | None, *, takes_secret: bool = False) -> dict[str, Any]:
    """The `opt` of a door: `@get("/x", opt=needs(Role.VIEWER))`. None: anybody, without a token.
    Of a body that `takes_secret` no refusal repeats a word.
    """
    return {"needs": role, "takes_secret": takes_secret}


def check_declared(app: Litestar) -> None:
    """Refuse to run with a door of which nobody said who may enter, with one that changes something
    for all who look, and with one that is open to all and is not in the list above.
    """
    wrong = sorted(f"{method} {path}" for method, path, handler in doors_of(app)
                   if not is_declared(method, path, handler))  # fmt: skip
    if wrong:
        raise RuntimeError(f"doors without a role that fits: {', '.join(wrong)}")


def is_declared(method: str, path: str, handler: BaseRouteHandler) -> bool:
    if "needs" not in handler.opt:
        return False
    role: Role | None = handler.opt["needs"]
    if role is None:
        return path in OPEN_TO_ALL and method in READING
    return method in READING or role.may(Role.DEPLOYER)


async def guard(connection: AnyConnection, handler: BaseRouteHandler) -> None:
    """The one guard: the role, then the journal. Raises RoleTooLow, AddressUnreadable."""
    check_readable(connection)
    if connection.scope.get("method") == "OPTIONS":
        return  # the framework's own, for who has a token: which methods there are
    needed: Role | None = handler.opt["needs"]
    if needed is None:
        return
    principal = principal_of(connection)
    if not principal.role.may(needed):
        raise RoleTooLow(
            f"This needs the role {needed}, and the token {principal.name} is {principal.role}."
        )
    method = connection.scope.get("method", "WS")
    if method not in READING:
        journal: Journal = connection.app.state.journal
        state: dict[str, Any] = connection.scope["state"]
        path = handler_path(connection)
        state["act"] = await journal.begin(
            principal, what=f"{method} {path}", target=target_of(connection)
        )


def handler_path(connection: AnyConnection) -> str:
    return str(connection.scope.get("path_template", connection.scope["path"]))


def target_of(connection: AnyConnection) -> str:
    return " ".join(f"{name}={value}" for name, value in sorted(connection.path_params.items()))


def principal_of(connection: AnyConnection) -> Principal:
    state: dict[str, Any] = connection.scope["state"]
    principal: Principal = state["principal"]
    return principal
