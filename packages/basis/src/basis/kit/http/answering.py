"""What is answered when something is refused: by a rule, by the framework, by our own mistake."""

from __future__ import annotations

from typing import Any, NamedTuple

from litestar import Response
from litestar.enums import MediaType
from litestar.exceptions import HTTPException, ValidationException
from msgspec import UNSET

from basis.errors import DomainError
from basis.kit.http.refusing import first_sentence, status_of, waiting_of
from basis.kit.http.wire import ENCODER, Problem

OURS = "Something went wrong on our side."


class Refusal(NamedTuple):
    """Before it is JSON or a page."""

    status: int
    code: str
    sentence: str
    details: dict[str, Any] | None = None
    headers: dict[str, str] | None = None


def refusal_by_rule(error: DomainError) -> Refusal:
    return Refusal(
        status_of(error), error.code, error.sentence, error.details or None, waiting_of(error)
    )


def refusal_by_framework(error: HTTPException) -> Refusal:
    """Unknown paths, wrong methods, bodies and parameters that do not fit."""
    code = type(error).__name__.removesuffix("Exception")
    sentence = error.detail
    if isinstance(error, ValidationException):
        sentence = first_sentence(error)
    if error.status_code >= 500:
        sentence = OURS
    return Refusal(error.status_code, code, sentence, headers=dict(error.headers or {}))


def refusal_of_body(error: Exception) -> Refusal | None:
    """The decoder of bodies raises these two bare; everything else is a mistake of ours."""
    if isinstance(error, RecursionError):
        return Refusal(400, "BodyTooDeep", "The body is nested too deeply.")
    if isinstance(error, UnicodeDecodeError):
        return Refusal(400, "BodyUnreadable", "The body is not UTF-8.")
    return None


def body_of(refusal: Refusal) -> bytes:
    return ENCODER.encode(
        Problem(error=str(refusal.sentence), code=refusal.code, details=refusal.details or UNSET)
    )


def in_json(refusal: Refusal) -> Response[bytes]:
    return Response(
        body_of(refusal),
        media_type=MediaType.JSON,
        status_code=refusal.status,
        headers=refusal.headers or {},
    )
