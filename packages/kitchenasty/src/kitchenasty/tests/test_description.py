"""/api/openapi.json: every door of the API is in it, told in words, and every answer is a shape."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from litestar import Litestar
from litestar.handlers import HTTPRouteHandler

from kitchenasty.kit.http import openapi
from kitchenasty.kit.http.access import Access, handlers_of

NOT_DESCRIBED = ("/api/openapi", "/api/docs")
SHAPES = "#/components/schemas/"


def operations_of(app: Litestar) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, operations in openapi.describe(app)["paths"].items():
        for method, operation in operations.items():
            yield f"{method.upper()} {path}", operation


def references_in(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        if isinstance(part.get("$ref"), str):
            yield part["$ref"]
        for value in part.values():
            yield from references_in(value)
    elif isinstance(part, list):
        for value in part:
            yield from references_in(value)


def test_every_door_of_the_api_is_described_with_who_may_use_it(app: Litestar) -> None:
    described = dict(operations_of(app))
    for route, handler in handlers_of(app):
        if not route.path.startswith("/api/") or route.path.startswith(NOT_DESCRIBED):
            continue
        assert isinstance(handler, HTTPRouteHandler)
        for method in handler.http_methods - {"HEAD"}:
            operation = described.pop(f"{method} {route.path_format}")
            is_open = {} in operation["security"]
            assert is_open == (handler.opt["access"] is Access.PUBLIC), route.path
    assert described == {}


def test_every_operation_is_told_in_words(app: Litestar) -> None:
    ids = []
    for name, operation in operations_of(app):
        ids.append(operation["operationId"])
        assert operation["summary"].split()[0].istitle(), name
        assert len(operation["description"]) >= 10, name
        assert operation["tags"], name
        assert {"4XX", "503"} <= operation["responses"].keys(), name
    assert len(set(ids)) == len(ids)
    assert not [one for one in ids if one.startswith("Api")]


def test_every_answer_and_body_is_a_shape_that_is_there(app: Litestar) -> None:
    document = openapi.describe(app)
    shapes = document["components"]["schemas"]
    for reference in references_in(document):
        assert reference.startswith(SHAPES)
        assert reference.removeprefix(SHAPES) in shapes, reference
    assert not [name for name in shapes if "." in name or "_" in name]
    for name, operation in operations_of(app):
        done = {code: one for code, one in operation["responses"].items() if code.startswith("2")}
        if "302" in operation["responses"]:  # it sends a browser on
            assert not done, name
            continue
        assert len(done) == 1, name
        if "204" in done:  # there is nothing to say
            assert "content" not in done["204"], name
            continue
        for answer in done.values():
            (content,) = answer["content"].values()
            shape = shapes[content["schema"]["$ref"].removeprefix(SHAPES)]
            assert "success" in shape["properties"], name
            assert {"data", "message"} & shape["properties"].keys(), name
