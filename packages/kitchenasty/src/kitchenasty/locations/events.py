"""What happened to houses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from basis.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class BusyChanged(Event):
    """Somebody said how busy a house is."""

    topic: ClassVar[str] = "house.busy"
    house_id: str
