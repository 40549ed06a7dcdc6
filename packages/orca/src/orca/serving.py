"""The process of the control plane: what it knows, its two doors, and what time brings."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
from collections.abc import AsyncIterator, Coroutine, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import structlog
import uvicorn
from litestar import Litestar

from basis.errors import DomainError
from basis.kit.http.connections import ImpatientProtocol
from orca.access import Journal, Tokens
from orca.api import create_app, join_doors
from orca.certificates import Certificates
from orca.control import (
    Builder,
    Certifying,
    Control,
    Depot,
    Links,
    Listener,
    Members,
    Seeker,
    open_depot,
)
from orca.link import A_YEAR, Authority
from orca.main import DOORS
from orca.metrics import Outcomes
from orca.notices import Noticer, Poster
from orca.planning import Patience
from orca.secrets import open_vault
from orca.store import SqliteStore

logger = structlog.get_logger(__name__)

GOODBYE_SECONDS = 5
SWEEP_SECONDS = 1.0
CHANGES_KEPT = 10_000
LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Place:
    """Where the control plane lives. People's door is on this machine only; nodes come over TLS."""

    data: Path
    cluster: str
    api_port: int
    node_address: str
    node_port: int
    patience: Patience
    node_certificates: timedelta = A_YEAR
    """For how long those of nodes are good."""

    @property
    def token_file(self) -> Path:
        return self.data / "admin.token"


class Server(uvicorn.Server):
    """Leaves signals to us."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@dataclass(frozen=True, slots=True)
class Parts:
    store: SqliteStore
    control: Control
    certifying: Certifying
    members: Members
    noticer: Noticer
    depot: Depot
    app: Litestar


@contextlib.asynccontextmanager
async def opened(place: Place) -> AsyncIterator[Parts]:
    """Raises StoreAway, WrongKey."""
    place.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    store = SqliteStore(place.data / "orca.db")
    await store.open()
    try:
        vault = await open_vault(store, place.data / "secrets.key")
        tokens, journal = Tokens(store), Journal(store)
        if await tokens.ensure_admin(place.token_file):
            logger.info("a token for the first admin was written", file=str(place.token_file))
        control = Control(store, vault, Links(), place.cluster, patience=place.patience)
        await control.open()
        certificates = Certificates(store, vault, None)
        noticer = Noticer(place.cluster, control, certificates, Poster(control))
        outcomes = Outcomes()
        control.hearers.append(outcomes.hear)
        members = Members(store, Authority(place.data, of_nodes=place.node_certificates))
        depot = open_depot(place.data / "depot")
        app = create_app(
            join_doors(DOORS),
            tokens=tokens,
            journal=journal,
            vault=vault,
            certificates=certificates,
            control=control,
            members=members,
            depot=depot,
            outcomes=outcomes,
        )
        certifying = Certifying(control, certificates, place.data / "certificates")
        await certifying.open()
        yield Parts(store, control, certifying, members, noticer, depot, app)
    finally:
        await store.close()


class LoopEnded(RuntimeError):
    """A part of the control plane that has to go on for ever has ended."""


async def serve(place: Place) -> None:
    """Until the system asks it to stop. What runs on the nodes goes on. Raises LoopEnded: without
    one of its parts it must not seem to be well; whoever watches over the process starts it again.
    """
    people = socket.create_server((LOOPBACK, place.api_port))
    nodes = socket.create_server((place.node_address, place.node_port))
    async with opened(place) as parts:
        runner = await Listener(place.cluster, parts.control, parts.members, parts.depot).begin(
            nodes
        )
        settings = uvicorn.Config(
            parts.app,
            lifespan="off",
            log_config=None,
            ws="none",
            access_log=False,
            http=ImpatientProtocol,
            timeout_graceful_shutdown=GOODBYE_SECONDS,
        )
        server = Server(settings)
        beside = loops_of(parts)
        stop_on_signals(server)
        logger.info("the control plane listens", people=place.api_port, nodes=place.node_port)
        serving = asyncio.create_task(server.serve(sockets=[people]))
        try:
            await asyncio.wait([serving, *beside], return_when=asyncio.FIRST_COMPLETED)
            ended = [loop for loop in beside if loop.done()]
            server.should_exit = True
            await serving
        finally:
            for task in beside:
                task.cancel()
            await asyncio.wait(beside)
            await runner.cleanup()
        for loop in ended:
            raise LoopEnded(f"It has ended by itself: {loop.get_name()}.") from loop.exception()


def loops_of(parts: Parts) -> list[asyncio.Task[None]]:
    """What goes on for ever, by what it does."""
    works: dict[str, Coroutine[Any, Any, None]] = {
        "time": parts.control.go_on(),
        "images": seeker_of(parts).go_on(),
        "the depot": parts.depot.go_on(parts.control),
        "notices": parts.noticer.go_on(),
        "certificates": parts.certifying.go_on(),
        "sweeping of the store": sweep(parts.store),
    }
    return [asyncio.create_task(work, name=name) for name, work in works.items()]


def seeker_of(parts: Parts) -> Seeker:
    return Seeker(parts.control, builder=Builder(parts.control, parts.depot))


def stop_on_signals(server: uvicorn.Server) -> None:
    def stop() -> None:
        server.should_exit = True

    loop = asyncio.get_running_loop()
    for each in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(each, stop)


async def sweep(store: SqliteStore) -> None:
    """What is over goes, and changes that nobody watches any more."""
    while True:
        try:
            await store.sweep()
            found = await store.range("plan/head")
            await store.compact(keep_after=max(0, found.revision - CHANGES_KEPT))
        except DomainError as error:
            logger.warning("the store was not swept", reason=str(error))
        await asyncio.sleep(SWEEP_SECONDS)
