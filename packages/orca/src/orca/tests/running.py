"""A cluster of real processes: `orca server`, `orca agent` and a real engine, in the network of
that engine, so that it meets nothing else. Commands are those that people type.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from orca.testing import BUSYBOX, PORT, RealEngine, ask

WITHIN_SECONDS = 180
ORCA = str(Path(sys.executable).with_name("orca"))
API, NODES = 6880, 6881


@dataclass
class Running:
    """One control plane and one node. `name` is the cluster's, and of no other test."""

    engine: RealEngine
    folder: Path
    name: str
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def begin(self, what: str, *arguments: str) -> None:
        log = (self.folder / f"{what}.log").open("ab")
        command = self.engine.inside([ORCA, what, *arguments])
        # With us it ends, however we end.
        guarded = ["setpriv", "--pdeathsig", "KILL", *command]
        self.processes[what] = subprocess.Popen(guarded, stdout=log, stderr=log)  # noqa: S603
        log.close()

    def begin_server(self) -> None:
        self.begin("server", "--data", str(self.folder / "server"), "--cluster", self.name)
        self.until(lambda: self.seen() is not None, "the server answers")

    def begin_agent(self) -> None:
        self.begin(
            "agent", "--control", f"127.0.0.1:{NODES}", "--data", str(self.folder / "agent"),
            "--engine", self.engine.url, "--join-file", str(self.folder / "join"),
        )  # fmt: skip

    def join(self) -> None:
        (self.folder / "join").write_text(self.orca("nodes", "token", "n1").stdout)
        self.begin_agent()
        self.until(lambda: bool((self.seen() or {}).get("nodes")), "the node joins")

    def kill(self, what: str) -> None:
        """As the kernel does when memory runs out: nobody is asked."""
        self.processes[what].kill()
        self.processes.pop(what).wait()

    def fetch(self, address: str, *options: str) -> str:
        """In the network of the engine; empty when nobody answers well."""
        asked = self.engine.inside([str(BUSYBOX), "wget", "-q", "-O-", *options, address])
        return subprocess.run(asked, capture_output=True, text=True, check=False).stdout  # noqa: S603

    def seen(self) -> dict[str, Any] | None:
        """What the control plane says of the cluster, if it says anything."""
        file = self.folder / "server/admin.token"
        token = file.read_text().strip() if file.exists() else ""
        header = f"Authorization: Bearer {token}"
        said = self.fetch(f"http://127.0.0.1:{API}/api/v1/cluster", "--header", header)
        return json.loads(said)["data"] if said else None

    def ready(self) -> int:
        services = (self.seen() or {"services": []})["services"]
        return sum(copy["isReady"] for service in services for copy in service["copies"])

    def orca(self, *arguments: str, code: int | None = 0) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "ORCA_TOKEN_FILE": str(self.folder / "server/admin.token")}
        done = subprocess.run(  # noqa: S603
            self.engine.inside([ORCA, *arguments]),
            capture_output=True,
            text=True,
            check=False,
            env=environment,
        )
        if code is not None and done.returncode != code:
            raise AssertionError(f"{arguments}: {done.returncode}\n{done.stdout}{done.stderr}")
        return done

    def write(self, *services: str, nodes: str = "") -> Path:
        """The files of a project `shop`."""
        folder = self.folder / "project"
        (folder / "services/shop").mkdir(parents=True, exist_ok=True)
        (folder / "cluster.toml").write_text(f'[cluster]\nname = "{self.name}"\n{nodes}')
        (folder / "services/shop/service.toml").write_text("\n".join(services))
        return folder

    def deploy(self, *services: str, code: int = 0) -> str:
        done = self.orca("deploy", str(self.write(*services)), "--yes", code=code)
        return done.stdout + done.stderr

    def listed(self) -> list[dict[str, Any]]:
        """Containers of this cluster that run, as their engine lists them."""
        said: list[dict[str, Any]] = json.loads(ask(self.engine, "GET", "/containers/json"))
        return [each for each in said if each["Names"][0].startswith(f"/{self.name}.")]

    def containers(self) -> dict[str, str]:
        """Their ids by their names."""
        prefix = f"/{self.name}."
        return {each["Names"][0].removeprefix(prefix): each["Id"] for each in self.listed()}

    def pages(self) -> list[str]:
        """What answers at their published ports, asked in the engine's network."""
        ports = [port for each in self.listed() for port in each["Ports"] if "PublicPort" in port]
        return sorted(
            self.fetch(f"http://127.0.0.1:{port['PublicPort']}/").strip() for port in ports
        )

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


@contextmanager
def running(engine: RealEngine, folder: Path, name: str) -> Iterator[Running]:
    cluster = Running(engine, folder, name)
    try:
        cluster.begin_server()
        cluster.join()
        yield cluster
    finally:
        for what in [*cluster.processes]:
            cluster.kill(what)
        for id_ in cluster.containers().values():
            ask(engine, "DELETE", f"/containers/{id_}?force=true&v=true")


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
