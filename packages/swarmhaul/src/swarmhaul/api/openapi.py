"""The description of the API at /api/openapi.json: what the types say, what statements hold, and
what every door may refuse.
"""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import Litestar, Response, get

from basis.kit.http import describing
from basis.kit.http.doors import AnyRequest, doors_of
from swarmhaul.api.access import Ask, Needs, needs
from swarmhaul.identity import Statement

COMPONENTS = "#/components/schemas/{name}"
SIGNATURE = {
    "name": "X-Signature",
    "in": "header",
    "required": True,
    "schema": {"type": "string", "maxLength": 88},
    "description": "Ed25519 over the byte ff, `swarmhaul statement v1`, a line feed and the body; "
    "in base58",
}


@get("/api/openapi.json", opt=needs(Needs.NOTHING), include_in_schema=False)
async def show_description(request: AnyRequest) -> Response[bytes]:
    return describing.show(request.app, complete)


def complete(app: Litestar) -> dict[str, Any]:
    document = describing.with_problem(app)
    for method, path, handler in doors_of(app):
        described = document["paths"].get(path.replace(":str", ""), {})
        operation = described.get(method.lower())
        if operation is None:
            continue
        operation["responses"] = describing.keep_taken(operation) | {"default": describing.REFUSED}
        ask: Ask | None = handler.opt.get("ask")
        if ask is not None:
            operation["requestBody"] = body_of(ask, document["components"]["schemas"])
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


WHOLE_JSON = describing.WholeJson(complete, path="/openapi.json")
