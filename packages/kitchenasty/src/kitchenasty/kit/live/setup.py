"""The live parts put together for one application."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass

from litestar import Litestar
from litestar.types import ControllerRouterHandler

from basis.errors import Unavailable
from kitchenasty.kit.books import Books, Look
from kitchenasty.kit.http.access import Recognise
from kitchenasty.kit.live.announcer import Announcer
from kitchenasty.kit.live.connection import BEAT_SECONDS, Rooms
from kitchenasty.kit.live.door import follow_live
from kitchenasty.kit.live.gate import Gate, Rule
from kitchenasty.kit.live.hub import Hub
from kitchenasty.kit.live.log import DatabaseJournal, read_pulse
from kitchenasty.kit.live.socketio_door import Field, Houses, SocketIoDoor, Translation

PULSE_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Live:
    """`routes` and `running` (a lifespan) go into the application, `rooms` into its state."""

    books: Books
    rooms: Rooms
    announcer: Announcer
    socket_io: SocketIoDoor

    @property
    def routes(self) -> list[ControllerRouterHandler]:
        return [follow_live, self.socket_io.route()]

    @property
    def followers(self) -> int:
        """How many screens are in a room by /live; Socket.IO counts its own."""
        return self.rooms.hub.count_followers() - self.socket_io.is_listening

    @contextlib.asynccontextmanager
    async def running(self, _app: Litestar) -> AsyncIterator[None]:
        tasks = [
            asyncio.create_task(self.announcer.run_forever(), name="announcer"),
            asyncio.create_task(self.socket_io.run_forever(), name="socket.io"),
            asyncio.create_task(watch_books(self.books, self.rooms), name="pulse"),
        ]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


async def watch_books(books: Books, rooms: Rooms) -> None:
    """Stop the hearts of all screens while the books cannot be read."""
    while True:
        try:
            async with books.reading() as look:
                await read_pulse(look)
            rooms.books_heard.set()
        except Unavailable:
            rooms.books_heard.clear()
        await asyncio.sleep(min(PULSE_SECONDS, rooms.beat_seconds))


@dataclass(frozen=True, slots=True)
class Slices:
    """What the slices bring: a rule for each kind of room, and the contract's words."""

    rules: Mapping[str, Rule]
    translate: Translation
    houses: Houses


async def no_houses(_look: Look) -> list[str]:
    """Without a kitchen there is none to watch."""
    return []


def create_live(
    books: Books,
    *,
    recognise: Recognise,
    slices: Slices,
    public_url: str | None,
    beat_seconds: float = BEAT_SECONDS,
) -> Live:
    hub, journal = Hub(), DatabaseJournal(books)
    rooms = Rooms(hub, Gate(books, slices.rules), journal, books.clock, beat_seconds)
    around = Field(books, rooms, recognise, slices.translate, slices.houses, public_url)
    return Live(books, rooms, Announcer(books, hub, journal), SocketIoDoor(around))
