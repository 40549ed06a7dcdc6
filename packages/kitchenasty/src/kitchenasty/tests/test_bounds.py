"""Whatever comes in is bounded: every text, number and list of every form and parameter (X2)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

import httpx
import msgspec
import msgspec.inspect as shapes
import pytest
from hypothesis import given
from hypothesis import strategies as st
from litestar import Litestar

from basis.kit.http.wire import Form
from basis.kit.texts import one_line
from kitchenasty.kit.http.access import handlers_of

HELD_ELSEWHERE = {"page", "limit"}
"""`paging.Page.of` brings these into their range instead of refusing them."""

WHOLE = (
    shapes.StructType,
    shapes.UnionType,
    shapes.TupleType,
    shapes.Metadata,
    shapes.EnumType,
    shapes.BoolType,
    shapes.DateType,
    shapes.NoneType,
    shapes.LiteralType,
)
"""Shapes that are as large as what they are made of."""


def forms_of(app: Litestar) -> list[type]:
    """Every shape that a door reads from a body; one that decodes it by itself says which."""
    found: dict[type, None] = {}
    for _, handler in handlers_of(app):
        parameter = handler.parsed_fn_signature.parameters.get("data")
        kind = parameter.annotation if parameter else handler.opt.get("reads")
        if kind not in (None, dict):
            found[kind] = None
    return list(found)


def unbounded_in(shape: shapes.Type, path: str) -> Iterator[str]:
    """Where something of any size would be read."""
    if not is_bounded(shape):
        yield f"{path}: {type(shape).__name__} without bounds"
    for name, part in parts_in(shape):
        yield from unbounded_in(part, path + name)


def parts_in(shape: shapes.Type) -> list[tuple[str, shapes.Type]]:
    """What a shape is made of, each part with the words that lead to it."""
    match shape:
        case shapes.StructType(fields=fields):
            return [(f".{field.encode_name}", field.type) for field in fields]
        case shapes.UnionType(types=types):
            return [("", one) for one in types]
        case shapes.TupleType(item_types=types):
            return [("[]", one) for one in types]
        case shapes.ListType(item_type=one):
            return [("[]", one)]
        case shapes.Metadata(type=one) if not isinstance(one, shapes.DecimalType | shapes.AnyType):
            return [("", one)]
        case _:
            return []


def is_bounded(shape: shapes.Type) -> bool:
    """Of this shape itself, whatever it is made of."""
    match shape:
        case shapes.StrType(max_length=most, pattern=pattern):
            return most is not None or (pattern or "").endswith("$")
        case shapes.IntType(ge=least, le=most) | shapes.FloatType(ge=least, le=most):
            return least is not None and most is not None
        case shapes.ListType(max_length=most):
            return most is not None
        case shapes.Metadata(type=shapes.DecimalType(), extra_json_schema=schema):
            return has_range(schema)
        case shapes.Metadata(type=shapes.AnyType(), extra_json_schema=schema):
            # What can be written in several ways is read, and held to its bounds, by a rule.
            return schema is not None and schema.keys() >= {"maxItems", "maxProperties"}
        case _:
            return isinstance(shape, WHOLE)


def has_range(schema: dict[str, Any] | None) -> bool:
    return schema is not None and schema.keys() >= {"minimum", "maximum"}


def test_every_field_that_comes_in_has_bounds(app: Litestar) -> None:
    forms = forms_of(app)
    found = [line for kind in forms for line in unbounded_in(shapes.type_info(kind), kind.__name__)]
    print(f"X2: {len(forms)} forms read, {len(found)} fields without bounds")
    assert len(forms) > 20
    assert "\n".join(found) == ""


def test_the_check_sees_what_has_no_bounds() -> None:
    class Loose(msgspec.Struct):
        name: str
        count: int
        tags: list[int]

    assert len(list(unbounded_in(shapes.type_info(Loose), "Loose"))) == 4


def test_every_text_parameter_of_the_api_has_bounds(app: Litestar) -> None:
    paths = app.openapi_schema.to_schema()["paths"]
    loose = [
        f"{method} {path}: {parameter['name']}"
        for path, operations in paths.items()
        for method, operation in operations.items()
        for parameter in operation.get("parameters", ())
        if parameter["name"] not in HELD_ELSEWHERE
        if any(is_loose(part) for part in parts_of(parameter["schema"]))
    ]
    assert "\n".join(loose) == ""


def parts_of(schema: dict[str, Any]) -> list[dict[str, Any]]:
    """The alternatives of a schema, each with the bounds that stand around them all."""
    return [schema | part for part in schema.get("oneOf", [schema])]


def is_loose(schema: dict[str, Any]) -> bool:
    if schema.get("type") == "string":
        return not schema.keys() & {"maxLength", "enum", "format"}
    return schema.get("type") in ("integer", "number") and not has_range(schema)


def test_every_form_with_texts_cleans_them(app: Litestar) -> None:
    """A form that is none of ours would let control codes through to the kitchen's printer, and a
    NUL to PostgreSQL, which keeps none.
    """
    bare = [
        kind.__name__
        for kind in forms_of(app)
        if not issubclass(kind, Form) and "StrType" in repr(shapes.type_info(kind))
    ]
    assert bare == []


@pytest.mark.parametrize("path", ["/sign-in", "/setup", "/api/auth/customer/login"])
async def test_a_nul_in_a_name_is_no_fault(client: httpx.AsyncClient, path: str) -> None:
    sent = {"email": "ada\0@house.example", "password": "x\0yzabc", "name": "\0", "code": "\0a"}
    body: dict[str, Any] = {"json": sent} if path.startswith("/api/") else {"data": sent}
    answer = await client.post(path, headers={"origin": "http://house.example"}, **body)
    assert answer.status_code in (400, 401, 403)


class Sign(Form):
    words: str
    title: str = "x"
    secret: str = ""
    story: str = ""
    tags: list[str] = []

    VERBATIM = frozenset({"secret"})
    PARAGRAPHS = frozenset({"story"})


class Named(Form):
    name: Annotated[str, msgspec.Meta(min_length=1)]


@given(st.text(), st.text())
def test_a_form_keeps_what_can_be_read_or_refuses(words: str, secret: str) -> None:
    sent = msgspec.json.encode({"words": words, "secret": secret, "tags": [words]})
    try:
        sign = msgspec.json.decode(sent, type=Sign)
    except msgspec.ValidationError:
        assert not one_line(words)
        return
    assert sign.words.replace("\u200c", "").replace("\u200d", "").isprintable()
    assert sign.secret == secret
    assert sign.tags == [sign.words]


@pytest.mark.parametrize("name", [" ", "\x00", "\u200b\u202e"])
def test_a_name_of_nothing_is_refused(name: str) -> None:
    with pytest.raises(msgspec.ValidationError, match="can be read"):
        msgspec.json.decode(msgspec.json.encode({"name": name}), type=Named)
