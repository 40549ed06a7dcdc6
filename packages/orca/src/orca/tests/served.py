"""The same control plane behind a real socket, for what calls it as a program of its own."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import structlog
import uvicorn

from basis.kit.testing import HandClock
from orca.access import Role
from orca.calling import Calling
from orca.tests.world import World, opened_world

PATIENCE_SECONDS = 60


@dataclass
class Served:
    """Where it listens, and what it is made of."""

    address: str
    world: World | None = None
    server: uvicorn.Server | None = None
    loop: asyncio.AbstractEventLoop | None = None

    def calling(self, role: Role) -> Calling:
        assert self.world is not None
        return Calling(self.address, self.world.issued[role].token)


@contextmanager
def served(folder: Path) -> Iterator[Served]:
    """In a thread with a loop of its own, as the command line is no part of the server's."""
    listening = socket.create_server(("127.0.0.1", 0))
    made = Served(f"http://127.0.0.1:{listening.getsockname()[1]}")
    ready = threading.Event()

    async def run() -> None:
        async with opened_world(folder, HandClock()) as world:
            settings = uvicorn.Config(world.app, lifespan="off", log_config=None, ws="none")
            made.world, made.server = world, uvicorn.Server(settings)
            made.loop = asyncio.get_running_loop()
            ready.set()
            await made.server.serve(sockets=[listening])

    thread = threading.Thread(target=asyncio.run, args=(run(),), name="served")
    thread.start()
    try:
        assert ready.wait(PATIENCE_SECONDS)
        with structlog.testing.capture_logs():  # they are not what the command line prints
            yield made
    finally:
        if made.server is not None:
            made.server.should_exit = True
        thread.join(PATIENCE_SECONDS)
        listening.close()
