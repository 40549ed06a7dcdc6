"""Houses that deal with their markets, for as long as the process runs."""

from __future__ import annotations

from basis.kit.background.serving import ServingRoom
from basis.kit.outgoing import Outgoing
from kitchenasty.handoff import queries
from kitchenasty.handoff.visits import visit
from kitchenasty.kit.books import Books, Look


class MarketRoom(ServingRoom):
    """Any number of processes may have one."""

    def __init__(self, books: Books, outgoing: Outgoing) -> None:
        async def list_busy(look: Look) -> list[str]:
            return [house_id for (house_id,) in await look.rows(queries.BUSY, now=look.now)]

        async def serve_next(house_id: str) -> bool:
            return await visit(books, outgoing, house_id)

        super().__init__(books, list_busy, serve_next, name="handoff")
