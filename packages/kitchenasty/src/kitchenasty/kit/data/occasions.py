"""What can happen, as rules see it: an event, and the facts that are then known.

Each slice brings its own in `occasions.py`; whoever reads rules knows no slice.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from basis.facts import Fact
from kitchenasty.kit.data.outbox import StoredEvent
from kitchenasty.kit.data.work import Look

Loaded = Mapping[str, Mapping[str, Any]]
"""Facts by the id of their event. An event of which nothing is left has none."""


@dataclass(frozen=True, slots=True)
class Occasion:
    """`load` asks the same few questions however many events it is given."""

    topic: str
    words: str
    facts: tuple[Fact, ...]
    load: Callable[[Look, Sequence[StoredEvent]], Awaitable[Loaded]]
