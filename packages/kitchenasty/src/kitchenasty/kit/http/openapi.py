"""The description of the API at /api/openapi.json: what the types say, and what every door shares.

Each operation gets the refusals that any of them may give and the token that it needs, so clients
and tests can rely on the description alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from litestar import Litestar
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.spec import OpenAPIType, Schema
from litestar.plugins import OpenAPISchemaPlugin
from litestar.typing import FieldDefinition

from basis.kit.http import describing
from basis.kit.http.describing import REFUSED, keep_taken, with_problem
from kitchenasty.kit.http.access import Access, handlers_of
from kitchenasty.kit.principals import Scope

BEARER = "bearer"
SHAPES = "#/components/schemas/"
ENVELOPE = re.compile(r"Envelope_(list_)?(?:[\w.]+\.)?(\w+)_")
SHARED = re.compile(r"([a-z]+)_\w*schemas_(\w+)")
BEARER_SCHEME = {
    "type": "http",
    "scheme": "bearer",
    "description": "What `POST /api/auth/staff/login` and `POST /api/auth/customer/login` "
    "give out, or an API key where the operation names its scope",
}
AWAY = REFUSED | {"description": "Out of order for a moment: the header Retry-After says how long"}


class ExactNumbers(OpenAPISchemaPlugin):
    """Money is a JSON number, which the framework takes for a text."""

    @staticmethod
    def is_plugin_supported_type(value: Any) -> bool:
        return value is Decimal

    def to_openapi_schema(self, field_definition: FieldDefinition, schema_creator: Any) -> Schema:
        return Schema(type=OpenAPIType.NUMBER)


def describe(app: Litestar) -> dict[str, Any]:
    return describing.describe(app, complete)


def complete(app: Litestar) -> dict[str, Any]:
    document = rename_shapes(with_problem(app))
    document["components"]["securitySchemes"] = {BEARER: BEARER_SCHEME}
    for route, handler in handlers_of(app):
        operations = document["paths"].get(route.path_format, {})
        assert isinstance(handler, HTTPRouteHandler)
        for method in handler.http_methods:
            if method.lower() in operations:
                add_shared(operations[method.lower()], handler.opt["access"], handler.opt["key"])
    for path, operations in document["paths"].items():
        if created := operations.get("post", {}).get("responses", {}).get("201"):
            created["links"] = dict(links_to(document["paths"], path))
    return document


def rename_shapes(document: dict[str, Any]) -> dict[str, Any]:
    """The same document with names for people: those of the framework tell our folders."""
    shapes = document["components"]["schemas"]
    names = {name: name_of_shape(name) for name in shapes}
    assert len(set(names.values())) == len(names), "two shapes would have one name"

    def renamed(part: Any) -> Any:
        if isinstance(part, list):
            return [renamed(one) for one in part]
        if not isinstance(part, dict):
            return part
        kept = {key: renamed(value) for key, value in part.items()}
        if isinstance(reference := part.get("$ref"), str):
            kept["$ref"] = SHAPES + names[reference.removeprefix(SHAPES)]
        return kept

    whole: dict[str, Any] = renamed(document)
    whole["components"]["schemas"] = {
        names[name]: renamed(shape) | {"title": names[name]} for name, shape in shapes.items()
    }
    return whole


def name_of_shape(name: str) -> str:
    """`OrderViewList` for an envelope with a list of them, `MenuItemView` where slices share."""
    if envelope := ENVELOPE.fullmatch(name):
        what = "Message" if envelope[2] == "NoneType" else envelope[2]
        return f"{what}{'List' if envelope[1] else ''}Answer"
    if shared := SHARED.fullmatch(name):
        return shared[1].title() + shared[2]
    return name


def words_of(operation_id: str) -> str:
    """`ListMyOrders` as "List my orders"."""
    return re.sub(r"(?<!^)([A-Z])", r" \1", operation_id).capitalize()


def links_to(paths: dict[str, Any], collection: str) -> Iterator[tuple[str, Any]]:
    """What can be done with a thing that was just made at `collection`: its id leads there."""
    for path, operations in paths.items():
        if parameter := re.match(re.escape(collection) + r"/\{(\w+)\}", path):
            for operation in operations.values():
                name = operation["operationId"]
                given = {parameter[1]: "$response.body#/data/id"}
                yield name, {"operationId": name, "parameters": given}


def add_shared(operation: dict[str, Any], level: Access, scope: Scope | None) -> None:
    """The refusals of every door, and who may open this one."""
    operation["summary"] = words_of(operation["operationId"])
    operation["responses"] = keep_taken(operation) | {"4XX": REFUSED, "503": AWAY}
    proof: list[dict[str, list[str]]] = [{BEARER: []}]
    operation["security"] = proof if level is not Access.PUBLIC else [{}, *proof]
    if scope is not None:
        operation["x-api-key-scope"] = scope.value
        operation["description"] += f"\n\nAn API key needs the scope `{scope.value}`."


WHOLE_JSON = describing.WholeJson(complete, path="/openapi.json")
