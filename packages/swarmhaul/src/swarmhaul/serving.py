"""One process: open the books and the rail, serve, follow, and stop in good order."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from dataclasses import dataclass

import structlog
import uvicorn
from litestar import Litestar

from basis.clock import system_clock
from basis.kit.data.engines import open_database
from basis.kit.http.connections import ImpatientProtocol
from swarmhaul.identity import SigningKey, read_key
from swarmhaul.kit.books import Books, open_books
from swarmhaul.kit.config import Config, RailKind
from swarmhaul.kit.keyfiles import own_seed
from swarmhaul.kit.schema import SCHEMA
from swarmhaul.main import background_work, create_app
from swarmhaul.market import Venue
from swarmhaul.settlement import LEDGER_UNIT, SettlementRail, open_ledger
from swarmhaul.stream import Bell
from swarmhaul.svm import open_svm

logger = structlog.get_logger(__name__)

GOODBYE_SECONDS = 8  # of the ten that a system gives before it kills


class PortTaken(RuntimeError):
    """Somebody else listens where we mean to."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where to listen."""

    host: str
    port: int

    def take(self) -> socket.socket:
        """The socket to listen on. Raises PortTaken, before anything is made or promised."""
        taken = socket.socket(socket.AF_INET6 if ":" in self.host else socket.AF_INET)
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            taken.bind((self.host, self.port))
        except OSError as error:
            taken.close()
            raise PortTaken(
                f"Port {self.port}: {error.strerror}. Stop what listens there, or choose another "
                "with --port."
            ) from error
        return taken


class Server(uvicorn.Server):
    """Leaves signals to us: it would end the process before the books are closed."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


Beside = Callable[[str], Coroutine[None, None, None]]
"""What goes on beside the market, at its address, until it stops."""


async def serve(config: Config, place: Place, beside: Beside | None = None) -> None:
    """Serve until the system asks us to stop; then finish what was begun and close the books.

    Raises PortTaken, ConfigRefused, JournalInUse, JournalDamaged, DatabaseAway.
    """
    listening = place.take()
    async with opened_books(config) as books, opened_venue(config) as venue:
        app = create_app(config, books, venue)
        server = Server(settings_of_uvicorn(app))
        bell: Bell = app.state.bell
        loop = asyncio.get_running_loop()

        def say_goodbye(wish: signal.Signals) -> None:
            bell.stop()
            server.handle_exit(wish, None)

        for wish in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(wish, say_goodbye, wish)
        port = listening.getsockname()[1]
        address = f"http://{place.host}:{port}"
        print(f"Serving the market {config.market} at {address}", flush=True)  # noqa: T201  # for whoever started it
        async with background_work(books, venue, bell), company(beside, address):
            await server.serve(sockets=[listening])


@contextlib.asynccontextmanager
async def company(beside: Beside | None, address: str) -> AsyncIterator[None]:
    """Whatever goes on beside the market ends with it, and not the other way round."""
    task = asyncio.create_task(tell_trouble(beside(address))) if beside else None
    try:
        yield
    finally:
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


async def tell_trouble(work: Coroutine[None, None, None]) -> None:
    try:
        await work
    except Exception:
        logger.exception("market.left_alone")


@contextlib.asynccontextmanager
async def opened_books(config: Config) -> AsyncIterator[Books]:
    """The books with tables of our version. Raises DatabaseAway or UnknownSchema."""
    await SCHEMA.migrate(config.database_url)
    database = open_database(config.database_url)
    await database.start()
    try:
        yield open_books(database, system_clock)
    finally:
        await database.stop()


@contextlib.asynccontextmanager
async def opened_venue(config: Config) -> AsyncIterator[Venue]:
    """The market's key and its rail. A rail has one writer: a second process is refused."""
    key = SigningKey.of_seed(own_seed(config.data_dir, "market"))
    rail = await asyncio.to_thread(open_rail, config)
    try:
        yield Venue(config.market, key, arbiter_of(config), rail, config.rail.value)
    finally:
        await asyncio.to_thread(rail.close)


def open_rail(config: Config) -> SettlementRail:
    treasury = own_seed(config.data_dir, "treasury")
    path = config.data_dir / f"{config.rail.value}.journal"
    if config.rail is RailKind.SVM:
        return open_svm(path, treasury=treasury)
    wallet = read_key(SigningKey.of_seed(treasury).public)
    return open_ledger(path, treasury=wallet, unit=LEDGER_UNIT)


def arbiter_of(config: Config) -> str:
    """Raises KeyUnreadable for a setting that is no key."""
    if config.arbiter is None:
        return SigningKey.of_seed(own_seed(config.data_dir, "arbiter")).public
    read_key(config.arbiter)
    return config.arbiter


def settings_of_uvicorn(app: Litestar) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http=ImpatientProtocol,
        ws="websockets-sansio",
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
