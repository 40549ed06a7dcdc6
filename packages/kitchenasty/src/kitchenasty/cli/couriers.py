"""The market beside the demo: SwarmHaul with three couriers, where it is installed. It is another
product, so it is another process, and the house speaks to it as to any market. While somebody looks
there is always a supper that they carry.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import socket
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import SystemRandom

import click
import structlog

from basis.errors import DomainError
from basis.kit.limits import parse_networks
from basis.kit.outgoing import Outgoing
from kitchenasty import handoff, locations
from kitchenasty.demo import Table
from kitchenasty.kit.books import Books
from kitchenasty.kit.config import Config
from kitchenasty.kit.principals import SYSTEM

logger = structlog.get_logger(__name__)

PORT = 8_100
TURN_SECONDS = 15
PURSE = 5_000_000_000
READY = re.compile(r"Ready: (http://[0-9.:]+)")
GOODBYE_SECONDS = 10
HOUSE = "mill-lane"
PLACES = """
D01 53.353 -6.262
D02 53.339 -6.254
D04 53.334 -6.245
D06 53.330 -6.268
D07 53.361 -6.290
D08 53.341 -6.296
D12 53.332 -6.305
"""
TERMS = handoff.TermsDraft(
    is_on=True,
    base=10_000_000,
    per_km=10_000_000,
    most=80_000_000,
    bid_seconds=20,
    confirm_seconds=0,
    places=handoff.read_places(PLACES),
)
"""Quick, and nobody has to press anything: it is to be looked at."""


def find_program() -> Path | None:
    program = Path(sys.executable).with_name("swarmhaul")
    return program if program.exists() else None


@dataclass(frozen=True, slots=True)
class Neighbours:
    """A house, and the market that runs beside it for as long as the demo does."""

    books: Books
    config: Config
    address: str
    """Where the pages of the house are."""
    program: Path
    said: set[str] = field(default_factory=set)
    """What the terminal has read already."""

    def say(self, words: str) -> None:
        """Once, however often it comes again."""
        if words not in self.said:
            self.said.add(words)
            click.echo(words)

    @property
    def folder(self) -> Path:
        return self.config.data_dir / "swarmhaul"

    @property
    def port_file(self) -> Path:
        return self.folder / "market.port"

    @property
    def outgoing(self) -> Outgoing:
        return Outgoing(self.config.outgoing_networks)


def with_this_machine(config: Config, address: str) -> Config:
    """The market listens on this machine, which a house may not call unless it is told to, and its
    couriers ask this machine for the door.
    """
    return replace(
        config,
        outgoing_networks=(*config.outgoing_networks, *parse_networks(["127.0.0.1/32"])),
        given={"PUBLIC_URL": address} | dict(config.given),
    )


@contextlib.asynccontextmanager
async def couriers_beside(books: Books, config: Config, address: str) -> AsyncIterator[None]:
    """While the block runs; the house does not wait for them."""
    program = find_program()
    if program is None:
        yield
        return
    here = Neighbours(books, config, address, program)
    here.folder.mkdir(parents=True, exist_ok=True)  # once, before anybody is served
    process = await start(here)
    arriving = asyncio.create_task(welcome(here, process))
    arriving.add_done_callback(note_end)
    try:
        yield
    finally:
        arriving.cancel()
        await asyncio.gather(arriving, return_exceptions=True)
        await end(process)


def note_end(arriving: asyncio.Task[None]) -> None:
    """Nobody waits for it: what ended it would never be read."""
    trouble = None if arriving.cancelled() else arriving.exception()
    if trouble is not None:
        logger.error("demo.couriers_left_alone", exc_info=trouble)


async def start(here: Neighbours) -> Process:
    words = ("demo", "--port", str(pick_port(here)), "--data", str(here.folder))
    with (here.folder / "market.log").open("ab") as log:
        return await asyncio.create_subprocess_exec(here.program, *words, stdout=PIPE, stderr=log)


def pick_port(here: Neighbours) -> int:
    """The one of last time: a house knows a market by its address, and may have loads under way.
    0 is any.
    """
    wanted = [PORT]
    with contextlib.suppress(OSError, ValueError):
        wanted.insert(0, int(here.port_file.read_text()))
    return next((port for port in wanted if 0 < port < 65_536 and is_free(port)), 0)


def keep_port(here: Neighbours, url: str) -> None:
    here.port_file.write_text(url.rpartition(":")[2])


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


async def welcome(here: Neighbours, process: Process) -> None:
    """Once they are there, one house hands its deliveries to them, and somebody orders."""
    assert process.stdout is not None
    async with asyncio.TaskGroup() as group:
        async for line in process.stdout:
            found = READY.match(line.decode(errors="replace"))
            if found is not None:
                keep_port(here, found[1])
                group.create_task(serve(here, found[1]))


async def serve(here: Neighbours, url: str) -> None:
    """However often it has to be asked for."""
    while True:
        try:
            house = await hand_over(here, url)
        except DomainError as refusal:
            here.say(f"The couriers carry nothing for now: {refusal}")
            await asyncio.sleep(TURN_SECONDS)
        else:
            break
    if house is not None:
        await keep_table(here, house.id, url)


async def hand_over(here: Neighbours, url: str) -> locations.House | None:
    async with here.books.writing() as uow:
        house = await locations.find_house_by_slug(uow, HOUSE)
        if house is None:
            return None
        known = await handoff.find_terms(uow, house.id)
        if known is None or known.draft.market_url != url:
            draft = replace(TERMS, market_url=url)
            await handoff.set_terms(uow, house.id, draft, version=known.version if known else 0)
    await handoff.talk(here.books, here.outgoing, SYSTEM, house.id)
    await fill_purse(here, house.id, url)
    click.echo(f"Couriers of the market at {url} bring what {house.name} delivers.")
    return house


async def fill_purse(here: Neighbours, house_id: str, url: str) -> None:
    """Where it does not hold what one delivery may cost."""
    async with here.books.reading() as look:
        terms = await handoff.find_terms(look, house_id)
    if terms is None or not terms.is_short:
        return
    words = ("deposit", "--data", str(here.folder), "--url", url, "--to", terms.key)
    bringing = await asyncio.create_subprocess_exec(
        here.program, *words, "--amount", str(PURSE), stdout=PIPE, env=dict(os.environ)
    )
    await bringing.communicate()
    if bringing.returncode:
        here.say("Nobody could bring money for the couriers, so they carry nothing for now.")
        return
    await handoff.talk(here.books, here.outgoing, SYSTEM, house_id)


async def keep_table(here: Neighbours, house_id: str, url: str) -> None:
    """Somebody is always hungry, and says where to look on."""
    table = Table(here.books, house_id, SystemRandom())
    while True:
        try:
            await fill_purse(here, house_id, url)
            supper = await table.look_after()
        except Exception:
            # Somebody else has moved the order, or stopped the market: look again.
            logger.exception("demo.supper_left_alone")
        else:
            if supper is not None:
                link = f"{here.address}/t/{supper.capability}"
                click.echo(f"Supper {supper.number} goes to couriers. Follow it: {link}")
        await asyncio.sleep(TURN_SECONDS)


async def end(process: Process) -> None:
    if process.returncode is not None:
        return
    process.terminate()
    try:
        await asyncio.wait_for(process.wait(), GOODBYE_SECONDS)
    except TimeoutError:
        process.kill()
        await process.wait()
