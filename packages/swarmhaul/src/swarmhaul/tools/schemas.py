"""JSON schemas of our types as clients of MCP read them."""

from __future__ import annotations

from typing import Any

import msgspec

DEFINITIONS = "#/$defs/{name}"
ONLY_HERE = r"\Z"
"""Python's end of a text, which other languages do not know; with them `$` means the same."""


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
