"""What an agent knows of the containers of its node, and what it says of them."""

from __future__ import annotations

import math
import time
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from orca.agent.watching import STEADY_SECS, Watch, back_off, watch_of
from orca.planning import Seen
from orca.runtime import Container, ending_in_words
from orca.scheduling import CopyId

REASON_CHARACTERS_MAX = 400


@dataclass(slots=True)
class Trouble:
    """What went wrong with a copy beyond what its engine counts, and when to try again."""

    times: int = 0
    recent: int = 0
    """Of these, those that came one after the other: what went well for long enough is no reason
    to make anybody wait.
    """
    words: str = ""
    at: float = -math.inf
    not_before: float = 0

    def add(self, words: str, now: float) -> None:
        self.recent = self.recent + 1 if now - self.at < STEADY_SECS else 1
        self.times += 1
        self.words, self.at = words, now
        self.not_before = now + back_off(self.recent)


@dataclass
class Knowledge:
    """`seen` is what there was when the engine answered last. Until it has, nothing is known: that
    is not the same as that there is nothing.
    """

    seen: Mapping[CopyId, Container] | None = None
    found: Mapping[CopyId, Container] = field(default_factory=dict)
    """What ran already before this agent did anything."""
    engine: str = ""
    """In words what is wrong with the engine, if it does not answer."""
    watches: dict[CopyId, Watch] = field(default_factory=dict)
    troubles: dict[CopyId, Trouble] = field(default_factory=dict)
    tails: dict[CopyId, str] = field(default_factory=dict)

    def take(self, containers: Iterable[Container], wanted: Collection[CopyId]) -> None:
        """What the engine says. What is no longer wanted, or not there, is not remembered."""
        now_seen = {each.copy: each for each in containers}
        if self.seen is None:
            self.found = {copy: each for copy, each in now_seen.items() if is_up(each)}
            self.watches.clear()
        self.seen, self.engine = now_seen, ""
        for known in (self.watches, self.tails):
            for copy in [copy for copy in known if copy not in now_seen]:
                del known[copy]
        for copy in [copy for copy in self.troubles if copy not in wanted]:
            del self.troubles[copy]

    def trouble(self, copy: CopyId, words: str) -> None:
        self.troubles.setdefault(copy, Trouble()).add(words, time.monotonic())

    def may_try(self, copy: CopyId) -> bool:
        trouble = self.troubles.get(copy)
        return trouble is None or time.monotonic() >= trouble.not_before

    def watch_of(self, container: Container) -> Watch:
        """What ran before this agent began needs no time to come up."""
        since = -math.inf if self.was_found(container) else time.monotonic()
        return watch_of(self.watches.get(container.copy), container, since)

    def was_found(self, container: Container) -> bool:
        found = self.found.get(container.copy)
        return found is not None and found.started == container.started

    def is_still(self, container: Container) -> bool:
        """Whether there is what there was: an answer may take as long as it likes."""
        known = (self.seen or {}).get(container.copy)
        return known is not None and known.started == container.started

    def copies(self) -> set[CopyId]:
        """Of which something can be said."""
        return {*(self.watches if self.seen is None else self.seen), *self.troubles}

    def said_of(self, copy: CopyId, *, is_busy: bool) -> Seen:
        """`is_busy` is what is just being begun, ended or started again."""
        container = (self.found if self.seen is None else self.seen).get(copy)
        trouble = self.troubles.get(copy)
        up = container if container and is_up(container) and not is_busy else None
        is_ready = up is not None and self.answered(up)
        return Seen(
            copy,
            is_ready,
            (container.restarts if container else 0) + (trouble.times if trouble else 0),
            self.reason(copy, container, is_ready=is_ready)[:REASON_CHARACTERS_MAX],
            published_at(container),
            is_asked=up is None or copy in self.watches or not self.was_found(up),
        )

    def answered(self, container: Container) -> bool:
        """In its present run: the one before said nothing about it."""
        watch = self.watches.get(container.copy)
        return watch is not None and watch.started == container.started and watch.is_ready

    def reason(self, copy: CopyId, container: Container | None, *, is_ready: bool) -> str:
        if self.engine or is_ready:
            return self.engine
        trouble, tail = self.troubles.get(copy), self.tails.get(copy)
        # Why one was never started is what the engine said when it was to.
        has_run = container is not None and container.exit_code is not None
        ended = ending_in_words(container) if container and (has_run or not trouble) else ""
        words = ended or (trouble.words if trouble else "")
        return f"{words}: {tail}" if ended and tail else words


def is_up(container: Container) -> bool:
    return container.is_running and not container.is_restarting


def published_at(container: Container | None) -> str:
    """Where a proxy reaches it: on one address of this node."""
    if container is None or container.port is None:
        return ""
    host = f"[{container.address}]" if ":" in container.address else container.address
    return f"{host}:{container.port}"
