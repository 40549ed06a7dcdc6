"""A node that lets requests in: its proxy is begun when there is something to let in, gets each
wish whole, and only what it obeys is reported. It outlives the agent; the next one goes on with it.
"""

from __future__ import annotations

import asyncio
import logging
import math
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from basis.errors import DomainError
from basis.kit.private_files import write_private
from orca.edge import (
    FEED_PORT,
    INNER_PORT,
    Doors,
    EdgeOrders,
    Proxy,
    ProxyDown,
    ProxyMissing,
    Settings,
    Traefik,
    Wish,
    digest_of,
    place_files,
    sweep_files,
)
from orca.link import Obeyed
from orca.planning import REASON_LENGTH_MAX

logger = logging.getLogger(__name__)

AGAIN_SECONDS = 3.0
LET_GO_SECONDS_MAX = 10.0
"""A proxy that is told nothing any more leads there for ever."""
UNDER_WAY_SECONDS = 1.0
"""What a proxy has sent to an address before it let go of it is answered within so long, mostly."""
CERTIFICATES = "certificates"


@dataclass(frozen=True, slots=True)
class Told:
    """The newest that was heard: the revision of the routes, and what to do if this is an edge."""

    revision: int
    orders: EdgeOrders | None


@dataclass
class Edging:
    """`routed` and `digest` say what the proxy obeys, never what it was only told."""

    folder: Path
    make: Callable[[Settings], Proxy] = Traefik
    inner_port: int = INNER_PORT
    feed_port: int = FEED_PORT
    told: Told | None = None
    routed: int = 0
    digest: str = ""
    trouble: str = ""
    proxy: Proxy | None = None
    doors: Doors | None = None
    leading: frozenset[str] = frozenset()
    """The addresses to which the proxy sends requests, for all that is known."""
    left: dict[str, float] = field(default_factory=dict)
    """When it sent the last request to others, for as long as an answer may be under way."""
    turned: asyncio.Event = field(default_factory=asyncio.Event)
    awake: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def obeyed(self) -> Obeyed:
        return Obeyed(self.digest, self.trouble)

    def hear(self, revision: int, orders: EdgeOrders | None) -> None:
        """Old news are not listened to."""
        if self.told is None or revision >= self.told.revision:
            self.told = Told(revision, orders)
            self.awake.set()

    async def go_on(self) -> None:
        """For ever. What does not succeed is tried again, also without another word."""
        await self.tried(self.told)
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self.awake.wait(), AGAIN_SECONDS if self.trouble else None)
            self.awake.clear()
            await self.tried(self.told)

    async def tried(self, told: Told | None) -> None:
        try:
            await (self.resume() if told is None else self.obey(told))
            self.trouble = ""
        except ProxyDown as error:
            self.fail(str(error))
            self.let_nobody_in(told)
        except (ProxyMissing, DomainError, OSError) as error:
            self.fail(str(error))
            if not self.lets_in():
                # What is begun later begins with what is wished then, not with what was.
                (self.folder / "wish.json").unlink(missing_ok=True)
                self.let_nobody_in(told)

    def lets_in(self) -> bool:
        proxy = self.proxy or self.make(Settings(self.folder))
        return proxy.lets_in()

    def let_nobody_in(self, told: Told | None) -> None:
        """No request comes in here, so none goes to what is let go of, and nobody need wait."""
        if told is not None:
            self.routed = told.revision

    def fail(self, words: str) -> None:
        if words != self.trouble:
            logger.warning("the edge: %s", words)
        self.trouble = words[:REASON_LENGTH_MAX]
        self.turn(self.leading)

    async def resume(self) -> None:
        """Before anything is heard: what it did before. Raises ProxyMissing, OSError."""
        try:
            doors = msgspec.json.decode(self.doors_file.read_bytes(), type=Doors)
        except FileNotFoundError:
            return
        except msgspec.DecodeError:
            # The control plane tells them again; until then nobody is let in.
            logger.exception("the edge: %s is not what was written into it", self.doors_file)
            return
        await self.open(doors)

    async def obey(self, told: Told) -> None:
        """Raises ProxyMissing, EdgeBusy, OSError; then nothing more is said to be obeyed."""
        digest = digest_of(told.orders)
        if digest != self.digest:
            await (self.shut() if told.orders is None else self.apply(told.orders))
        self.digest, self.routed = digest, told.revision
        self.turn(addresses_of(told.orders))

    def turn(self, leading: frozenset[str]) -> None:
        now = time.monotonic()
        recent = {each: at for each, at in self.left.items() if now - at < UNDER_WAY_SECONDS}
        self.left = recent | dict.fromkeys(self.leading - leading, now)
        self.leading = leading
        self.turned.set()
        self.turned = asyncio.Event()

    async def let_go_of(self, address: str) -> None:
        """Returns when requests are not led there any more, and the last is answered. A node that
        comes back hears in one breath that its copy ends and where requests go instead.
        """
        with suppress(TimeoutError):
            async with asyncio.timeout(LET_GO_SECONDS_MAX):
                while address in self.leading and not self.trouble:
                    await self.turned.wait()
        last = self.left.get(address, -math.inf)
        await asyncio.sleep(max(0.0, last + UNDER_WAY_SECONDS - time.monotonic()))

    async def apply(self, orders: EdgeOrders) -> None:
        if self.proxy is None and orders.is_idle and not self.doors_file.exists():
            return
        # Until the new wish is obeyed nobody may say that the old one still is.
        self.digest = ""
        if self.proxy is None or self.doors != orders.doors:
            await self.open(orders.doors)
        assert self.proxy is not None
        folder = self.folder / CERTIFICATES
        files = await asyncio.to_thread(place_files, folder, orders.certificates)
        await self.proxy.apply(Wish(orders.sites, files, orders.challenges))
        await asyncio.to_thread(sweep_files, folder, files)

    async def open(self, doors: Doors) -> None:
        """The proxy with these doors, the one that runs if it has them."""
        await self.close()
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        settings = Settings(
            self.folder,
            doors.http_port,
            doors.https_port,
            self.inner_port,
            self.feed_port,
            doors.trusted,
        )
        proxy = self.make(settings)
        try:
            await proxy.start()
        except BaseException:
            await proxy.let_go()
            raise
        self.proxy, self.doors = proxy, doors
        write_private(self.doors_file, msgspec.json.encode(doors))

    async def shut(self) -> None:
        """Nobody is let in here any more."""
        await self.resume_to_shut()
        if self.proxy is not None:
            await self.proxy.stop()
            self.proxy = self.doors = None
        for name in ("doors.json", "wish.json"):
            (self.folder / name).unlink(missing_ok=True)

    async def resume_to_shut(self) -> None:
        """One that an agent before us has left running is not forgotten either."""
        if self.proxy is None:
            with suppress(ProxyMissing):
                await self.resume()

    @property
    def doors_file(self) -> Path:
        return self.folder / "doors.json"

    async def close(self) -> None:
        """The proxy serves on."""
        if self.proxy is not None:
            await self.proxy.let_go()
            self.proxy = self.doors = None


def addresses_of(orders: EdgeOrders | None) -> frozenset[str]:
    sites = orders.sites if orders else ()
    return frozenset(backend.address for site in sites for backend in site.backends)
