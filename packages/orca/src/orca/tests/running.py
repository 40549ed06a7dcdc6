"""A cluster of real processes: `orca server`, and an `orca agent` with a real engine on each node,
in networks of their own, so that it meets nothing else. Commands are those that people type.
"""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote

from orca.testing import MIDDLE, PORT, RealEngine, RealNode, RealNodes, Visit, ask, visit
from orca.tests.town import TRAEFIK

WITHIN_SECONDS = 180
ORCA = str(Path(sys.executable).with_name("orca"))
API, NODES = 6880, 6881
LOOPBACK = "127.0.0.1"
ADDRESSES = [LOOPBACK, MIDDLE, "10.77.0.1", "10.77.0.2", "10.77.0.3"]
"""What tests may connect to, in networks of their own."""


class Network(Protocol):
    """Where a process stands: a network, by a process that has it."""

    @property
    def pid(self) -> int: ...

    def inside(self, command: Sequence[str]) -> list[str]: ...


@dataclass
class Running:
    """One control plane and its nodes. `name` is the cluster's, and of no other test."""

    middle: Network
    nodes: tuple[RealNode, ...]
    control: str
    """The address at which nodes find the control plane."""
    folder: Path
    name: str
    options: tuple[str, ...] = ()
    """Of the control plane, as it was started."""
    toml: str = ""
    """What `cluster.toml` says beyond the name."""
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def engine(self) -> RealEngine:
        """Of the only node."""
        [node] = self.nodes
        return node.engine

    def node(self, name: str) -> RealNode:
        return next(node for node in self.nodes if node.name == name)

    def begin(self, what: str, network: Network, *command: str) -> None:
        """With us it ends, however we end."""
        guarded = ["setpriv", "--pdeathsig", "KILL", *network.inside([ORCA, *command])]
        with (self.folder / f"{what}.log").open("ab") as log:
            self.processes[what] = subprocess.Popen(guarded, stdout=log, stderr=log)  # noqa: S603

    def begin_server(self) -> None:
        self.start_server()
        self.until(lambda: self.seen() is not None, "the server answers")

    def start_server(self) -> None:
        """It may be killed before it answers."""
        self.begin(
            "server", self.middle,
            "server", "--data", str(self.folder / "server"), "--cluster", self.name,
            "--node-address", self.control, *self.options,
        )  # fmt: skip

    def begin_agent(self, name: str = "n1") -> None:
        node = self.node(name)
        self.begin(
            name, node.engine,
            "agent", "--control", f"{self.control}:{NODES}", "--data", str(self.folder / name),
            "--engine", node.engine.url, "--address", node.address,
            "--join-file", str(self.folder / f"{name}.join"), "--proxy", TRAEFIK,
        )  # fmt: skip

    def join(self, name: str) -> None:
        told = self.api("POST", f"/nodes/{name}/invitations")
        (self.folder / f"{name}.join").write_text(told["token"])
        self.begin_agent(name)

    def join_all(self) -> None:
        for node in self.nodes:
            self.join(node.name)
        self.until(lambda: len(self.connected()) == len(self.nodes), "all nodes join")

    def restart_server(self, *options: str) -> None:
        self.kill("server")
        self.options = options
        self.begin_server()
        self.until(lambda: len(self.connected()) == len(self.nodes), "all nodes are back")

    def kill(self, what: str) -> None:
        """As the kernel does when memory runs out: nobody is asked."""
        self.processes[what].kill()
        self.processes.pop(what).wait()

    def api(self, method: str, path: str, body: Any = None, *, code: int = 2) -> Any:
        """What commands ask, without their start. `code` is the first figure of the answer's."""
        token = (self.folder / "server/admin.token").read_text().strip()
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        connection = Visit(self.middle.pid, LOOPBACK, API)
        try:
            sent = json.dumps(body).encode() if body is not None else None
            connection.request(method, f"/api/v1{path}", sent, headers)
            answer = connection.getresponse()
            told = answer.read().decode()
        finally:
            connection.close()
        if answer.status // 100 != code:
            raise AssertionError(f"{method} {path}: {answer.status} {told}")
        return json.loads(told).get("data", told)

    def seen(self) -> dict[str, Any] | None:
        """What the control plane says of the cluster, if it says anything."""
        try:
            cluster: dict[str, Any] = self.api("GET", "/cluster")
        except (OSError, http.client.HTTPException):
            return None
        return cluster

    def connected(self) -> set[str]:
        nodes = (self.seen() or {"nodes": []})["nodes"]
        return {node["name"] for node in nodes if node["isConnected"]}

    def ready(self) -> int:
        services = (self.seen() or {"services": []})["services"]
        return sum(copy["isReady"] for service in services for copy in service["copies"])

    def shown(self, node: str) -> dict[str, Any]:
        """A node as the control plane sees it."""
        found = (self.seen() or {"nodes": []})["nodes"]
        return next((each for each in found if each["name"] == node), {})

    def begun(self) -> Counter[str]:
        """How often each name was given to a container, by the memory of the engines."""
        names: Counter[str] = Counter()
        query = f"until={int(time.time()) + 1}&since={int(time.time()) - 3_600}"
        filters = quote('{"event":["create"],"type":["container"]}')
        for node in self.nodes:
            told = ask(node.engine, "GET", f"/events?{query}&filters={filters}")
            found = (json.loads(line)["Actor"]["Attributes"]["name"] for line in told.splitlines())
            own = (name for name in found if name.startswith(f"{self.name}."))
            names.update(name.removeprefix(f"{self.name}.") for name in own)
        return names

    def releases(self) -> dict[str, int]:
        services = (self.seen() or {"services": []})["services"]
        return {service["id"]: service["release"] for service in services}

    def waits(self) -> list[str]:
        """What services wait for, in words."""
        services = (self.seen() or {"services": []})["services"]
        return [words for service in services for words in service["waits"]]

    def orca(self, *arguments: str, code: int | None = 0) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "ORCA_TOKEN_FILE": str(self.folder / "server/admin.token")}
        done = subprocess.run(  # noqa: S603
            self.middle.inside([ORCA, *arguments]),
            capture_output=True,
            text=True,
            check=False,
            env=environment,
        )
        if code is not None and done.returncode != code:
            raise AssertionError(f"{arguments}: {done.returncode}\n{done.stdout}{done.stderr}")
        return done

    def write(self, *services: str) -> Path:
        """The files of a project `shop`."""
        folder = self.folder / "project"
        (folder / "services/shop").mkdir(parents=True, exist_ok=True)
        (folder / "cluster.toml").write_text(f'[cluster]\nname = "{self.name}"\n{self.toml}')
        (folder / "services/shop/service.toml").write_text("\n".join(services))
        return folder

    def deploy(self, *services: str, code: int = 0) -> str:
        done = self.orca("deploy", "-f", str(self.write(*services)), "--yes", code=code)
        return done.stdout + done.stderr

    def wish(self, *services: str) -> str:
        """A deploy that is begun, without the command: its job."""
        folder = self.write(*services)
        names = ["cluster.toml", "services/shop/service.toml"]
        files = {name: (folder / name).read_text() for name in names}
        job: str = self.api("POST", "/deploys", {"files": files})["job"]
        return job

    def roll_out(self, *services: str) -> None:
        """A deploy that serves."""
        job = self.wish(*services)
        self.until(lambda: self.outcome(job) != "running", "the deploy comes to something")
        assert self.outcome(job) == "done"

    def outcome(self, job: str) -> str:
        outcome: str = self.api("GET", f"/jobs/{job}")["outcome"]
        return outcome

    def listed(self) -> list[tuple[RealNode, dict[str, Any]]]:
        """Containers of this cluster that run, as their engines list them."""
        return [
            (node, each)
            for node in self.nodes
            for each in json.loads(ask(node.engine, "GET", "/containers/json"))
            if each["Names"][0].startswith(f"/{self.name}.")
        ]

    def named(self, container: Mapping[str, Any]) -> str:
        name: str = container["Names"][0]
        return name.removeprefix(f"/{self.name}.")

    def containers(self) -> dict[str, str]:
        """Their ids by their names."""
        return {self.named(each): each["Id"] for _, each in self.listed()}

    def places(self) -> dict[str, str]:
        """Their nodes by their names."""
        return {self.named(each): node.name for node, each in self.listed()}

    def started_at(self) -> dict[str, str]:
        """When each of them was started last, by their names."""
        return {
            self.named(each): json.loads(ask(node.engine, "GET", f"/containers/{each['Id']}/json"))[
                "State"
            ]["StartedAt"]
            for node, each in self.listed()
        }

    def doors(self) -> list[tuple[str, int]]:
        """Where containers publish their ports."""
        return sorted(
            (node.address, port["PublicPort"])
            for node, each in self.listed()
            for port in each["Ports"]
            if "PublicPort" in port
        )

    def pages(self) -> list[str]:
        """What answers at the published ports, asked from the middle."""
        found = (visit(self.middle.pid, address, port) for address, port in self.doors())
        return sorted((page or "").strip() for page in found)

    def until(self, is_so: Callable[[], bool], what: str) -> None:
        until = time.monotonic() + WITHIN_SECONDS
        while time.monotonic() < until:
            if is_so():
                return
            time.sleep(0.2)
        logs = "\n".join(
            f"--- {path.name}\n" + "\n".join(path.read_text(errors="replace").splitlines()[-25:])
            for path in sorted(self.folder.glob("*.log"))
        )
        raise TimeoutError(f"{what}: not within {WITHIN_SECONDS} s\n{self.containers()}\n{logs}")


