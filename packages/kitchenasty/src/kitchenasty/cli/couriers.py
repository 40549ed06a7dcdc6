"""The market beside the demo: SwarmHaul with three couriers, where it is installed. It is another
product, so it is another process, and the house speaks to it as to any market.
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
from dataclasses import replace
from pathlib import Path

import click

from basis.errors import DomainError
from basis.kit.limits import parse_networks
from basis.kit.outgoing import Outgoing
from kitchenasty import handoff, locations
from kitchenasty.kit.books import Books
from kitchenasty.kit.config import Config
from kitchenasty.kit.principals import SYSTEM

PORT = 8_100
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


def with_this_machine(config: Config) -> Config:
    """The market listens on this machine, which a house may not call unless it is told to."""
    return replace(
        config, outgoing_networks=(*config.outgoing_networks, *parse_networks(["127.0.0.1/32"]))
    )


@contextlib.asynccontextmanager
async def couriers_beside(books: Books, config: Config) -> AsyncIterator[None]:
    """While the block runs; the house does not wait for them."""
    program = find_program()
    if program is None:
        yield
        return
    folder = config.data_dir / "swarmhaul"
    folder.mkdir(parents=True, exist_ok=True)  # once, before anybody is served
    process = await start(program, folder)
    arriving = asyncio.create_task(welcome(books, config, process, program, folder))
    try:
        yield
    finally:
        arriving.cancel()
        await asyncio.gather(arriving, return_exceptions=True)
        await end(process)


async def start(program: Path, folder: Path) -> Process:
    port = PORT if is_free(PORT) else 0
    words = ("demo", "--port", str(port), "--data", str(folder))
    with (folder / "market.log").open("ab") as log:
        return await asyncio.create_subprocess_exec(program, *words, stdout=PIPE, stderr=log)


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


async def welcome(
    books: Books, config: Config, process: Process, program: Path, folder: Path
) -> None:
    """Once they are there, one house hands its deliveries to them."""
    assert process.stdout is not None
    async for line in process.stdout:
        found = READY.match(line.decode(errors="replace"))
        if found is not None:
            try:
                await hand_over(books, config, found[1], program, folder)
            except DomainError as refusal:
                click.echo(f"The couriers carry nothing for now: {refusal}")


async def hand_over(books: Books, config: Config, url: str, program: Path, folder: Path) -> None:
    async with books.writing() as uow:
        house = await locations.find_house_by_slug(uow, HOUSE)
        if house is None:
            return
        known = await handoff.find_terms(uow, house.id)
        if known is None or known.draft.market_url != url:
            draft = replace(TERMS, market_url=url)
            await handoff.set_terms(uow, house.id, draft, version=known.version if known else 0)
    terms = await handoff.talk(books, Outgoing(config.outgoing_networks), SYSTEM, house.id)
    if terms.is_short:
        words = ("deposit", "--data", str(folder), "--url", url, "--to", terms.key)
        bringing = await asyncio.create_subprocess_exec(
            program, *words, "--amount", str(PURSE), stdout=PIPE, env=dict(os.environ)
        )
        await bringing.communicate()
        await handoff.talk(books, Outgoing(config.outgoing_networks), SYSTEM, house.id)
    click.echo(f"Couriers of the market at {url} bring what {house.name} delivers.")


async def end(process: Process) -> None:
    if process.returncode is not None:
        return
    process.terminate()
    try:
        await asyncio.wait_for(process.wait(), GOODBYE_SECONDS)
    except TimeoutError:
        process.kill()
        await process.wait()
