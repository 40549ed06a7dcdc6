"""Connections that waste a place are closed: heads that never end, answers that nobody reads.

uvicorn waits for ever for the end of a request's head. Two thousand such clients would take every
file descriptor from the guests. A browser sends its head at once, so the oldest of many half heads
is nobody we know.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from typing import ClassVar

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_SECONDS_MAX = 10.0
READ_SECONDS_MAX = 30.0
WAITING_MAX = 512
"""So many connections may be without a whole head at the same time; then the oldest goes."""


class ImpatientProtocol(HttpToolsProtocol):
    """HTTP as uvicorn speaks it, with an end to waiting."""

    waiting: ClassVar[OrderedDict[ImpatientProtocol, None]] = OrderedDict()
    head_timer: asyncio.TimerHandle | None = None
    read_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.expect_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self.stop_expecting_head()
        self.resume_writing()
        super().connection_lost(exc)

    def expect_head(self) -> None:
        if self.head_timer is None:
            self.head_timer = self.loop.call_later(HEAD_SECONDS_MAX, self.hang_up)
            self.waiting[self] = None
            if len(self.waiting) > WAITING_MAX:
                next(iter(self.waiting)).hang_up()

    def stop_expecting_head(self) -> None:
        self.waiting.pop(self, None)
        if self.head_timer is not None:
            self.head_timer.cancel()
            self.head_timer = None

    def hang_up(self) -> None:
        self.stop_expecting_head()
        self.transport.abort()

    def on_message_begin(self) -> None:
        """The first byte of a head, also of the second one on a connection."""
        self.expect_head()
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self.stop_expecting_head()
        super().on_headers_complete()

    def pause_writing(self) -> None:
        """The client's side is full: somebody has to read soon."""
        super().pause_writing()
        if self.read_timer is None:
            self.read_timer = self.loop.call_later(READ_SECONDS_MAX, self.transport.abort)

    def resume_writing(self) -> None:
        if self.read_timer is not None:
            self.read_timer.cancel()
            self.read_timer = None
        super().resume_writing()
