"""What happens to those who wait for a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from basis.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingChanged(Event):
    """How it stands with a party that waits is another now."""

    topic: ClassVar[str] = "waiting.changed"
    waiting_id: str
    house_id: str
