"""Whose key a door needs. Every route says so, and the application refuses to start if one does
not: there are no accounts, so a signature is all that lets anybody change anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from litestar import Litestar
from litestar.handlers import BaseRouteHandler

from basis.kit.http.doors import (
    GENERAL_PER_ADDRESS,
    READING,
    AnyConnection,
    AnyRequest,
    check_readable,
    doors_of,
    take_permit,
)
from basis.kit.limits import Limits, Policy, address_key
from swarmhaul.identity import Signed, open_statement
from swarmhaul.kit.books import Books

SIGNATURE_HEADER = "x-signature"
# A fleet behind one address bids for a lot of jobs; one key has no need to.
STATEMENTS_PER_SIGNER = Policy("statements-signer", burst=120, interval_seconds=0.5)
# Looking at a wrong signature costs as much as at a right one.
STATEMENTS_PER_ADDRESS = Policy("statements-address", burst=600, interval_seconds=0.02)


class Needs(StrEnum):
    """What whoever comes has to bring."""

    NOTHING = "nothing"
    STATEMENT = "a statement, signed by the key that it concerns"
    COMMAND = "a command of the rail, signed by the key that the rail asks for"
    TOOL = "nothing for a tool that reads; a session and what is signed in it for one that changes"


@dataclass(frozen=True, slots=True)
class Ask:
    """A statement for `purpose`, of a signer who is `whose`, valid for so long at most."""

    purpose: str
    whose: str
    lives_seconds_max: int
    terms: type


def needs(what: Needs, ask: Ask | None = None) -> dict[str, Any]:
    """The `opt` of a route: `@get("/x", opt=needs(Needs.NOTHING))`."""
    assert (what is Needs.STATEMENT) == (ask is not None)
    return {"needs": what, "ask": ask}


def check_declared(app: Litestar) -> None:
    """Refuse to run with a door of which nobody said what it needs, or which changes something and
    needs no key.
    """
    wrong = sorted(
        f"{method} {path}"
        for method, path, handler in doors_of(app)
        if "needs" not in handler.opt
        or (handler.opt["needs"] is Needs.NOTHING and method not in READING)
    )
    if wrong:
        raise RuntimeError(f"routes without a declared key: {', '.join(wrong)}")


async def guard(connection: AnyConnection, _handler: BaseRouteHandler) -> None:
    """The one guard: nobody takes all of the server, and no text holds what no database keeps."""
    check_readable(connection)
    permit_address(connection, GENERAL_PER_ADDRESS)


async def provide_signed(request: AnyRequest) -> Signed:
    """The statement that came, if it is one for this door. Raises a refusal."""
    ask: Ask = request.route_handler.opt["ask"]
    return open_signed(
        request, await request.body(), request.headers.get(SIGNATURE_HEADER), ask=ask
    )


def open_signed(
    connection: AnyConnection, raw: bytes, signature: str | None, *, ask: Ask
) -> Signed:
    """The statement, if it is what is asked for. Raises a refusal."""
    permit_address(connection, STATEMENTS_PER_ADDRESS)
    books: Books = connection.app.state.books
    signed = open_statement(
        raw,
        signature,
        market=connection.app.state.venue.name,
        purpose=ask.purpose,
        now=books.clock(),
        lives_seconds_max=ask.lives_seconds_max,
    )
    take_permit(limits_of(connection), STATEMENTS_PER_SIGNER, signed.signer)
    return signed


def permit_address(connection: AnyConnection, policy: Policy) -> None:
    """Count one request of whoever is there. Raises TooManyRequests."""
    take_permit(limits_of(connection), policy, address_of_connection(connection))


def address_of_connection(connection: AnyConnection) -> str:
    state: dict[str, Any] = connection.scope["state"]
    return address_key(state.get("address", "unknown"))


def limits_of(connection: AnyConnection) -> Limits:
    limits: Limits = connection.app.state.limits
    return limits


def books_of(connection: AnyConnection) -> Books:
    books: Books = connection.app.state.books
    return books
