"""A domain event: a frozen fact, named in the past tense, carrying ids and not objects."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Subclasses name their `topic` (`order.placed`) and hold plain values only."""

    topic: ClassVar[str]

    def to_payload(self) -> dict[str, Any]:
        """The fields as plain JSON values: enums as their value, instants as ISO text."""
        return {field.name: plain(getattr(self, field.name)) for field in dataclasses.fields(self)}


def plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value