def running(engine: RealEngine, folder: Path, name: str) -> Running:
    """Control plane and only node on one machine."""
    node = RealNode("n1", LOOPBACK, "", engine)
    return Running(engine, (node,), LOOPBACK, folder, name)


def running_on(nodes: RealNodes, folder: Path, name: str, *options: str) -> Running:
    """The control plane in the middle, which is no node. `options` are of `orca server`."""
    return Running(nodes, nodes.nodes, MIDDLE, folder, name, options)


@contextmanager
def started(cluster: Running) -> Iterator[Running]:
    """Its processes and containers end with the test; the engines go on."""
    try:
        cluster.begin_server()
        cluster.join_all()
        yield cluster
    finally:
        for what in [*cluster.processes]:
            cluster.kill(what)
        end_proxies(cluster.folder)
        for node, each in cluster.listed():
            ask(node.engine, "DELETE", f"/containers/{each['Id']}?force=true&v=true")


def end_proxies(folder: Path) -> None:
    """They outlive their agents, but not their test."""
    for path in folder.glob("*/edge/traefik.pid"):
        pid = int(path.read_text())
        with suppress(OSError):
            if str(folder).encode() in Path(f"/proc/{pid}/cmdline").read_bytes():
                os.kill(pid, signal.SIGKILL)


def web(image: str = "test/web:1", **keys: Any) -> str:
    """A service `web`, in TOML."""
    lines = [
        "[[service]]",
        'name = "web"',
        f'image = "{image}"',
        f"port = {PORT}",
        "stop_grace_secs = 1",
        *(f"{key} = {value}" for key, value in keys.items()),
        "[service.resources]",
        'memory = "32Mi"',
        "cpu = 0.05",
        "[service.deploy]",
        "drain_secs = 0",
        "ready_within_secs = 20",
    ]
    return "\n".join(lines) + "\n"
