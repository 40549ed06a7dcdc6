"""Images that are built from a folder, as people do it: the command, real engines on several nodes,
and the builder that an engine brings itself.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from basis.ids import new_id
from orca.testing import PORT, RealNodes, ask
from orca.tests.running import ADDRESSES, Running, running_on, started

pytestmark = pytest.mark.allow_hosts(ADDRESSES)

INSTRUCTIONS = "FROM test/web:1\nARG WORD\nCOPY page /www/index.html\nRUN echo $WORD > /www/word\n"
SERVICE = f"""
[[service]]
name = "web"
build = {{ context = "web", args = {{ WORD = "salt" }} }}
port = {PORT}
health = "/healthz"
replicas = 2
stop_grace_secs = 1
placement = {{ spread = "require" }}
resources = {{ memory = "32Mi", cpu = 0.05 }}
deploy = {{ drain_secs = 0, ready_within_secs = 60 }}
"""


@dataclass
class Workshop:
    """A cluster, and the folder that is built."""

    cluster: Running

    def write(self, page: str, instructions: str = INSTRUCTIONS) -> Path:
        project = self.cluster.write(SERVICE)
        folder = project / "services/shop/web"
        folder.mkdir(exist_ok=True)
        (folder / "page").write_text(f"{page}\n")
        (folder / "Dockerfile").write_text(instructions)
        (folder / "notes.md").write_text(f"{new_id()}\n")
        (folder / ".dockerignore").write_text("*.md\n")
        return project

    def deploy(self, page: str, instructions: str = INSTRUCTIONS, *, code: int = 0) -> str:
        folder = self.write(page, instructions)
        done = self.cluster.orca("deploy", "-f", str(folder), "--yes", code=code)
        return done.stdout + done.stderr

    def copies(self) -> list[dict[str, Any]]:
        [service] = (self.cluster.seen() or {"services": []})["services"]
        found: list[dict[str, Any]] = service["copies"]
        return found

    def images_on(self, name: str) -> set[str]:
        listed = json.loads(ask(self.cluster.node(name).engine, "GET", "/images/json?all=1"))
        return {each["Id"] for each in listed}


@pytest.fixture
def workshop(nodes: RealNodes, tmp_path: Path) -> Iterator[Workshop]:
    with started(running_on(nodes, tmp_path, f"b{new_id()[-12:]}")) as cluster:
        yield Workshop(cluster)


def test_a_folder_is_built_on_one_node_and_runs_on_all_that_it_is_placed_on(
    workshop: Workshop,
) -> None:
    """A change of a file is a new image, none changes nothing, a failure keeps the old one, and
    what was built comes back without being built.
    """
    cluster = workshop.cluster
    said = workshop.deploy("one")
    assert "build: Step 1/" in said
    assert cluster.pages() == ["one", "one"]
    copies = workshop.copies()
    [first] = {copy["digest"] for copy in copies}
    at = [copy["node"] for copy in copies]
    assert len({*at}) == 2
    assert all(first in workshop.images_on(name) for name in at)
    before = cluster.containers()

    # `notes.md` is another one each time, and left out.
    assert "= shop/web: unchanged" in workshop.deploy("one")
    assert cluster.containers() == before

    said = workshop.deploy("two")
    assert "because of build: built anew" in said
    assert cluster.pages() == ["two", "two"]
    assert {copy["digest"] for copy in workshop.copies()} != {first}

    before = cluster.containers()
    said = workshop.deploy("three", INSTRUCTIONS + "RUN echo it is over; false\n", code=1)
    assert "it is over" in said
    assert "returned a non-zero code: 1" in said
    assert (cluster.containers(), cluster.pages()) == (before, ["two", "two"])

    check_going_back(workshop, first)


def check_going_back(workshop: Workshop, image: str) -> None:
    """To the image of the release, on both nodes, without building."""
    cluster = workshop.cluster
    begun = cluster.api("POST", "/services/shop/web/acts", {"act": "rollback"})["job"]
    cluster.until(lambda: cluster.outcome(begun) != "running", "it goes back")
    assert (cluster.outcome(begun), cluster.pages()) == ("done", ["one", "one"])
    assert {copy["digest"] for copy in workshop.copies()} == {image}
    for node, each in cluster.listed():
        shown = json.loads(ask(node.engine, "GET", f"/containers/{each['Id']}/json"))
        assert shown["Image"] == image
