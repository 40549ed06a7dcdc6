"""The head of every answer, and which answers get a line in the log."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from litestar.types import Message, Send

SLOW_SECONDS = 1.0

Header = tuple[bytes, bytes]
Keeping = Callable[[int], list[Header]]


class Heading:
    """Sends an answer on with the headers that it lacks, and remembers its status; 0: none came.
    `keeping` says by the status how long an answer may be kept whose door did not say.
    """

    def __init__(
        self, send: Send, headers: Sequence[Header], keeping: Keeping | None = None
    ) -> None:
        self.status = 0
        self._send = send
        self._headers = headers
        self._keeping = keeping

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            own = message["headers"] = [*message.get("headers", ())]
            present = {name.lower() for name, _ in own}
            own.extend(header for header in self._headers if header[0] not in present)
            if self._keeping is not None and b"cache-control" not in present:
                own.extend(self._keeping(self.status))
        await self._send(message)


def is_worth_a_line(scope: Any, status: int, seconds: float) -> bool:
    """Changes, refusals and slow answers; quick reads are not told."""
    is_read = scope.get("method") in ("GET", "HEAD")
    return not is_read or status >= 400 or seconds >= SLOW_SECONDS
