"""Scenarios of the specification on real processes and a real engine; each test names its numbers.

One cluster carries several of them, since to start one takes longer than most of what it shows.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from basis.ids import new_id
from orca.testing import RealEngine, ask
from orca.tests.running import Running, running, started, web

HEALTH = '"/healthz"'


@pytest.fixture
def cluster(engine: RealEngine, tmp_path: Path) -> Iterator[Running]:
    with started(running(engine, tmp_path, f"c{new_id()[-12:]}")) as made:
        yield made


def test_scenarios_1_2_6_and_7_deploys(cluster: Running) -> None:
    """A deploy that serves; the same again; an update; an update that fails."""
    said = cluster.deploy(web(replicas=2, health=HEALTH))
    assert "release 1 serves" in said
    first = cluster.containers()
    assert len(first) == 2
    assert cluster.pages() == ["test/web:1"] * 2

    assert "= shop/web: unchanged" in cluster.deploy(web(replicas=2, health=HEALTH))
    assert cluster.containers() == first

    said = cluster.deploy(web("test/web:2", replicas=2, health=HEALTH))
    assert "new before old" in said
    assert said.index("shop/web.0.g3 is ready") < said.index("shop/web.1.g2 is ended")
    cluster.until(lambda: cluster.pages() == ["test/web:2"] * 2, "the new version alone")
    second = cluster.containers()

    said = cluster.deploy(web("test/ends:1", replicas=2, health=HEALTH), code=1)
    assert "Release 3 failed" in said
    assert "Release 2 serves on" in said
    cluster.until(lambda: cluster.containers() == second, "the old version alone, untouched")

    assert "it begins" in cluster.orca("logs", "shop/web").stdout
    assert cluster.orca("exec", "shop/web", "echo", "hi").stdout == "hi\n"
    assert cluster.orca("exec", "shop/web", "false", code=1).stdout == ""


def test_scenarios_16_17_and_19_kills(cluster: Running) -> None:
    """Control plane and agent are killed with -9 in the middle of deploys: what runs goes on, and
    when they are back it converges; nothing doubled, nothing left over.
    """
    cluster.deploy(web(replicas=2, health=HEALTH))
    project = str(cluster.write(web("test/web:2", replicas=2, health=HEALTH)))
    cluster.orca("deploy", "-f", project, "--yes", "--no-wait")
    cluster.kill("server")
    assert len(cluster.containers()) >= 2
    cluster.begin_server()
    cluster.until(lambda: cluster.pages() == ["test/web:2"] * 2, "the deploy arrives all the same")

    project = str(cluster.write(web("test/web:1", replicas=2, health=HEALTH)))
    cluster.orca("deploy", "-f", project, "--yes", "--no-wait")
    cluster.kill("n1")
    assert len(cluster.containers()) >= 2
    cluster.begin_agent()
    cluster.until(lambda: cluster.pages() == ["test/web:1"] * 2, "the node goes on with it")

    before = cluster.containers()
    cluster.processes["server"].send_signal(signal.SIGTERM)
    cluster.processes.pop("server").wait()
    assert cluster.containers() == before
    # Nobody tells the agent anything now: it has its orders on the disk.
    cluster.kill("n1")
    lost, kept = sorted(before)
    ask(cluster.engine, "DELETE", f"/containers/{before[lost]}?force=true")
    cluster.begin_agent()
    cluster.until(lambda: lost in cluster.containers(), "what was removed comes back")
    assert cluster.containers()[kept] == before[kept]
    cluster.begin_server()
    cluster.until(lambda: cluster.ready() == 2, "it is seen again")
    assert cluster.containers()[kept] == before[kept]
    assert cluster.containers().keys() == before.keys()
