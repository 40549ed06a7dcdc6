"""The processes of the demo's cluster. Each ends with the demo, however that ends."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from basis.kit.secret import Secret
from orca.calling import Calling, NotAnswered, Refused
from orca.demo.project import CLUSTER
from orca.testing import MIDDLE, RealNode, RealNodes

PROGRAMS = Path(sys.executable).parent
NODE_PORT = 6881
API_PORT = 6880
EDGE_PORT = 80
START_SECONDS_MAX = 120
LOOK_SECONDS = 0.2


class DidNotStart(Exception):
    """Something did not come up; the message has the end of its log."""


@dataclass
class Cluster:
    """A control plane in the middle, an agent with an engine on each node."""

    folder: Path
    nodes: RealNodes
    server: str
    """Where this machine reaches the API."""
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def token_file(self) -> Path:
        return self.folder / "server/admin.token"

    def calling(self) -> Calling:
        return Calling(self.server, Secret(self.token_file.read_text().strip()))

    def begin(self, name: str, command: Sequence[str]) -> None:
        guarded = ["setpriv", "--pdeathsig", "KILL", *command]
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(  # noqa: S603 - our own programs
                guarded, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )

    def begin_server(self) -> None:
        words = [
            "server", "--cluster", CLUSTER, "--data", str(self.folder / "server"),
            "--node-address", MIDDLE, "--node-port", str(NODE_PORT),
        ]  # fmt: skip
        self.begin("server", self.nodes.inside([str(PROGRAMS / "orca"), *words]))

    async def begin_agent(self, node: RealNode) -> None:
        """Asked in a thread: the door to the API is in this one."""
        path = f"/nodes/{node.name}/invitations"
        token = (await asyncio.to_thread(self.calling().ask, "POST", path))["token"]
        (self.folder / f"{node.name}.join").write_text(token)
        words = [
            "agent", "--control", f"{MIDDLE}:{NODE_PORT}", "--address", node.address,
            "--data", str(self.folder / node.name), "--engine", node.engine.url,
            "--join-file", str(self.folder / f"{node.name}.join"),
            "--proxy", str(PROGRAMS / "traefik"),
        ]  # fmt: skip
        self.begin(node.name, within(node, [str(PROGRAMS / "orca"), *words]))

    async def until_server(self) -> None:
        await self.until("server", lambda: self.token_file.exists() and self.seen() is not None)

    async def until_joined(self) -> None:
        wanted = {node.name for node in self.nodes.nodes}
        await self.until("server", lambda: wanted <= self.connected())

    def seen(self) -> dict[str, Any] | None:
        try:
            found: dict[str, Any] = self.calling().ask("GET", "/cluster")
        except (NotAnswered, Refused):
            return None
        return found

    def connected(self) -> set[str]:
        nodes = (self.seen() or {"nodes": []})["nodes"]
        return {node["name"] for node in nodes if node["isConnected"]}

    async def until(self, name: str, is_so: Any) -> None:
        async with asyncio.timeout(START_SECONDS_MAX):
            while not await asyncio.to_thread(is_so):
                self.check()
                await asyncio.sleep(LOOK_SECONDS)

    def check(self) -> None:
        """Raises DidNotStart when a process has ended by itself."""
        for name, process in self.processes.items():
            if process.poll() is not None:
                said = (self.folder / f"{name}.log").read_text(errors="replace").splitlines()
                raise DidNotStart(f"{name} ended: " + " / ".join(said[-5:]))


def within(node: RealNode, command: Sequence[str]) -> list[str]:
    """Also among the engine's processes and mounts: the proxy, which outlives its agent, ends with
    the engine and not later.
    """
    spaces = ["--net", "--pid", "--mount"]
    return ["nsenter", "--target", str(node.engine.pid), *spaces, "--", *command]


@contextmanager
def begun(folder: Path, nodes: RealNodes, server: str) -> Iterator[Cluster]:
    cluster = Cluster(folder, nodes, server)
    try:
        yield cluster
    finally:
        for process in cluster.processes.values():
            process.kill()
            process.wait()
