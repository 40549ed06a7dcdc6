"""A market of SwarmHaul, served for browsers, with jobs in every state that pages show."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from basis.escrow import Accept, Arrive, Confirm, Dispute, Expire
from swarmhaul import stream
from swarmhaul.identity import SigningKey, read_key
from swarmhaul.kit.books import Books
from swarmhaul.kit.config import Config, RailKind
from swarmhaul.main import background_work, create_app
from swarmhaul.market import JobStatus, JobView, Venue
from swarmhaul.market.tests.builders import (
    ADA,
    BEN,
    BUDGET,
    CYD,
    END,
    HOUR,
    MIDDLE,
    SHIPPER,
    START,
    bid,
    bid_terms,
    first_half,
    fund,
    give,
    list_job,
    load,
    rail_key,
    second_half,
)
from swarmhaul.serving import Place, Server, opened_books, opened_venue, settings_of_uvicorn

SEEDS = {"market": b"m", "treasury": b"t", "arbiter": b"r"}
PATIENCE_SECONDS = 60
WALLET = 10_000_000
"""More than a rail asks a wallet to keep."""
QUIET = {"quiet_seconds": 1, "operators_min": 2}


@dataclass
class ServedMarket:
    """A market on a port of its own, and one job for each state, by the name of that state."""

    url: str
    books: Books
    venue: Venue
    bell: stream.Bell
    jobs: dict[str, JobView] = field(default_factory=dict)

    async def give(self, key: SigningKey, command: Any) -> None:
        await give(self.books, self.venue, key, command)

    async def reach(self, job: JobView, status: JobStatus) -> JobView:
        """Wait until the market has moved it there."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            async with aclosing(stream.follow(self.books, self.bell, since=0)) as told:
                async for _ in told:
                    now = await load(self.books, job.id)
                    if now.status is status:
                        return now
        raise AssertionError(f"the market stopped before the job was {status.value}")

    async def list(self, description: str, *, is_open: bool = False, shift: int = 0) -> JobView:
        """`shift`: how far east and south of the usual way, in millionths of a degree."""
        begin = int(self.books.clock().timestamp())
        window = {**QUIET, "bids_until": begin + HOUR // 2}
        if is_open:
            window |= {"quiet_seconds": HOUR}
        ends = {"origin": moved(START, shift), "destination": moved(END, shift)}
        given = {"description": description, "window": window, **ends}
        return await list_job(self.books, self.venue, **given)

    async def relay(self, description: str, *, shift: int = 0) -> JobView:
        """Awarded to Ada and then Ben; both have accepted."""
        job = await self.list(description, shift=shift)
        start, middle, end = (moved(spot, shift) for spot in (START, MIDDLE, END))
        reasoning = "The van passes there anyway, and two boxes fit."
        first = first_half(job, 100_000, reasoning=reasoning) | between(start, middle)
        second = second_half(job, 200_000) | between(middle, end)
        whole = bid_terms(job, 450_000) | between(start, end)
        await bid(self.books, self.venue, ADA, first)
        await bid(self.books, self.venue, BEN, second)
        await bid(self.books, self.venue, CYD, whole)
        job = await self.reach(job, JobStatus.AWARDED)
        for number, courier in enumerate((ADA, BEN)):
            await self.give(courier, Accept(job=rail_key(job), leg=number))
        return await load(self.books, job.id)

    async def arrive(self, job: JobView, leg: int, courier: SigningKey) -> None:
        await self.give(courier, Arrive(job=rail_key(job), leg=leg))

    async def confirm(self, job: JobView, leg: int, by: SigningKey, paid: SigningKey) -> None:
        told = Confirm(job=rail_key(job), leg=leg, courier=read_key(paid.public))
        await self.give(by, told)

    async def waits_for_word(self, description: str, *, shift: int = 0) -> JobView:
        """Ben has brought it, and the shipper has not said so yet."""
        job = await self.relay(description, shift=shift)
        await self.arrive(job, 0, ADA)
        await self.confirm(job, 0, BEN, ADA)
        await self.arrive(job, 1, BEN)
        return await load(self.books, job.id)

    def fund(self) -> None:
        now = self.books.clock()
        for key in (ADA, BEN, CYD):
            fund(self.venue.rail, key, WALLET, now)
        fund(self.venue.rail, SHIPPER, WALLET + 30 * BUDGET, now)

    async def furnish(self) -> None:
        """One job for each state that lasts."""
        self.fund()
        delivered = await self.waits_for_word("A crate of lemons from the harbour")
        await self.confirm(delivered, 1, SHIPPER, BEN)
        disputed = await self.waits_for_word("Twelve plates, fragile", shift=25_000)
        await self.give(SHIPPER, Dispute(job=rail_key(disputed), leg=1, reason=bytes(32)))
        moving = await self.relay("Flowers for the evening", shift=-40_000)
        await self.arrive(moving, 0, ADA)
        await self.confirm(moving, 0, BEN, ADA)
        refunded = await self.list("Never mind this one")
        await self.give(SHIPPER, Expire(job=rail_key(refunded)))
        found = {
            "delivered": delivered,
            "disputed": disputed,
            "in-transit": moving,
            "refunded": refunded,
            "arrived": await self.waits_for_word("Two boxes of soup"),
            "open": await self.list("Bread for tomorrow morning", is_open=True, shift=60_000),
        }
        await bid(self.books, self.venue, CYD, bid_terms(found["open"], 350_000))
        self.jobs = {name: await load(self.books, job.id) for name, job in found.items()}


def between(pickup: dict[str, int], dropoff: dict[str, int]) -> dict[str, Any]:
    return {"pickup": pickup, "dropoff": dropoff}


def moved(spot: dict[str, int], shift: int) -> dict[str, int]:
    return {
        "latitude_e6": spot["latitude_e6"] - shift // 2,
        "longitude_e6": spot["longitude_e6"] + shift,
    }


@contextlib.asynccontextmanager
async def served_market(folder: Path, rail: RailKind) -> AsyncIterator[ServedMarket]:
    """As `swarmhaul serve` has it, in this process: tests hold its books and its rail."""
    for name, letter in SEEDS.items():
        (folder / f"{name}.key").write_text((letter * 32).hex())
    config = Config(
        data_dir=folder,
        database_url=f"sqlite:///{folder}/market.db",
        market=f"market-{secrets.token_hex(3)}",
        rail=rail,
        rate_limits=False,
    )
    listening = Place("127.0.0.1", 0).take()
    async with opened_books(config) as books, opened_venue(config) as venue:
        app = create_app(config, books, venue)
        bell: stream.Bell = app.state.bell
        server = Server(settings_of_uvicorn(app))
        async with background_work(books, venue, bell):
            serving = asyncio.create_task(server.serve(sockets=[listening]))
            port = listening.getsockname()[1]
            try:
                yield ServedMarket(f"http://127.0.0.1:{port}", books, venue, bell)
            finally:
                bell.stop()
                server.should_exit = True
                await serving
