"""Deliveries on their way for as long as the process runs."""

from __future__ import annotations

from basis.kit.background.serving import ServingRoom
from basis.kit.outgoing import Outgoing
from kitchenasty.kit.books import Books, Look
from kitchenasty.webhooks import queries
from kitchenasty.webhooks.sending import deliver_next


class SendingRoom(ServingRoom):
    """Any number of processes may have one."""

    def __init__(self, books: Books, outgoing: Outgoing) -> None:
        async def list_busy(look: Look) -> list[str]:
            return [endpoint_id for (endpoint_id,) in await look.rows(queries.BUSY, now=look.now)]

        async def serve_next(endpoint_id: str) -> bool:
            return bool(await deliver_next(books, outgoing, endpoint_id))

        super().__init__(books, list_busy, serve_next, name="webhooks")
