"""What can happen, as rules see it: an event, and the facts that are then known.

Each slice brings its own in `occasions.py`; whoever reads rules knows no slice.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from basis.facts import Fact
from basis.kit.data.outbox import StoredEvent
from basis.kit.data.work import Look

Loaded = Mapping[str, Mapping[str, Any]]
"""Facts by the id of their event. An event of which nothing is left has none."""


@dataclass(frozen=True, slots=True)
class Occasion:
    """`load` asks the same few questions however many events it is given."""

    topic: str
    words: str
    facts: tuple[Fact, ...]
    load: Callable[[Look[Any], Sequence[StoredEvent]], Awaitable[Loaded]]


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that is to be, or was, at an instant: `about_id` says of what, `zone` on which wall
    it is read. Nobody waits for a moment before it is `known_since`.
    """

    about_id: str
    at: datetime
    zone: str
    known_since: datetime


@dataclass(frozen=True, slots=True)
class Schedule:
    """A moment that rules count from, some time after it or, if it is known before, before it.
    `find` gives those from one instant to another, `load` what is known of them by their ids.
    """

    topic: str
    words: str
    facts: tuple[Fact, ...]
    find: Callable[[Look[Any], datetime, datetime], Awaitable[Sequence[Moment]]]
    load: Callable[[Look[Any], Sequence[str]], Awaitable[Loaded]]
    is_known_before: bool = True
    wins_back: bool = False
    """Whether it looks for people who stayed away: what they are written then is advertising."""
