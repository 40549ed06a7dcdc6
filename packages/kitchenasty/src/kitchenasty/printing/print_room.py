"""Dockets on their way to paper for as long as the process runs."""

from __future__ import annotations

from collections.abc import Sequence

from basis.kit.background.serving import ServingRoom
from basis.kit.limits import Network
from kitchenasty.kit.books import Books, Look
from kitchenasty.printing import queries
from kitchenasty.printing.sending import print_next


class PrintRoom(ServingRoom):
    """Any number of processes may have one."""

    def __init__(self, books: Books, networks: Sequence[Network]) -> None:
        async def list_busy(look: Look) -> list[str]:
            return [printer_id for (printer_id,) in await look.rows(queries.BUSY, now=look.now)]

        async def serve_next(printer_id: str) -> bool:
            return await print_next(books, networks, printer_id)

        super().__init__(books, list_busy, serve_next, name="printing")
