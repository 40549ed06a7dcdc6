"""What waits for one client of Socket.IO. The library's own queue has no end."""

from __future__ import annotations

import asyncio
from typing import Any

WAITING_MAX = 256


class ShortQueue(asyncio.Queue[Any]):
    """The packets for one client. Whoever lets more than WAITING_MAX of them wait loses them all
    and is sent away, at the latest when the pong is due: it comes back and fetches everything anew,
    and no slow phone holds memory.
    """

    is_given_up = False

    async def put(self, item: Any) -> None:
        if self.is_given_up:
            return
        if self.qsize() < WAITING_MAX:
            self.put_nowait(item)
            return
        self.is_given_up = True
        while not self.empty():
            self.get_nowait()
            self.task_done()
        self.put_nowait(None)  # ends the writer, and with it the connection
