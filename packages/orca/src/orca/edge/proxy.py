"""The port, and Traefik behind it."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import logging
import os
import re
import secrets
import shutil
from pathlib import Path
from typing import Any, Protocol

import aiohttp
import msgspec

from basis.errors import Unavailable
from basis.kit.private_files import write_private
from orca.edge.configuring import Settings, changing, started_with
from orca.edge.feed import Feed
from orca.edge.sites import Wish
from orca.edge.supervising import Program, Supervised, find_running

logger = logging.getLogger(__name__)

VERSION_LEAST = (3, 7, 12)
"""Older ones do not know all that they are told."""
OBEYS_WITHIN_SECONDS = 60.0
ASKED_EVERY_SECONDS = 0.05
ANSWER_SECONDS = 5.0
SAID_BYTES_MAX = 100
LOG_BYTES_READ = 20_000
LAST_WORDS_MAX = 300


class ProxyMissing(RuntimeError):
    """The program is not on this machine."""


class ProxyTooOld(ProxyMissing):
    """The program does not know all that it would be told."""


class EdgeBusy(Unavailable):
    """The proxy does not obey yet."""


class ProxyDown(Unavailable):
    """The proxy ends as soon as it is started. When it comes up it will have the newest wish."""


class PortTaken(Unavailable):
    """A port of ours is taken by another program."""


class Proxy(Protocol):
    """Lets requests in. It outlives its agent, and goes on with what it was told last."""

    async def start(self) -> None:
        """Go on with the one that runs, or start it. Raises ProxyMissing, PortTaken, OSError."""

    async def apply(self, wish: Wish) -> None:
        """Returns once new requests go where the wish says; those that are under way end where they
        are. Raises EdgeBusy and ProxyDown, and goes on trying.
        """

    def lets_in(self) -> bool:
        """Whether it runs: requests may come in by it, whoever has started it."""

    async def let_go(self) -> None:
        """Watch it no longer; it serves on."""

    async def stop(self) -> None:
        """End it, after the requests that are under way."""


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """What is on the disk, for the next agent: the last wish in the proxy's words."""

    number: int
    document: dict[str, Any]
    challenges: dict[str, str]


class Entry(msgspec.Struct):
    """A line of its log."""

    error: str = ""


class Traefik:
    """Fed by a door of ours, which it asks five times a second."""

    def __init__(self, settings: Settings, *, program: str = "traefik") -> None:
        self._settings = settings
        self._program = program
        self._feed: Feed | None = None
        self._supervised: Supervised | None = None
        self._kept = Kept(number=0, document={}, challenges={})
        self._turn = asyncio.Lock()

    @property
    def restarts(self) -> int:
        return self._supervised.restarts if self._supervised else 0

    @property
    def pid(self) -> int:
        return self._supervised.pid if self._supervised else 0

    async def start(self) -> None:
        found = shutil.which(self._program)
        if found is None:
            raise ProxyMissing(
                f"There is no {self._program} here. Install it from your system or its makers."
            )
        await check_version(found)
        folder = self._settings.folder
        password = own_password(folder)
        self._feed = Feed(password, self._settings.feed_port)
        self._kept = read_kept(folder) or self._kept
        if self._kept.number:
            self._feed.tell(self._kept.document, self._kept.challenges)
        try:
            await self._feed.start()
        except OSError as error:
            raise PortTaken(
                f"Port {self._settings.feed_port} of the loopback, by which the proxy is told what "
                f"to do, cannot be opened: {os.strerror(error.errno or 0)}. Give the agent another "
                "one: --feed-port"
            ) from error
        configuration = write_configuration(self._settings, password)
        words = (found, f"--configFile={configuration}")
        self._supervised = Supervised(self._program_of(words))
        await self._supervised.start()

    async def apply(self, wish: Wish) -> None:
        assert self._feed is not None
        async with self._turn:
            number = self._kept.number + 1
            document = changing(wish, self._settings, number=number)
            self._kept = Kept(number=number, document=document, challenges=dict(wish.challenges))
            # Before it is told: an agent that is killed here starts again with this or the next.
            write_private(self._settings.folder / "wish.json", msgspec.json.encode(self._kept))
            self._feed.tell(document, wish.challenges)
            await self._obeyed(number)

    def lets_in(self) -> bool:
        pid, _ = find_running(self._program_of(()))
        return pid != 0

    def _program_of(self, words: tuple[str, ...]) -> Program:
        folder = self._settings.folder
        own = f"--configFile={folder}/"
        return Program(words, folder / "traefik.pid", folder / "traefik.log", own)

    async def _obeyed(self, number: int) -> None:
        """The proxy itself says so: a door of this number leads back to us."""
        assert self._supervised is not None
        assert self._feed is not None
        address = f"http://127.0.0.1:{self._settings.inner_port}/obeys/{number}"
        timeout = aiohttp.ClientTimeout(total=ANSWER_SECONDS)
        async with aiohttp.ClientSession(timeout=timeout) as session:
            try:
                async with asyncio.timeout(OBEYS_WITHIN_SECONDS):
                    # It is another program: there is nothing of ours to wait for.
                    while await said_at(session, address) != self._feed.proof:
                        if self._supervised.is_down:
                            log = self._settings.folder / "traefik.log"
                            raise ProxyDown(f"The proxy does not start: {last_error(log)}")
                        await asyncio.sleep(ASKED_EVERY_SECONDS)
            except TimeoutError as error:
                raise EdgeBusy(
                    "The proxy does not do what it is told. Look into traefik.log.", retry_after=5
                ) from error

    async def let_go(self) -> None:
        if self._supervised is not None:
            await self._supervised.let_go()
        if self._feed is not None:
            await self._feed.stop()

    async def stop(self) -> None:
        if self._supervised is not None:
            await self._supervised.stop()
        if self._feed is not None:
            await self._feed.stop()


