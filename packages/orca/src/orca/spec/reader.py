"""Compares a document with the types and says everything that does not fit, not the first only."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Any

from msgspec import inspect

from orca.spec.problems import Code, Path

SHOWN_MAX = 60


@dataclass(frozen=True, slots=True)
class Misfit:
    """A value that is not what its type says, by its path."""

    path: Path
    code: Code
    words: str
    advice: str


def misfits(value: Any, shape: inspect.Type, path: Path = ()) -> Iterator[Misfit]:
    """Everything in the value that is not of the shape."""
    if isinstance(shape, inspect.Metadata):
        words = (shape.extra_json_schema or {}).get("description", "")
        for found in misfits(value, shape.type, path):
            is_own = found.code is Code.MALFORMED and found.path == path
            yield replace(found, advice=words) if is_own else found
        return
    yield from READERS[type(shape)](value, shape, path)


def of_table(value: Any, shape: inspect.StructType, path: Path) -> Iterator[Misfit]:
    if not isinstance(value, dict):
        yield wrong_type(value, "a table", path)
        return
    fields = {field.encode_name: field for field in shape.fields}
    for key, inner in value.items():
        if key in fields:
            yield from misfits(inner, fields[key].type, (*path, key))
        else:
            yield unknown_key(key, fields, path)
    for name, field in fields.items():
        if field.required and name not in value:
            yield Misfit(path, Code.MISSING_KEY, f"`{name}` is missing.", f"Add {name} = ….")


def unknown_key(key: str, known: Mapping[str, Any], path: Path) -> Misfit:
    near = get_close_matches(key, known, 1, 0.6)
    advice = f"Did you mean `{near[0]}`?" if near else f"Known are: {', '.join(sorted(known))}."
    return Misfit((*path, key), Code.UNKNOWN_KEY, f"`{clipped(key)}` is not known here.", advice)


def of_map(value: Any, shape: inspect.DictType, path: Path) -> Iterator[Misfit]:
    if not isinstance(value, dict):
        yield wrong_type(value, "a table", path)
        return
    yield from within(len(value), shape.min_length, shape.max_length, "entries", path)
    for key, inner in value.items():
        yield from misfits(key, shape.key_type, (*path, key))
        yield from misfits(inner, shape.value_type, (*path, key))


def of_list(value: Any, shape: inspect.VarTupleType, path: Path) -> Iterator[Misfit]:
    if not isinstance(value, list):
        yield wrong_type(value, "a list in [ ]", path)
        return
    yield from within(len(value), shape.min_length, shape.max_length, "entries", path)
    for index, inner in enumerate(value[: shape.max_length]):
        yield from misfits(inner, shape.item_type, (*path, index))


def of_text(value: Any, shape: inspect.StrType, path: Path) -> Iterator[Misfit]:
    if not isinstance(value, str):
        yield wrong_type(value, 'a text in " "', path)
        return
    too_long = list(within(len(value), shape.min_length, shape.max_length, "characters", path))
    yield from too_long
    # A pattern is not asked about what is too long: bounds come before work.
    if shape.pattern and not too_long and not re.fullmatch(shape.pattern, value):
        words = f"{shown(value)} is not allowed here."
        yield Misfit(path, Code.MALFORMED, words, f"It has to match {shape.pattern}")


def of_whole_number(value: Any, shape: inspect.IntType, path: Path) -> Iterator[Misfit]:
    if not isinstance(value, int) or isinstance(value, bool):
        yield wrong_type(value, "a whole number", path)
        return
    yield from within(value, shape.ge, shape.le, "", path)


def of_number(value: Any, shape: inspect.FloatType, path: Path) -> Iterator[Misfit]:
    if not isinstance(value, int | float) or isinstance(value, bool):
        yield wrong_type(value, "a number", path)
        return
    # What is not a number is neither less nor more than a bound.
    yield from within(-1 if math.isnan(value) else value, shape.ge, shape.le, "", path)


def of_flag(value: Any, _shape: inspect.BoolType, path: Path) -> Iterator[Misfit]:
    if not isinstance(value, bool):
        yield wrong_type(value, "true or false", path)


def of_choice(value: Any, shape: inspect.LiteralType, path: Path) -> Iterator[Misfit]:
    if value in shape.values and isinstance(value, str):
        return
    words = f"{shown(value)} is none of the choices."
    advice = f"Write one of: {', '.join(map(str, shape.values))}."
    yield Misfit(path, Code.NOT_A_CHOICE, words, advice)


def of_optional(value: Any, shape: inspect.UnionType, path: Path) -> Iterator[Misfit]:
    """TOML has no null, so what may be missing is either not there or of its one type."""
    [inner] = [one for one in shape.types if not isinstance(one, inspect.NoneType)]
    yield from misfits(value, inner, path)


def within(
    value: float, least: float | None, most: float | None, unit: str, path: Path
) -> Iterator[Misfit]:
    if least is not None and value < least:
        words = f"{value:g} {unit}".strip() + " is too little."
        yield Misfit(path, Code.OUT_OF_BOUNDS, words, f"At least {least:g} {unit}".strip() + ".")
    elif most is not None and value > most:
        words = f"{value:g} {unit}".strip() + " is too much."
        yield Misfit(path, Code.OUT_OF_BOUNDS, words, f"At most {most:g} {unit}".strip() + ".")


def wrong_type(value: Any, wanted: str, path: Path) -> Misfit:
    words = f"{shown(value)} is {named(value)}."
    return Misfit(path, Code.WRONG_TYPE, words, f"Write {wanted}.")


def named(value: Any) -> str:
    names = {bool: "true or false", int: "a whole number", float: "a number", str: "a text"}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "a list"
    return "a table" if isinstance(value, Mapping) else names.get(type(value), "a date or time")


def shown(value: Any) -> str:
    return clipped(repr(value) if isinstance(value, str) else str(value))


def clipped(said: str) -> str:
    """On one line, and not without end."""
    said = said if said.isprintable() else said.encode("unicode_escape").decode("ascii")
    return said if len(said) <= SHOWN_MAX else f"{said[:SHOWN_MAX]}…"


READERS: dict[type[inspect.Type], Callable[[Any, Any, Path], Iterator[Misfit]]] = {
    inspect.StructType: of_table,
    inspect.DictType: of_map,
    inspect.VarTupleType: of_list,
    inspect.StrType: of_text,
    inspect.IntType: of_whole_number,
    inspect.FloatType: of_number,
    inspect.BoolType: of_flag,
    inspect.LiteralType: of_choice,
    inspect.UnionType: of_optional,
}
