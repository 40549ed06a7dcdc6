"""The description of the API at /api/openapi.json: what the types say, what statements hold, and
what every door may refuse.
"""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import Litestar, Response, get
from litestar.enums import MediaType
from litestar.openapi.plugins import JsonRenderPlugin

from swarmhaul.api.access import AnyRequest, Ask, Needs, doors_of, needs
from swarmhaul.identity import Statement

COMPONENTS = "#/components/schemas/{name}"
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
SIGNATURE = {
    "name": "X-Signature",
    "in": "header",
    "required": True,
    "schema": {"type": "string", "maxLength": 88},
    "description": "Ed25519 over the byte ff, `swarmhaul statement v1`, a line feed and the body; "
    "in base58",
}


class WholeJson(JsonRenderPlugin):
    """The same document at the framework's own address."""

    def render(self, request: AnyRequest, openapi_schema: dict[str, Any]) -> bytes:
        return msgspec.json.encode(describe(request.app))


@get("/api/openapi.json", opt=needs(Needs.NOTHING), include_in_schema=False)
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
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    schemas["Problem"] = PROBLEM
    for method, path, handler in doors_of(app):
        described = document["paths"].get(path.replace(":str", ""), {})
        operation = described.get(method.lower())
        if operation is None:
            continue
        # The framework would describe refusals of its own; ours have one shape whoever refuses.
        taken = {code: what for code, what in operation["responses"].items() if code < "400"}
        operation["responses"] = taken | {"default": REFUSED}
        ask: Ask | None = handler.opt.get("ask")
        if ask is not None:
            operation["requestBody"] = body_of(ask, schemas)
            operation.setdefault("parameters", []).append(SIGNATURE)
            operation["description"] = f"Needs the key of {ask.whose}."
    return document


def body_of(ask: Ask, schemas: dict[str, Any]) -> dict[str, Any]:
    """A statement whose purpose and terms are those of the door."""
    (terms,), made = msgspec.json.schema_components([ask.terms], ref_template=COMPONENTS)
    (_,), around = msgspec.json.schema_components([Statement], ref_template=COMPONENTS)
    schemas.update(made)
    statement = around["Statement"]
    properties = statement["properties"] | {"purpose": {"const": ask.purpose}, "terms": terms}
    schema = statement | {"title": f"Statement for {ask.purpose}", "properties": properties}
    return {"required": True, "content": {"application/json": {"schema": schema}}}
