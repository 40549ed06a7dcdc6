"""The description of the API at /api/v1/openapi.json: what the types say, the role of each door,
and what every door may refuse.
"""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import Litestar, Response, Router, get
from litestar.enums import MediaType
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin

from orca.access import Role
from orca.api.guarding import AnyRequest, doors_of, needs

VERSION = "1.0.0"
PATH = "/api/v1/openapi.json"
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
TOKEN = {"type": "http", "scheme": "bearer", "description": "A token of `orca token create`"}


class WholeJson(JsonRenderPlugin):
    """The same document at the framework's own address."""

    def render(self, request: AnyRequest, openapi_schema: dict[str, Any]) -> bytes:
        return msgspec.json.encode(describe(request.app))


@get(PATH, opt=needs(Role.VIEWER), include_in_schema=False)
async def show_description(request: AnyRequest) -> Response[bytes]:
    return Response(msgspec.json.encode(describe(request.app)), media_type=MediaType.JSON)


def describe(app: Litestar) -> dict[str, Any]:
    """The whole document, made once for each application."""
    if "openapi" not in app.state:
        app.state.openapi = complete(app)
    document: dict[str, Any] = app.state.openapi
    return document


def complete(app: Litestar) -> dict[str, Any]:
    document = app.openapi_schema.to_schema()
    components = document.setdefault("components", {})
    components.setdefault("schemas", {})["Problem"] = PROBLEM
    components["securitySchemes"] = {"token": TOKEN}
    for method, path, handler in doors_of(app):
        operation = document["paths"].get(path, {}).get(method.lower())
        if operation is None:
            continue
        operation["responses"]["default"] = REFUSED
        role: Role | None = handler.opt["needs"]
        operation["security"] = [{"token": [role.value]}] if role else []
    return document


CONFIG = OpenAPIConfig(
    title="Orca",
    version=VERSION,
    use_handler_docstrings=True,
    render_plugins=[WholeJson(path="/openapi.json")],
    # Behind a token like everything else.
    openapi_router=Router(
        path="/api/v1/openapi",
        route_handlers=[],
        include_in_schema=False,
        opt=needs(Role.VIEWER),
    ),
)
