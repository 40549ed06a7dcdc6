"""One process: open the books, serve, deliver, and stop in good order."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import resource
import signal
import socket
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass

import click
import uvicorn
import uvloop

from basis.clock import system_clock
from basis.kit.data.engines import open_database
from basis.kit.http.connections import ImpatientProtocol
from basis.kit.outgoing import Outgoing
from kitchenasty import staff
from kitchenasty.kit.books import Books, open_books
from kitchenasty.kit.config import Config
from kitchenasty.kit.live.sockets import PromptProtocol
from kitchenasty.kit.schema import SCHEMA
from kitchenasty.main import background_work, create_app

OPEN_FILES = 65_536
GARBAGE_THRESHOLDS = (20_000, 20, 20)
GOODBYE_SECONDS = 8  # of the ten that a system gives before it kills


class NotFitForProduction(RuntimeError):
    """What is only good for trying out must not meet real guests."""


class PortTaken(RuntimeError):
    """Somebody else listens where we mean to."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where to listen."""

    host: str
    port: int

    def check_free(self) -> None:
        """Raises PortTaken. Seen before anything is made or promised to a person."""
        with socket.socket(socket.AF_INET6 if ":" in self.host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((self.host, self.port))
            except OSError as error:
                raise PortTaken(
                    f"Port {self.port}: {error.strerror}. Stop what listens there, or choose "
                    "another with --port."
                ) from error


class Server(uvicorn.Server):
    """Leaves signals to us: it would end the process before the books are closed."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def serve(config: Config, place: Place) -> None:
    """Serve until the system asks us to stop; then finish what was begun and close the books.

    Raises PortTaken, NotFitForProduction, DatabaseAway.
    """
    place.check_free()
    allow_open_files()
    async with opened_books(config) as books:
        await check_people(config, books)
        await say_how_to_begin(config, books, place)
        server = Server(settings_of_uvicorn(config, books, place))
        loop = asyncio.get_running_loop()
        for wish in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(wish, server.handle_exit, wish, None)
        settle_memory()
        async with background_work(books, Outgoing(config.outgoing_networks), config.data_dir):
            await server.serve()


def settle_memory() -> None:
    """Leave what was made at the start out of every later search for garbage, and search less
    often: requests leave next to none behind.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GARBAGE_THRESHOLDS)


def allow_open_files() -> None:
    """Every guest is an open file to the system, and its usual limit of 1,024 is few."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = OPEN_FILES if hard == resource.RLIM_INFINITY else min(hard, OPEN_FILES)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


async def work(config: Config) -> None:
    """Deliver and run jobs until the system asks us to stop."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for wish in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(wish, stop.set)
    async with (
        opened_books(config) as books,
        background_work(books, Outgoing(config.outgoing_networks), config.data_dir),
    ):
        click.echo("Delivering events and running jobs.")
        await stop.wait()


@contextlib.asynccontextmanager
async def opened_books(config: Config) -> AsyncIterator[Books]:
    """The books with tables of our version. Raises DatabaseAway or UnknownSchema."""
    await SCHEMA.migrate(config.database_url)
    database = open_database(config.database_url)
    await database.start()
    try:
        yield open_books(database, system_clock, config.secret_key, config.given)
    finally:
        await database.stop()


async def check_people(config: Config, books: Books) -> None:
    """Refuse to let the demo's people, whose password is published, into a real house."""
    if not config.production:
        return
    async with books.reading() as look:
        known = await staff.list_demo_people(look)
    if known:
        raise NotFitForProduction(
            f"These accounts have a password that everybody knows: {', '.join(known)}. "
            "Deactivate them, or leave KITCHENASTY_PRODUCTION out while trying."
        )


async def say_how_to_begin(config: Config, books: Books, place: Place) -> None:
    address = config.public_url or f"http://{place.host}:{place.port}"
    async with books.writing() as uow:
        code = await staff.prepare_set_up(uow)
    click.echo(f"Serving {address}")
    if code is not None:
        click.echo(f"Nobody is on the staff yet. Open {address}/setup and enter: {code}")


def settings_of_uvicorn(config: Config, books: Books, place: Place) -> uvicorn.Config:
    return uvicorn.Config(
        create_app(config, books),
        host=place.host,
        port=place.port,
        http=ImpatientProtocol,
        ws=PromptProtocol,
        # Events are small: packing each one costs more than it saves.
        ws_per_message_deflate=False,
        # Whose word on the client's address counts is our own setting.
        proxy_headers=False,
        server_header=False,
        access_log=False,
        log_config=None,
        log_level="warning",
        timeout_graceful_shutdown=GOODBYE_SECONDS,
    )


def new_loop() -> asyncio.AbstractEventLoop:
    return uvloop.new_event_loop()
