"""The description of the API at /api/v1/openapi.json: what the types say, the role of each door,
and what every door may refuse.
"""

from __future__ import annotations

from typing import Any

from litestar import Litestar, Response, Router, get
from litestar.openapi import OpenAPIConfig

from basis.kit.http import describing
from basis.kit.http.doors import AnyRequest, doors_of
from orca.access import Role
from orca.api.guarding import needs

VERSION = "1.0.0"
PATH = "/api/v1/openapi.json"
TOKEN = {"type": "http", "scheme": "bearer", "description": "A token of `orca token create`"}


@get(PATH, opt=needs(Role.VIEWER), include_in_schema=False)
async def show_description(request: AnyRequest) -> Response[bytes]:
    return describing.show(request.app, complete)


def complete(app: Litestar) -> dict[str, Any]:
    document = describing.with_problem(app)
    document["components"]["securitySchemes"] = {"token": TOKEN}
    for method, path, handler in doors_of(app):
        operation = document["paths"].get(path.replace(":str", ""), {}).get(method.lower())
        if operation is None:
            continue
        operation["responses"] = describing.keep_taken(operation) | {"default": describing.REFUSED}
        role: Role | None = handler.opt["needs"]
        operation["security"] = [{"token": [role.value]}] if role else []
    return document


CONFIG = OpenAPIConfig(
    title="Orca",
    version=VERSION,
    use_handler_docstrings=True,
    render_plugins=[describing.WholeJson(complete, path="/openapi.json")],
    # Behind a token like everything else.
    openapi_router=Router(
        path="/api/v1/openapi",
        route_handlers=[],
        include_in_schema=False,
        opt=needs(Role.VIEWER),
    ),
)
