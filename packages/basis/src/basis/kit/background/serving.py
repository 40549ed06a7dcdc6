"""Work that calls out, for as long as the process runs. Each receiver is served by itself, one call
at a time, so that one that hangs holds up nobody but itself.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import structlog

from basis.kit.data.books import Books
from basis.kit.data.database import DatabaseAway
from basis.kit.data.work import Look

logger = structlog.get_logger(__name__)

IDLE_SECONDS = 0.5
IN_A_ROW_MAX = 100


class ServingRoom:
    """Any number of processes may have one. `list_busy` names the receivers for which something is
    due; `serve_next` does one thing for a receiver and says whether to go on with the next.
    """

    def __init__(
        self,
        books: Books[Any],
        list_busy: Callable[[Look[Any]], Awaitable[Sequence[str]]],
        serve_next: Callable[[str], Awaitable[bool]],
        *,
        name: str,
    ) -> None:
        self._name = name
        self._books = books
        self._list_busy = list_busy
        self._serve_next = serve_next
        self._served: dict[str, asyncio.Task[None]] = {}

    async def run_forever(self) -> None:
        try:
            while True:
                await self._look_around()
                await asyncio.sleep(IDLE_SECONDS)
        finally:
            await self.close()

    async def _look_around(self) -> None:
        try:
            await self.begin_due()
        except DatabaseAway as away:
            logger.warning("serving.wait", room=self._name, cause=away.cause)
        except Exception:
            logger.exception("serving.failed", room=self._name)

    async def begin_due(self) -> None:
        """Serve every receiver for which something is due, unless it is being served."""
        async with self._books.reading() as look:
            due = await self._list_busy(look)
        for one in due:
            if one not in self._served:
                task = asyncio.create_task(self._serve(one), name=f"{self._name} {one}")
                self._served[one] = task

    async def run_due(self) -> None:
        """Begin what is due, and wait until all calls have ended."""
        await self.begin_due()
        await asyncio.gather(*self._served.values())

    async def close(self) -> None:
        """What is cut off here is done once more after its claim has run out."""
        tasks = list(self._served.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _serve(self, receiver: str) -> None:
        """One thing after the other, until none is due or one was not taken: with a receiver that
        is away, the others would fare the same.
        """
        try:
            for _ in range(IN_A_ROW_MAX):
                if not await self._serve_next(receiver):
                    return
        except DatabaseAway as away:
            logger.warning("serving.wait", room=self._name, cause=away.cause)
        except Exception:
            logger.exception("serving.one_failed", room=self._name, receiver=receiver)
        finally:
            del self._served[receiver]
