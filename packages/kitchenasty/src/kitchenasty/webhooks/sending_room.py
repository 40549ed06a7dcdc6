"""Deliveries on their way for as long as the process runs. Each receiver is served by itself, one
call at a time, so that one that hangs holds up nobody but itself.
"""

from __future__ import annotations

import asyncio

import structlog

from basis.kit.data.database import DatabaseAway
from basis.kit.outgoing import Outgoing
from kitchenasty.kit.books import Books
from kitchenasty.webhooks import queries
from kitchenasty.webhooks.sending import deliver_next

logger = structlog.get_logger(__name__)

IDLE_SECONDS = 0.5
IN_A_ROW_MAX = 100


class SendingRoom:
    """Any number of processes may have one."""

    def __init__(self, books: Books, outgoing: Outgoing) -> None:
        self._books = books
        self._outgoing = outgoing
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
            logger.warning("webhooks.wait", cause=away.cause)
        except Exception:
            logger.exception("webhooks.failed")

    async def begin_due(self) -> None:
        """Serve every receiver for which something is due, unless it is being served."""
        async with self._books.reading() as look:
            due = [endpoint_id for (endpoint_id,) in await look.rows(queries.BUSY, now=look.now)]
        for endpoint_id in due:
            if endpoint_id not in self._served:
                task = asyncio.create_task(self._serve(endpoint_id), name=f"webhook {endpoint_id}")
                self._served[endpoint_id] = task

    async def run_due(self) -> None:
        """Begin what is due, and wait until all calls have ended."""
        await self.begin_due()
        await asyncio.gather(*self._served.values())

    async def close(self) -> None:
        """What is cut off here is tried once more after its claim has run out."""
        tasks = list(self._served.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _serve(self, endpoint_id: str) -> None:
        """One delivery after the other, until none is due or one was not taken: of a receiver that
        is away, the others would find the same.
        """
        try:
            for _ in range(IN_A_ROW_MAX):
                if not await deliver_next(self._books, self._outgoing, endpoint_id):
                    return
        except DatabaseAway as away:
            logger.warning("webhooks.wait", cause=away.cause)
        except Exception:
            logger.exception("webhooks.delivery_failed", endpoint=endpoint_id)
        finally:
            del self._served[endpoint_id]
