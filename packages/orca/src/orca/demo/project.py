"""The files that the demo deploys, for people to change."""

from __future__ import annotations

from pathlib import Path

from orca.demo.images import NAME
from orca.testing import PORT, RealNode

CLUSTER = "demo"
SERVICE = "shop/web"


def write_project(folder: Path, nodes: tuple[RealNode, ...]) -> Path:
    """A project that asks for three replicas over all nodes."""
    project = folder / "project"
    (project / "services/shop").mkdir(parents=True)
    machines = "\n".join(
        f'[[node]]\nname = "{node.name}"\naddress = "{node.address}"\n' for node in nodes
    )
    (project / "cluster.toml").write_text(f'[cluster]\nname = "{CLUSTER}"\n\n{machines}')
    service_file(project).write_text(service(1))
    return project


def service_file(project: Path) -> Path:
    return project / "services/shop/service.toml"


def service(version: int) -> str:
    return f"""\
[[service]]
name = "web"
image = "{NAME}:{version}"             # and 2 is there as well
replicas = 3
port = {PORT}
domains = ["127.0.0.1", "localhost"]
health = "/healthz"
stop_grace_secs = 1

[service.resources]
memory = "32Mi"
cpu = 0.05

[service.deploy]
drain_secs = 1
ready_within_secs = 30
"""
