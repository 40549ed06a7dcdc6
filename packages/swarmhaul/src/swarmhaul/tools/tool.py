"""A tool: its name, what it is for, what it takes and gives, and what carries it out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import msgspec

from basis.kit.http.doors import AnyRequest
from swarmhaul.api.access import Ask, Needs
from swarmhaul.protocol import Arguments

PREFIX = "swarmhaul_"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool:
    """`changes` says what its use changes for good; None: it only reads. `needs` and `ask` are what
    they are at a door.
    """

    name: str
    title: str
    words: str
    takes: type[Arguments]
    gives: type[msgspec.Struct]
    use: Callable[[AnyRequest, Any], Awaitable[msgspec.Struct]]
    changes: str | None = None
    needs: Needs = Needs.NOTHING
    ask: Ask | None = None
    is_destructive: bool = False

    @property
    def only_reads(self) -> bool:
        return self.changes is None
