"""Processes of `kitchenasty work` that start at once, so that many of them can be killed.

To read the whole product takes seconds. One process does so and copies itself for each worker.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
from collections.abc import Mapping
from dataclasses import dataclass
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from kitchenasty.cli import commands

STOP_SECONDS_MAX = 30
COPIES = multiprocessing.get_context("forkserver")
COPIES.set_forkserver_preload([commands.__name__, __name__])


@dataclass
class Workers:
    """One after the other over the same books; `process` is the one that works now."""

    folder: Path
    environment: Mapping[str, str]
    process: ForkServerProcess | None = None

    def start(self) -> None:
        assert self.process is None, "another one works already"
        where = (str(self.folder), str(self.folder / "work.log"), dict(self.environment))
        self.process = COPIES.Process(target=work, args=where, daemon=True)
        self.process.start()

    def kill(self) -> None:
        """By a signal that nobody can catch."""
        assert self.process is not None
        self.process.kill()

    async def bury(self) -> None:
        """Wait until the one that was killed is gone."""
        assert self.process is not None
        await asyncio.to_thread(self.process.join, STOP_SECONDS_MAX)
        assert not self.process.is_alive()
        self.process.close()
        self.process = None


def work(folder: str, log: str, environment: Mapping[str, str]) -> None:
    """The command, as an operator gives it."""
    with Path(log).open("ab") as written:
        os.dup2(written.fileno(), 1)
        os.dup2(written.fileno(), 2)
    os.environ.update(environment)
    commands.main(["work", "--data", folder])
