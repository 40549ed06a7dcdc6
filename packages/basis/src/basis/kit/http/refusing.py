"""What a refusal means in HTTP, the same for every product; and whose request it was."""

from __future__ import annotations

import re
from typing import Any

from litestar.exceptions import ValidationException

from basis.errors import (
    Conflict,
    DomainError,
    Forbidden,
    Invalid,
    NotFound,
    TooMany,
    Unauthenticated,
    Unavailable,
    Unprocessable,
)
from basis.ids import new_id
from basis.kit.limits import Network, client_address

REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
STATUS_OF: dict[type[DomainError], int] = {
    NotFound: 404,
    Conflict: 409,
    Forbidden: 403,
    Unauthenticated: 401,
    Unprocessable: 422,
    TooMany: 429,
    Unavailable: 503,
    Invalid: 400,
}


def status_of(error: DomainError) -> int:
    return next((status for kind, status in STATUS_OF.items() if isinstance(error, kind)), 400)


def waiting_of(error: DomainError) -> dict[str, str]:
    """The header that says when trying again may help, if it may."""
    retry_after = getattr(error, "retry_after", None)
    return {} if retry_after is None else {"Retry-After": str(retry_after)}


# How the framework reports a handler's `data` that it could not fill.
NO_BODY = "'data'"


def first_sentence(error: ValidationException) -> str:
    for problem in error.extra or ():
        if isinstance(problem, dict):
            if problem.get("message") == NO_BODY:
                return "This needs a body, and none came."
            return f"{problem.get('key', 'request')}: {problem.get('message', 'does not fit')}"
    return error.detail


def request_id_of(given: bytes | None) -> str:
    """The caller's id if it is a harmless one, otherwise ours."""
    if given is not None and len(given) <= 64:
        text = given.decode("latin-1")
        if REQUEST_ID.fullmatch(text):
            return text
    return new_id()


def address_of(scope: Any, headers: dict[bytes, bytes], trusted: tuple[Network, ...]) -> str:
    """The address that asked, as far as it can be believed."""
    client = scope.get("client")
    peer = client[0] if client else None
    if not trusted:
        return client_address(peer, (), ())
    forwarded = headers.get(b"x-forwarded-for", b"").decode("latin-1")
    return client_address(peer, (forwarded,) if forwarded else (), trusted)
