"""Wanted copies, orders and agents for tests."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from orca.agent import Agent, OrdersFile
from orca.planning import Declaration, Run, Seen, Wanted
from orca.runtime import Runtime
from orca.scheduling import CopyId
from orca.spec import Service
from orca.testing import PORT

WITHIN_SECONDS = 60
ASK_INSIDE = {"command": ["wget", "-q", "-O-", f"http://127.0.0.1:{PORT}/healthz"]}


def wanted(
    image: str = "test/web:1", *, slot: int = 0, generation: int = 1, **fields: Any
) -> Wanted:
    given = {"name": "web", "image": image, "port": PORT, "stop_grace_secs": 1}
    service = msgspec.convert({**given, **fields}, Service)
    copy = CopyId("shop/web", slot, generation)
    return Wanted(copy, 1, Declaration("shop/web", service), ())


@dataclass
class Node:
    """An agent that is told and works, on a runtime that outlives it."""

    runtime: Callable[[], Runtime]
    cluster: str
    folder: Path
    agent: Agent
    revision: int = 0

    def want(self, *copies: Wanted) -> None:
        self.revision += 1
        self.agent.hear(Run("n1", self.revision, copies))

    async def until(self, is_so: Callable[[dict[str, Seen]], bool]) -> dict[str, Seen]:
        """What it reports, by the names of the copies, as soon as it is so."""
        async with asyncio.timeout(WITHIN_SECONDS):
            while True:
                await self.agent.work()
                seen = {str(each.copy): each for each in self.agent.report().running}
                if is_so(seen):
                    return seen
                await asyncio.sleep(0.05)

    async def all_ready(self, *names: str) -> dict[str, Seen]:
        """Exactly these, and all of them ready."""
        return await self.until(
            lambda seen: {*seen} == {*names} and all(each.is_ready for each in seen.values())
        )

    async def restart_agent(self) -> None:
        await self.agent.close()
        self.agent = agent_of(self.runtime(), self.cluster, self.folder)

    async def started(self) -> dict[str, str]:
        """When the containers were started, by their names: another text, another start."""
        listed = await self.agent.runtime.list(self.cluster)
        return {str(each.copy): each.started for each in listed}


def agent_of(runtime: Runtime, cluster: str, folder: Path) -> Agent:
    return Agent("n1", cluster, runtime, OrdersFile(folder / "orders.json"))
