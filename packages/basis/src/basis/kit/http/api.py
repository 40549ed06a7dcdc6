"""What the doors of the JSON API have in common."""

from __future__ import annotations

from typing import Any, TypeVar

from litestar import Controller, Response
from litestar.enums import MediaType

from basis.kit.http.wire import ENCODER

T = TypeVar("T")


class WireResponse(Response[T]):
    """A response whose money stays exact."""

    def render(self, content: Any, media_type: str, enc_hook: Any = None) -> bytes:
        if isinstance(content, bytes):
            return content
        if media_type.startswith(MediaType.JSON):
            return ENCODER.encode(content)
        return super().render(content, media_type, enc_hook)


class ApiController(Controller):
    """A door of the JSON API."""

    response_class = WireResponse
