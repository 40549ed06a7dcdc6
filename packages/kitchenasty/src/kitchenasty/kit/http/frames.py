"""A page of ours inside another: something to look at that is made for elsewhere, like a letter."""

from __future__ import annotations

from typing import Any

from litestar import Response

from basis.kit.pages.policy import CSP

FRAMING = f"frame-src 'self'; {CSP}"
FRAMED = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; form-action 'none'; "
    "base-uri 'none'; frame-ancestors 'self'; sandbox"
)


def allow_own_frame(response: Response[Any]) -> Response[Any]:
    """Let this page show another one of ours in a frame."""
    response.set_header("Content-Security-Policy", FRAMING)
    return response


def only_in_own_frame(response: Response[Any]) -> Response[Any]:
    """It may look as it says itself, and can do nothing: no script, no form, no way to us."""
    response.set_header("Content-Security-Policy", FRAMED)
    return response
