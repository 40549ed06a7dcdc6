"""The description of an API: made once, and with the refusals that every door shares."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from litestar import Litestar, Response
from litestar.enums import MediaType
from litestar.openapi.plugins import JsonRenderPlugin

from basis.kit.http.doors import AnyRequest
from basis.kit.http.wire import ENCODER

PROBLEM = {
    "title": "Problem",
    "type": "object",
    "required": ["success", "error", "code"],
    "properties": {
        "success": {"const": False},
        "error": {"type": "string"},
        "code": {"type": "string"},
        "details": {"type": "object"},
    },
}
REFUSED = {
    "description": "Refused: a sentence for people and a stable code for programs",
    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
}

Complete = Callable[[Litestar], dict[str, Any]]
"""What a product makes of the framework's description of its doors."""


class WholeJson(JsonRenderPlugin):
    """The completed document at the framework's own address."""

    def __init__(self, complete: Complete, *, path: str) -> None:
        super().__init__(path=path)
        self._complete = complete

    def render(self, request: AnyRequest, openapi_schema: dict[str, Any]) -> bytes:
        return ENCODER.encode(describe(request.app, self._complete))


def show(app: Litestar, complete: Complete) -> Response[bytes]:
    return Response(ENCODER.encode(describe(app, complete)), media_type=MediaType.JSON)


def describe(app: Litestar, complete: Complete) -> dict[str, Any]:
    """The whole document, made once for each application."""
    if "openapi" not in app.state:
        app.state.openapi = complete(app)
    document: dict[str, Any] = app.state.openapi
    return document


def with_problem(app: Litestar) -> dict[str, Any]:
    """The framework's document, and the shape that every refusal has."""
    document = app.openapi_schema.to_schema()
    components = document.setdefault("components", {})
    components.setdefault("schemas", {})["Problem"] = PROBLEM
    return document


def keep_taken(operation: dict[str, Any]) -> dict[str, Any]:
    """The answers of a door that did what it was asked. The framework would describe refusals of
    its own; ours have one shape whoever refuses.
    """
    return {code: answer for code, answer in operation["responses"].items() if code < "400"}
