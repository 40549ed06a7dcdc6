"""The control plane of `world.py` with its other door open: nodes that join and connect to it,
those of ours with an engine in memory, and strange ones that say what they like.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

from orca.access import Role
from orca.agent import Agent, Builds, Carrier, OrdersFile, Talk, live
from orca.control import Builder, Control, Depot, Listener, Members, Seeker
from orca.link import CONTROL, Hello, Membership, calling, encode, join, read_token
from orca.runtime import MemoryEngine, MemoryRuntime
from orca.tests.world import World, bearer

WITHIN_SECONDS = 60
GIB = 1 << 30
DIGEST = "a" * 64
PINNED = f"web@sha256:{DIGEST}"
"""An image that no node has to look up: a stranger would never answer."""
Socket = aiohttp.ClientWebSocketResponse


@dataclass(frozen=True, slots=True)
class Linked:
    """A world that nodes can reach."""

    world: World
    address: str

    @property
    def control(self) -> Control:
        control: Control = self.world.app.state.control
        return control

    @property
    def members(self) -> Members:
        members: Members = self.world.app.state.members
        return members

    @property
    def depot(self) -> Depot:
        depot: Depot = self.world.app.state.depot
        return depot

    @property
    def headers(self) -> dict[str, str]:
        return bearer(str(self.world.issued[Role.ADMIN].token))

    async def ask(self, method: str, path: str, body: Any = None) -> Any:
        """As an admin. The data of the answer."""
        answer = await self.world.send(Role.ADMIN, method, f"/api/v1{path}", json=body)
        assert answer.status_code < 300, answer.text
        return answer.json()["data"]

    async def deploy(self, *services: str, nodes: str = "") -> Any:
        return await self.ask("POST", "/deploys", {"files": files_of(*services, nodes=nodes)})

    async def service(self, name: str = "shop/web") -> Any:
        shown = await self.ask("GET", "/cluster")
        return next((one for one in shown["services"] if one["id"] == name), None)

    async def join(self, name: str) -> Membership:
        membership = Membership(self.world.folder / name)
        membership.folder.mkdir()
        token = read_token(str(await self.members.invite(name)))
        await join(self.address, token, membership)
        return membership

    @asynccontextmanager
    async def node(self, name: str, engine: MemoryEngine) -> AsyncIterator[Agent]:
        """One of ours, at work."""
        await self.join(name)
        async with self.node_again(name, engine) as agent:
            yield agent

    @asynccontextmanager
    async def node_again(self, name: str, engine: MemoryEngine) -> AsyncIterator[Agent]:
        """The next agent of a node that has joined, with what the last one left on its disk."""
        membership = Membership(self.world.folder / name)
        file = OrdersFile(membership.folder / "orders.json")
        runtime = MemoryRuntime(engine)
        carrier = Carrier(self.address, membership)
        builds = Builds("quay", runtime, carrier, membership.folder / "builds")
        agent = Agent(name, "quay", runtime, file, builds=builds)
        living = asyncio.create_task(live(agent, Talk(agent, self.address, membership)))
        await until(lambda: asyncio.sleep(0, name in self.control.links.by_node))
        try:
            yield agent
        finally:
            living.cancel()
            await asyncio.wait([living])

    @asynccontextmanager
    async def stranger(self, name: str) -> AsyncIterator[Socket]:
        """A node that joined as it should, and from then on says what it likes."""
        await self.join(name)
        async with self.again(name) as link:
            await link.send_str(encode(Hello(4_000, 8 * GIB)))
            yield link

    @asynccontextmanager
    async def again(self, name: str) -> AsyncIterator[Socket]:
        """Another link of a node that joined."""
        membership = Membership(self.world.folder / name)
        context = calling(membership.authority, membership.pair)
        async with (
            aiohttp.ClientSession() as session,
            session.ws_connect(
                f"https://{self.address}/link", ssl=context, server_hostname=CONTROL, max_msg_size=0
            ) as link,
        ):
            yield link


@asynccontextmanager
async def linked(world: World) -> AsyncIterator[Linked]:
    """Time goes on in it, as it does in the process of the control plane."""
    control, members = world.app.state.control, world.app.state.members
    listening = socket.create_server(("127.0.0.1", 0))
    depot = world.app.state.depot
    runner = await Listener("quay", control, members, depot).begin(listening)
    seeker = Seeker(control, builder=Builder(control, depot))
    beside = [asyncio.create_task(each.go_on()) for each in (control, seeker)]
    try:
        yield Linked(world, f"127.0.0.1:{listening.getsockname()[1]}")
    finally:
        for task in beside:
            task.cancel()
        await asyncio.wait(beside)
        await runner.cleanup()


def files_of(*services: str, nodes: str = "") -> dict[str, str]:
    return {
        "cluster.toml": f'[cluster]\nname = "quay"\n{nodes}',
        "services/shop/service.toml": "\n".join(services),
    }


def service(name: str = "web", *lines: str, image: str = PINNED) -> str:
    return "\n".join(["[[service]]", f'name = "{name}"', f'image = "{image}"', *lines, ""])


def folder_bytes(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


async def until(is_so: Callable[[], Awaitable[Any]]) -> Any:
    """What it answers, as soon as that is something."""
    async with asyncio.timeout(WITHIN_SECONDS):
        while True:
            if found := await is_so():
                return found
            await asyncio.sleep(0.05)
