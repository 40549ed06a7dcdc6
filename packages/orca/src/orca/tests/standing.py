"""A control plane as a process of its own, as `orca server` runs it, and nodes of this process with
real proxies and engines in memory: for what happens when it is killed, started again, or ill.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import httpx

from orca.agent import Agent, Edging, OrdersFile, Talk, live
from orca.edge import Settings, Traefik
from orca.link import Membership, join, read_token
from orca.runtime import MemoryEngine, MemoryImage, MemoryRuntime
from orca.tests.town import TRAEFIK, free_ports

WITHIN_SECONDS = 180
LOOK_SECONDS = 0.05
CLUSTER = "quay"
LOOPBACK = "127.0.0.1"
ORCA = str(Path(sys.executable).with_name("orca"))


@dataclass
class Standing:
    """One control plane on this machine. Its folder is what it knows after a kill."""

    folder: Path
    api_port: int
    node_port: int
    options: tuple[str, ...] = ()
    process: subprocess.Popen[bytes] | None = None
    client: httpx.AsyncClient = field(init=False)

    def __post_init__(self) -> None:
        address = f"http://{LOOPBACK}:{self.api_port}/api/v1"
        self.client = httpx.AsyncClient(base_url=address, trust_env=False, timeout=WITHIN_SECONDS)

    @property
    def data(self) -> Path:
        return self.folder / "server"

    @property
    def node_address(self) -> str:
        return f"{LOOPBACK}:{self.node_port}"

    def log(self) -> str:
        return (self.folder / "server.log").read_text(errors="replace")

    async def begin(self) -> None:
        """With us it ends, however we end. It answers when this returns."""
        command = [
            "setpriv", "--pdeathsig", "KILL", ORCA,
            "server", "--data", str(self.data), "--cluster", CLUSTER,
            "--api-port", str(self.api_port), "--node-port", str(self.node_port), *self.options,
        ]  # fmt: skip
        with (self.folder / "server.log").open("ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log)  # noqa: S603, ASYNC220
        await self.until(self.answers)

    async def answers(self) -> bool:
        with suppress(OSError, httpx.TransportError):
            await self.ask("GET", "/cluster")
            return True
        return False

    def kill(self) -> None:
        """As the kernel does when memory runs out: nobody is asked."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    async def ended(self) -> int:
        """By itself; with which code."""
        process = self.process
        assert process is not None
        async with asyncio.timeout(WITHIN_SECONDS):
            code = await asyncio.to_thread(process.wait)
        self.process = None
        return code

    async def ask(self, method: str, path: str, body: Any = None) -> Any:
        """As the first admin. The data of the answer."""
        token = (self.data / "admin.token").read_text().strip()
        headers = {"authorization": f"Bearer {token}"}
        answer = await self.client.request(method, path, json=body, headers=headers)
        assert answer.is_success, answer.text
        return answer.json()["data"]

    async def deploy(self, cluster: str, services: Mapping[str, str]) -> Any:
        """`cluster` is what `cluster.toml` says beyond the name; services by their projects."""
        files = {
            "cluster.toml": f'[cluster]\nname = "{CLUSTER}"\n{cluster}',
            **{f"services/{name}/service.toml": text for name, text in services.items()},
        }
        return await self.ask("POST", "/deploys", {"files": files})

    async def edge(self, node: str) -> str:
        """How the proxy of a node does, in words."""
        nodes = (await self.ask("GET", "/cluster"))["nodes"]
        return next((each["edge"] for each in nodes if each["name"] == node), "")

    async def obeys(self, node: str) -> bool:
        return await self.edge(node) == "edge"

    async def until(self, is_so: Callable[[], Awaitable[bool]]) -> None:
        try:
            async with asyncio.timeout(WITHIN_SECONDS):
                while not await is_so():  # noqa: ASYNC110 - of other machines
                    await asyncio.sleep(LOOK_SECONDS)
        except TimeoutError:
            raise TimeoutError(self.log()) from None

    @asynccontextmanager
    async def node(self, name: str, ports: Settings) -> AsyncIterator[None]:
        """A node that has joined, with a proxy of its own at these ports of the loopback."""
        membership = Membership(self.folder / name)
        membership.folder.mkdir()
        told = await self.ask("POST", f"/nodes/{name}/invitations")
        await join(self.node_address, read_token(told["token"]), membership)
        runtime = MemoryRuntime(MemoryEngine({"web:1": MemoryImage()}))
        agent = Agent(name, CLUSTER, runtime, OrdersFile(membership.folder / "orders.json"))
        edging = Edging(membership.folder / "edge", partial(at_ports, ports))
        living = asyncio.create_task(
            live(agent, Talk(agent, self.node_address, membership, edging))
        )
        try:
            yield
        finally:
            living.cancel()
            await asyncio.wait([living])
            await edging.shut()


def at_ports(ports: Settings, told: Settings) -> Traefik:
    """Its inner doors at ports of its own, since other tests run beside."""
    inner = replace(told, inner_port=ports.inner_port, feed_port=ports.feed_port)
    return Traefik(inner, program=TRAEFIK)


@asynccontextmanager
async def standing(folder: Path, *options: str) -> AsyncIterator[Standing]:
    api, nodes = free_ports(2)
    made = Standing(folder, api, nodes, options)
    try:
        await made.begin()
        yield made
    finally:
        made.kill()
        await made.client.aclose()


def web(*domains: str) -> str:
    """A service `web`, in TOML."""
    return f'[[service]]\nname = "web"\nimage = "web:1"\nport = 80\ndomains = {[*domains]}\n'


def edge_at(ports: Settings) -> str:
    return f"[edge]\nhttp_port = {ports.http_port}\nhttps_port = {ports.https_port}\n"
