"""A program that is to run always: started, watched, started again with patience, ended in order.

It outlives us if we are killed: the next start finds it by what it was started with and goes on
watching it, so that requests are served meanwhile.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import structlog

logger = structlog.get_logger(__name__)

PATIENCE_SECONDS = 0.5
PATIENCE_SECONDS_MAX = 30.0
STEADY_SECONDS = 60.0
GRACE_SECONDS = 15.0
ENDS_MAX = 2


@dataclass(frozen=True, slots=True)
class Program:
    """What is run, and the files that tell of it."""

    words: tuple[str, ...]
    pid_file: Path
    log_file: Path
    own: str
    """How a word begins that it has and no other program, whatever it is started with."""


class Supervised:
    """One program. `restarts` counts how often it ended by itself."""

    def __init__(self, program: Program, *, told: Callable[[str], None] | None = None) -> None:
        self._program = program
        self._told = told or (lambda words: logger.warning("program", words=words))
        self._watching: asyncio.Task[None] | None = None
        self._pid = 0
        self._ends = 0
        self._is_running = False
        self.restarts = 0

    @property
    def pid(self) -> int:
        return self._pid

    @property
    def is_down(self) -> bool:
        """It ended again and again soon after it was started, and does not run now."""
        return not self._is_running and self._ends >= ENDS_MAX

    async def start(self) -> None:
        """Go on with the one that runs, or start it; then watch it. Raises FileNotFoundError."""
        assert self._watching is None
        pid, words = find_running(self._program)
        if pid and words != [*self._program.words]:
            await end(pid)  # started with other settings: it stands in the way of this one
            pid = 0
        self._pid = pid or spawn(self._program)
        self._is_running = True
        self._watching = asyncio.create_task(self._watch(), name="supervised")

    async def _watch(self) -> None:
        patience = PATIENCE_SECONDS
        loop = asyncio.get_running_loop()
        while True:
            since = loop.time()
            await ended(self._pid)
            self._is_running = False
            self.restarts += 1
            self._ends += 1
            if loop.time() - since > STEADY_SECONDS:
                patience, self._ends = PATIENCE_SECONDS, 1
            self._told(f"{self._program.words[0]} ended; it is started again in {patience} s")
            await asyncio.sleep(patience)
            patience = min(2 * patience, PATIENCE_SECONDS_MAX)
            with contextlib.suppress(OSError):  # then it is tried again, more and more slowly
                self._pid = spawn(self._program)
                self._is_running = True

    async def stop(self) -> None:
        """Ask it to end, wait, and end it."""
        await self.let_go()
        await end(self._pid)
        remove(self._program.pid_file)

    async def let_go(self) -> None:
        """Watch it no longer, and let it run."""
        if self._watching is not None:
            self._watching.cancel()
            await asyncio.gather(self._watching, return_exceptions=True)
            self._watching = None


def spawn(program: Program) -> int:
    """A process of its own, which lives on without us. Raises FileNotFoundError."""
    appending = os.O_WRONLY | os.O_CREAT | os.O_APPEND
    pid = os.posix_spawn(
        program.words[0],
        program.words,
        {"PATH": os.environ.get("PATH", os.defpath)},  # none of our settings or secrets
        file_actions=[
            (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
            (os.POSIX_SPAWN_OPEN, 1, str(program.log_file), appending, 0o600),
            (os.POSIX_SPAWN_DUP2, 1, 2),
        ],
        setsid=True,  # what stops us by the terminal does not stop it
    )
    write(program.pid_file, str(pid))
    return pid


def find_running(program: Program) -> tuple[int, list[str]]:
    """The process of an earlier start and its words, if it still runs. Whoever started it may have
    been killed before its number was written, and another program may have got that number since.
    """
    for pid in (noted_in(program.pid_file), *every_process()):
        words = words_of(pid)
        if any(word.startswith(program.own) for word in words):
            return pid, words
    return 0, []


def noted_in(pid_file: Path) -> int:
    try:
        return int(pid_file.read_text())
    except (OSError, ValueError):
        return 0


def every_process() -> Iterator[int]:
    return (int(each.name) for each in Path("/proc").iterdir() if each.name.isdigit())


def words_of(pid: int) -> list[str]:
    """Of one that has ended there are none."""
    try:
        raw = Path(f"/proc/{pid}/cmdline").read_bytes().rstrip(b"\0")
    except OSError:
        return []
    return [os.fsdecode(word) for word in raw.split(b"\0")]


async def end(pid: int) -> None:
    """Ask it to end, wait, and end it."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGTERM)
        try:
            await asyncio.wait_for(ended(pid), GRACE_SECONDS)
        except TimeoutError:
            os.kill(pid, signal.SIGKILL)
            await ended(pid)


async def ended(pid: int) -> None:
    """Returns when the process is gone, our child or not."""
    try:
        descriptor = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    loop = asyncio.get_running_loop()
    over = asyncio.Event()
    loop.add_reader(descriptor, over.set)
    try:
        await over.wait()
    finally:
        loop.remove_reader(descriptor)
        os.close(descriptor)
    reap(pid)


def reap(pid: int) -> None:
    with contextlib.suppress(ChildProcessError):  # not our child, but that of an agent before us
        os.waitpid(pid, os.WNOHANG)


def write(path: Path, text: str) -> None:
    half = path.with_suffix(".new")
    half.write_text(text)
    half.rename(path)


def remove(path: Path) -> None:
    path.unlink(missing_ok=True)
