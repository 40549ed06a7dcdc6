"""Tools and our types as clients of the protocol read them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec

from basis.errors import Invalid

DEFINITIONS = "#/$defs/{name}"
ONLY_HERE = r"\Z"
"""Python's end of a text, which other languages do not know; with them `$` means the same."""


class Arguments(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """Exactly these: what is asked and not understood is refused, not ignored."""


class ArgumentsUnfit(Invalid):
    """What a tool was given is not what it takes."""


T = TypeVar("T", bound=Arguments)


def read_arguments(name: str, arguments: Mapping[str, Any], kind: type[T]) -> T:
    """Raises ArgumentsUnfit."""
    try:
        return msgspec.convert(dict(arguments), kind)
    except (msgspec.ValidationError, RecursionError) as error:
        raise ArgumentsUnfit(f"{name}: {error}.") from error


def hints(*, only_reads: bool, is_destructive: bool) -> dict[str, bool]:
    return {
        "readOnlyHint": only_reads,
        "destructiveHint": is_destructive,
        # What was signed is carried out once, however often it is sent.
        "idempotentHint": True,
        "openWorldHint": False,
    }


def schema_of(kind: type[msgspec.Struct]) -> dict[str, Any]:
    """The schema with an object at its root, as the protocol asks for."""
    _, found = msgspec.json.schema_components([kind], ref_template=DEFINITIONS)
    components = mend(found)
    root: dict[str, Any] = components.pop(kind.__name__)
    return {**root, "$defs": components} if components else root


def mend(part: Any) -> Any:
    """The same with patterns that every language reads."""
    if isinstance(part, dict):
        return {
            name: value.replace(ONLY_HERE, "$")
            if name == "pattern" and isinstance(value, str)
            else mend(value)
            for name, value in part.items()
        }
    if isinstance(part, list):
        return [mend(one) for one in part]
    return part
