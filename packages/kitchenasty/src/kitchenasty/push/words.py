"""What a phone shows, and who writes it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from kitchenasty.kit.books import UnitOfWork

TITLE_LENGTH_MAX = 100
BODY_LENGTH_MAX = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class PushWords:
    """`link` is a path of ours that a press opens. A message takes the place of an older one with
    the same `tag`, on the phone and on the way there. `facts` are for the app, which has links of
    its own.
    """

    title: str
    body: str
    link: str = "/"
    tag: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)

    def to_message(self) -> dict[str, str]:
        """What is encrypted for a browser."""
        return {
            "title": self.title[:TITLE_LENGTH_MAX],
            "body": self.body[:BODY_LENGTH_MAX],
            "link": self.link,
            "tag": self.tag,
        }


PushWriter = Callable[[UnitOfWork, dict[str, Any]], Awaitable[PushWords | None]]
"""Writes a message of its kind from its facts, in the current language; None if what it was about
has gone. It reads and changes nothing."""
