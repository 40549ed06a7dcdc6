"""What the doors need from elsewhere: who may come in, and what was missed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from kitchenasty.kit.live.messages import Message
from kitchenasty.kit.principals import Principal

REPLAY_MAX = 500


class TooOld(Exception):
    """What was missed is forgotten or too long to replay: fetch the whole state."""

    def __init__(self, head: int) -> None:
        super().__init__(f"not replayable; the topic is at {head}")
        self.head = head


class Gatekeeper(Protocol):
    async def may_join(self, principal: Principal, topic: str, capability: str | None) -> bool: ...


class Journal(Protocol):
    async def since(self, topic: str, seq: int) -> list[Message]:
        """The messages after `seq`, oldest first. Raises TooOld."""
        ...

    async def head(self, topic: str) -> int:
        """The seq of the last message, 0 when there was none."""
        ...


Recognise = Callable[[], Awaitable[Principal]]
"""Who holds this connection's credentials now."""


class MemoryJournal:
    """A journal that keeps the last `kept` messages of each topic in memory."""

    def __init__(self, kept: int = REPLAY_MAX) -> None:
        self._kept = kept
        self._messages: dict[str, list[Message]] = defaultdict(list)

    def append(self, topic: str, name: str, body: dict[str, Any]) -> Message:
        messages = self._messages[topic]
        message = Message(topic, (messages[-1].seq if messages else 0) + 1, name, body)
        messages.append(message)
        del messages[: -self._kept]
        return message

    async def since(self, topic: str, seq: int) -> list[Message]:
        messages = self._messages[topic]
        head = messages[-1].seq if messages else 0
        if seq > head or (messages and seq < messages[0].seq - 1):
            raise TooOld(head)
        return [message for message in messages if message.seq > seq]

    async def head(self, topic: str) -> int:
        messages = self._messages[topic]
        return messages[-1].seq if messages else 0
