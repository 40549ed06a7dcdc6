"""What others may react to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from basis.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class FloorChanged(Event):
    """Tables of a house were blocked or given back, or stand elsewhere on its plan."""

    topic: ClassVar[str] = "floor.changed"
    house_id: str
