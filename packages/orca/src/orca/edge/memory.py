"""A proxy that carries nothing: it obeys when it is let, and remembers what it was told."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from orca.edge.configuring import Settings
from orca.edge.proxy import EdgeBusy, ProxyDown, ProxyMissing
from orca.edge.sites import Wish


@dataclass
class Machine:
    """What outlives proxies and agents: whether the program is there, and what runs."""

    is_installed: bool = True
    is_stuck: bool = False
    is_port_taken: bool = False
    may_obey: asyncio.Event = field(default_factory=asyncio.Event)
    running: Settings | None = None
    wish: Wish | None = None
    told: list[Wish] = field(default_factory=list)
    starts: int = 0

    def proxy(self, settings: Settings) -> MemoryProxy:
        return MemoryProxy(self, settings)


@dataclass
class MemoryProxy:
    """One of them."""

    machine: Machine
    settings: Settings

    async def start(self) -> None:
        if not self.machine.is_installed:
            raise ProxyMissing("There is no traefik here.")
        if self.machine.is_port_taken:
            return
        if self.machine.running != self.settings:
            self.machine.running = self.settings
            self.machine.starts += 1

    def lets_in(self) -> bool:
        return self.machine.running is not None

    async def apply(self, wish: Wish) -> None:
        self.machine.told.append(wish)
        if self.machine.is_port_taken:
            raise ProxyDown("The proxy does not start: its port is taken.")
        self.machine.running = self.settings
        if self.machine.is_stuck:
            raise EdgeBusy("The proxy does not do what it is told.", retry_after=5)
        await self.machine.may_obey.wait()
        self.machine.wish = wish

    async def let_go(self) -> None:
        """It serves on."""

    async def stop(self) -> None:
        self.machine.running = self.machine.wish = None
