"""The pages at /api/docs: the description of the API, laid out for people by the server."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from litestar import get
from litestar.response import Template

from kitchenasty.kit.http import openapi
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.web import WebRequest, page

REFERENCE = "#/components/schemas/"
VERBS = ("get", "post", "put", "patch", "delete")
NAMES_OF_BOUNDS = {
    "minimum": "at least",
    "maximum": "at most",
    "minLength": "at least this many characters:",
    "maxLength": "at most this many characters:",
    "maxItems": "at most this many:",
}


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a body or a parameter of a request, told in words."""

    name: str
    place: str
    kind: str
    links_to: str | None
    is_required: bool
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing that can be asked of the API."""

    id: str
    verb: str
    path: str
    summary: str
    description: str
    needs_token: bool
    parameters: tuple[Field, ...]
    body: Field | None
    answers: tuple[tuple[str, str, Field | None], ...]


@dataclass(frozen=True, slots=True)
class Shape:
    """A named shape of JSON."""

    id: str
    description: str
    fields: tuple[Field, ...]
    words: tuple[str, ...]


@get("/api/docs", opt=access(Access.PUBLIC), include_in_schema=False)
async def show_reference(request: WebRequest) -> Template:
    """Every operation and every shape on one page, for reading and for searching in the browser."""
    document = openapi.describe(request.app)
    shapes = document["components"]["schemas"]
    return page(
        "kit/reference.html",
        version=document["info"]["version"],
        groups=list(groups_of(document)),
        shapes=[shape_of(name, shapes[name]) for name in sorted(shapes)],
    )


def groups_of(document: dict[str, Any]) -> Iterator[tuple[str, list[Operation]]]:
    """The operations under the tag of their door, as they come in the document."""
    groups: dict[str, list[Operation]] = {}
    for path, operations in document["paths"].items():
        for verb in VERBS:
            if found := operations.get(verb):
                [tag, *_] = found.get("tags", ["Other"])
                groups.setdefault(tag, []).append(operation_of(verb, path, found))
    yield from groups.items()


def operation_of(verb: str, path: str, found: dict[str, Any]) -> Operation:
    return Operation(
        id=found["operationId"],
        verb=verb.upper(),
        path=path,
        summary=found.get("summary", ""),
        description=found.get("description", ""),
        needs_token={} not in found["security"],
        parameters=tuple(
            field_of(one["name"], one["schema"], place=one["in"], is_required=one["required"])
            for one in found.get("parameters", ())
        ),
        body=content_of(found.get("requestBody", {})),
        answers=tuple(
            (code, answer["description"], content_of(answer))
            for code, answer in sorted(found["responses"].items())
        ),
    )


def content_of(message: dict[str, Any]) -> Field | None:
    """What a request or an answer holds; None if that is nothing, or no JSON."""
    schema = message.get("content", {}).get("application/json", {}).get("schema")
    return None if schema is None else field_of("", schema, place="body", is_required=True)


def shape_of(name: str, schema: dict[str, Any]) -> Shape:
    required = schema.get("required", ())
    return Shape(
        id=name,
        description=schema.get("description", ""),
        fields=tuple(
            field_of(field, found, place="body", is_required=field in required)
            for field, found in schema.get("properties", {}).items()
        ),
        words=tuple(str(word) for word in schema.get("enum", ())),
    )


def field_of(name: str, schema: dict[str, Any], *, place: str, is_required: bool = False) -> Field:
    kind, target = kind_of(schema)
    notes = [f"{words} {schema[key]}" for key, words in NAMES_OF_BOUNDS.items() if key in schema]
    if "default" in schema:
        notes.append(f"otherwise {schema['default']}")
    if schema.get("description"):
        notes.append(schema["description"])
    return Field(name, place, kind, target, is_required, tuple(notes))


def kind_of(schema: dict[str, Any]) -> tuple[str, str | None]:
    """The type in words, and the named shape that it leads to."""
    if reference := schema.get("$ref"):
        target = reference.removeprefix(REFERENCE)
        return readable(target), target
    if choices := schema.get("oneOf") or schema.get("anyOf") or schema.get("allOf"):
        kinds = [kind_of(choice) for choice in choices]
        return " or ".join(kind for kind, _ in kinds), next((t for _, t in kinds if t), None)
    if schema.get("type") == "array":
        kind, target = kind_of(schema.get("items", {}))
        return f"list of {kind}", target
    if words := schema.get("enum"):
        return " | ".join(str(word) for word in words), None
    named = schema.get("format") or schema.get("type") or "anything"
    return (" or ".join(named) if isinstance(named, list) else str(named)), None


def readable(target: str) -> str:
    """`Envelope_kitchenasty.orders.schemas.OrderView_` as `Envelope of OrderView`."""
    outer, _, inner = target.partition("_")
    if not inner:
        return target.rpartition(".")[2]
    last = inner.rstrip("_").rpartition(".")[2]
    return f"{outer} of {last}"
