"""Following the stream: what is there at once, then what comes, each message once and in order.

Whoever follows reads the table from the last number it has. Nothing is queued for anybody, so
nobody who is slow costs memory, and nothing is lost between what is read and what is awaited.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import suppress

from swarmhaul.kit.books import Books
from swarmhaul.stream.service import LIMIT_MAX, StreamMessage, list_messages

IDLE_SECONDS = 1.0
"""Other processes tell nobody; they are looked for so often."""
BEAT_SECONDS = 10.0


class Bell:
    """Rung when messages were kept. Whoever waits took hold of it before they looked."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()
        self.is_over = False

    def ring(self) -> None:
        rung, self._rung = self._rung, asyncio.Event()
        rung.set()

    def stop(self) -> None:
        """Let all who follow end: the server stops."""
        self.is_over = True
        self.ring()

    def next_ring(self) -> asyncio.Event:
        return self._rung


async def follow(books: Books, bell: Bell, *, since: int) -> AsyncGenerator[StreamMessage | None]:
    """Messages after number `since`, for ever; None is a sign of life. Raises EventsForgotten."""
    quiet_seconds = 0.0
    while not bell.is_over:
        rung = bell.next_ring()
        async with books.reading() as look:
            messages = await list_messages(look, since=since)
        for message in messages:
            yield message
        if messages:
            since, quiet_seconds = messages[-1].seq, 0.0
        if len(messages) == LIMIT_MAX:
            continue
        with suppress(TimeoutError):
            await asyncio.wait_for(rung.wait(), IDLE_SECONDS)
        quiet_seconds += IDLE_SECONDS
        if quiet_seconds >= BEAT_SECONDS:
            quiet_seconds = 0.0
            yield None
