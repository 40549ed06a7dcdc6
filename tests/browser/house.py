"""A house of its own for one test: its books, its cook, and its server if it is to suffer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.async_api import BrowserContext, Locator, Page

from basis.clock import system_clock
from basis.kit.data.engines import open_database
from basis.kit.testing import SECRET_KEY
from kitchenasty import main, orders
from kitchenasty.kit.books import Books, open_books
from kitchenasty.kitchen.tests.builders import Kitchen, add_kitchen, place
from tests.server import Server

HEARTBEAT_SECONDS = 0.4
STALE_SECONDS = HEARTBEAT_SECONDS * 2.4
PATIENCE_MS = 30_000


@dataclass
class House:
    """A running server of its own, and its books as another process opens them."""

    server: Server
    books: Books
    kitchen: Kitchen

    async def place(self, **fields: Any) -> orders.PlacedOrder:
        async with self.books.writing() as uow:
            return await place(uow, self.kitchen, **fields)

    async def order(self, **fields: Any) -> str:
        return (await self.place(**fields)).id

    async def move(self, order_id: str, *steps: orders.OrderStatus) -> None:
        """Send an order on, as somebody at another screen would."""
        for step in steps:
            async with self.books.writing() as uow:
                await orders.move_order(uow, order_id, step)

    async def statuses(self) -> dict[str, tuple[str, int]]:
        """Each order's status, and how often it was moved."""
        async with self.books.reading() as look:
            found = await orders.list_open_tickets(look, self.kitchen.house_id)
        return {ticket.id: (ticket.status.value, ticket.version - 1) for ticket in found}

    @property
    def board(self) -> str:
        return f"{self.server.url}/kitchen/{self.kitchen.house_id}"

    async def let_in(self, context: BrowserContext) -> BrowserContext:
        cookie = {"name": "session", "value": self.kitchen.token, "url": self.server.url}
        await context.add_cookies([cookie])  # type: ignore[list-item]
        context.set_default_timeout(PATIENCE_MS)
        return context


def beating(seconds: float | None = HEARTBEAT_SECONDS) -> dict[str, str]:
    """The setting of a server whose silence shows soon; None for the usual heartbeat."""
    return {"KITCHENASTY_HEARTBEAT_SECONDS": str(seconds)} if seconds else {}


@asynccontextmanager
async def open_house(
    folder: Path,
    *,
    heartbeat_seconds: float | None = HEARTBEAT_SECONDS,
    environment: Mapping[str, str] | None = None,
) -> AsyncIterator[House]:
    """A house with a server of its own, which the test may freeze or kill."""
    beat = beating(heartbeat_seconds)
    server = Server(data=folder, environment={**beat, **(environment or {})})
    await asyncio.to_thread(server.start)
    try:
        async with furnished(server) as house:
            yield house
    finally:
        await asyncio.to_thread(server.stop)


@asynccontextmanager
async def furnished(server: Server) -> AsyncIterator[House]:
    """One more house on this server, with a kitchen that shares nothing with other houses."""
    assert main.DOORS, "importing main is what makes every table known"
    database = open_database(f"sqlite:///{server.data}/kitchenasty.db")
    await database.start()
    books = open_books(database, system_clock, SECRET_KEY)
    async with books.writing() as uow:
        kitchen = await add_kitchen(uow)
    try:
        yield House(server, books, kitchen)
    finally:
        await database.stop()


def column(page: Page, status: str) -> Locator:
    """The tickets of one column of the board."""
    return page.locator(f'[data-column="{status}"] .ticket')
