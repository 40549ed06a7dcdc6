"""What happened to settings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from basis.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsChanged(Event):
    """Somebody changed settings of a group."""

    topic: ClassVar[str] = "settings.changed"
    group: str
    names: tuple[str, ...]
