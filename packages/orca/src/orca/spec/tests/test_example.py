"""The commented example of the docs is the documentation: it is taken, and it shows every key."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec import inspect

from orca.spec import ClusterFile, ServiceFile, bytes_of, load_project, milli_of, schema_text

OPERATORS = Path(__file__).parents[6] / "docs" / "operators" / "orca"
EXAMPLE = OPERATORS / "example"


def keys_of(shape: inspect.Type, name: str = "") -> Iterator[str]:
    """Every key that the types know, by its table."""
    if isinstance(shape, inspect.Metadata):
        yield from keys_of(shape.type, name)
    elif isinstance(shape, inspect.StructType):
        for field in shape.fields:
            yield f"{name}.{field.encode_name}"
            yield from keys_of(field.type, f"{name}.{field.encode_name}")
    elif isinstance(shape, inspect.VarTupleType):
        yield from keys_of(shape.item_type, name)
    elif isinstance(shape, inspect.UnionType):
        for one in shape.types:
            yield from keys_of(one, name)


def keys_in(value: Any, name: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield f"{name}.{key}"
            yield from keys_in(inner, f"{name}.{key}")
    elif isinstance(value, list):
        for inner in value:
            yield from keys_in(inner, name)


def test_the_example_is_taken() -> None:
    project = load_project(EXAMPLE)
    assert list(project.services) == [
        "shop/api", "shop/cache", "shop/db", "shop/web", "tools/captions",
    ]  # fmt: skip
    web = project.services["shop/web"].service
    assert (web.replicas, web.port, web.health) == (3, 8080, "/healthz")
    captions = project.services["tools/captions"].service.resources
    assert (bytes_of(captions.memory), milli_of(captions.cpu)) == (8 << 30, 2_000)


@pytest.mark.parametrize(
    ("files", "kind"),
    [("cluster.toml", ClusterFile), ("services/*/service.toml", ServiceFile)],
)
def test_the_example_shows_every_key(files: str, kind: type) -> None:
    shown = {
        key for path in EXAMPLE.glob(files) for key in keys_in(tomllib.loads(path.read_text()))
    }
    known = set(keys_of(inspect.type_info(kind)))
    # Both probes have the same keys; it is enough to see each once.
    twins = {key.replace("liveness", "readiness") for key in shown} | {
        key.replace("readiness", "liveness") for key in shown
    }
    assert known - shown - twins == set()


@pytest.mark.parametrize("name", ["cluster", "service"])
def test_the_schema_in_the_docs_is_the_one_of_the_types(name: str) -> None:
    """`make docs` writes it again."""
    assert (OPERATORS / f"{name}.schema.json").read_text() == schema_text(name)


def patterns_without_words(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        if "pattern" in schema and "description" not in schema:
            yield schema["pattern"]
        for inner in schema.values():
            yield from patterns_without_words(inner)
    elif isinstance(schema, list):
        for inner in schema:
            yield from patterns_without_words(inner)


@pytest.mark.parametrize("kind", [ClusterFile, ServiceFile])
def test_no_pattern_is_without_words(kind: type) -> None:
    """Whoever reads a refusal need not read regular expressions."""
    import msgspec  # noqa: PLC0415

    assert list(patterns_without_words(msgspec.json.schema(kind))) == []