async def check_version(program: str) -> None:
    """One without a number is somebody's own, who knows. Raises ProxyTooOld."""
    asked = await asyncio.create_subprocess_exec(
        program, "version", stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL
    )
    told, _ = await asked.communicate()
    number = re.search(rb"^Version:\s*v?(\d+)\.(\d+)\.(\d+)", told, re.MULTILINE)
    found = tuple(map(int, number.groups())) if number else VERSION_LEAST
    if found < VERSION_LEAST:
        said, least = (".".join(map(str, each)) for each in (found, VERSION_LEAST))
        raise ProxyTooOld(f"{program} is {said}, and {least} or newer is needed.")


async def said_at(session: aiohttp.ClientSession, address: str) -> str:
    """Another program may have the port, and say anything or nothing."""
    with contextlib.suppress(aiohttp.ClientError, TimeoutError, UnicodeDecodeError):
        async with session.get(address) as answer:
            return (await answer.content.read(SAID_BYTES_MAX)).decode()
    return ""


def last_error(log: Path) -> str:
    """The last of its own words that say what went wrong."""
    said = "nothing is said in traefik.log"
    try:
        lines = log.read_bytes()[-LOG_BYTES_READ:].splitlines()
    except OSError:
        return said
    for line in lines:
        with contextlib.suppress(msgspec.DecodeError):
            entry = msgspec.json.decode(line, type=Entry)
            said = entry.error or said
    return said.removeprefix("command traefik error: ")[:LAST_WORDS_MAX]


def own_password(folder: Path) -> str:
    """The same for the proxy that outlived an agent and the agent after it."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / "feed.password"
    if not path.exists():
        write_private(path, secrets.token_urlsafe(32).encode())
    return path.read_text()


def read_kept(folder: Path) -> Kept | None:
    try:
        return msgspec.json.decode((folder / "wish.json").read_bytes(), type=Kept)
    except FileNotFoundError:
        return None
    except msgspec.DecodeError:
        logger.exception("The last wish of the proxy is not what was written; it is told anew.")
        return None


def write_configuration(settings: Settings, password: str) -> Path:
    """Named by what is in it: one that was started with other settings is another program."""
    content = msgspec.json.encode(started_with(settings, password), order="sorted")
    digest = hashlib.sha256(content).hexdigest()[:12]
    path = settings.folder / f"traefik-{digest}.yml"  # what is JSON is YAML
    write_private(path, content)
    return path
