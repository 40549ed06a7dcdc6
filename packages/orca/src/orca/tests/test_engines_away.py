"""Engines that hang, and engines that are killed, on two nodes with real ones: what serves goes on
serving, nothing of it is begun twice, and what was wished meanwhile is done.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from basis.ids import new_id
from orca.conftest import make_images
from orca.testing import NoEngine, real_nodes, visit
from orca.tests.running import ADDRESSES, Running, running_on, started, web

pytestmark = pytest.mark.allow_hosts(ADDRESSES)

HEALTH = '"/healthz"'
OLD, NEW = "test/web:1", "test/web:2"
SILENT = "the engine does not answer"


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    try:
        with real_nodes(2, is_kept=True) as nodes:
            for node in nodes.nodes:
                make_images(node.engine)
            folder = tmp_path_factory.mktemp("quay")
            with started(running_on(nodes, folder, f"c{new_id()[-12:]}")) as made:
                yield made
    except NoEngine as why:
        pytest.skip(str(why))


@dataclass
class Visitor:
    """Asks one container at its published port, again and again."""

    cluster: Running
    door: tuple[str, int]
    over: threading.Event = field(default_factory=threading.Event)
    said: list[str | None] = field(default_factory=list)

    def go_on(self) -> None:
        while not self.over.wait(0.05):
            self.said.append(visit(self.cluster.middle.pid, *self.door, seconds=60))

    @contextmanager
    def visiting(self) -> Iterator[None]:
        thread = threading.Thread(target=self.go_on)
        thread.start()
        try:
            yield
        finally:
            self.over.set()
            thread.join()


def troubled(cluster: Running) -> bool:
    told = cluster.seen() or {"troubles": []}
    return cluster.shown("n1").get("engine") == SILENT and f"node n1: {SILENT}" in told["troubles"]


def is_well(cluster: Running) -> bool:
    return cluster.shown("n1").get("engine") == "" and cluster.ready() == 2


def test_an_engine_that_hangs_stops_nobody(cluster: Running) -> None:
    """A release that is wished meanwhile goes elsewhere, and what it replaces ends when the engine
    answers again.
    """
    cluster.roll_out(web(replicas=2, health=HEALTH))
    before = cluster.started_at()
    node = cluster.node("n1")
    [door] = [each for each in cluster.doors() if each[0] == node.address]
    visitor = Visitor(cluster, door)
    with visitor.visiting():
        os.kill(node.engine.daemon, signal.SIGSTOP)
        try:
            cluster.until(lambda: troubled(cluster), "it is said that the engine hangs")
            assert cluster.ready() == 2
            assert SILENT in cluster.orca("status").stdout
            asked = len(visitor.said)
            cluster.until(lambda: len(visitor.said) > asked + 20, "it goes on serving")
        finally:
            visitor.over.set()
    assert {(said or "").strip() for said in visitor.said} == {OLD}
    try:
        cluster.roll_out(web(NEW, replicas=2, health=HEALTH))
        told = cluster.seen() or {}
    finally:
        os.kill(node.engine.daemon, signal.SIGCONT)
    assert SILENT in str(told["nodes"])
    cluster.until(lambda: is_well(cluster), "the engine answers")
    cluster.until(lambda: cluster.pages() == [NEW, NEW], "the old one ends")
    assert set(cluster.places().values()) == {"n2"}
    assert set(cluster.containers()).isdisjoint(before)


def test_an_engine_that_is_killed_takes_nothing_with_it(cluster: Running) -> None:
    """Containers outlive it. Nothing is begun elsewhere, nor by the next engine."""
    cluster.api("POST", "/nodes/n2/acts", {"act": "drain"})
    cluster.until(lambda: set(cluster.places().values()) == {"n1"}, "all goes to n1")
    cluster.api("POST", "/nodes/n2/acts", {"act": "undrain"})
    cluster.until(lambda: is_well(cluster) and len(cluster.containers()) == 2, "both serve there")
    before = cluster.started_at()
    engine = cluster.node("n1").engine
    visitors = [Visitor(cluster, door) for door in cluster.doors()]
    with visitors[0].visiting(), visitors[1].visiting():
        engine.kill()
        try:
            cluster.until(lambda: troubled(cluster), "it is said that there is no engine")
            assert cluster.ready() == 2
            meanwhile = [said for visitor in visitors for said in visitor.said]
        finally:
            engine.come_back()
        # The engine writes its rules anew when it begins, and for that moment ports are closed.
        cluster.until(lambda: is_well(cluster), "the engine answers")
    assert cluster.started_at() == before
    assert {(said or "").strip() for said in meanwhile} == {NEW}


def copy_of(cluster: Running, service: str) -> dict[str, Any]:
    found = (cluster.seen() or {"services": []})["services"]
    copies = [copy for each in found if each["id"] == service for copy in each["copies"]]
    return copies[0] if copies else {"reason": "", "crashes": 0, "node": "", "isReady": False}


def test_a_container_whose_guardian_is_killed_comes_back_and_is_counted(cluster: Running) -> None:
    """The shim of containerd, which holds a container while engines come and go."""
    cluster.until(lambda: copy_of(cluster, "shop/web")["isReady"], "it serves")
    known = copy_of(cluster, "shop/web")
    name = known["name"]
    [(node, container)] = [
        (node, each)
        for node, each in cluster.listed()
        if each["Id"] == cluster.containers()[by(name)]
    ]
    before = cluster.started_at()[by(name)]
    os.kill(node.engine.guardian_of(container["Id"]), signal.SIGKILL)

    def is_back() -> bool:
        copy = copy_of(cluster, "shop/web")
        return bool(copy["isReady"]) and copy["crashes"] > known["crashes"]

    cluster.until(is_back, "it comes back and is counted")
    assert cluster.started_at()[by(name)] != before


def by(copy: str) -> str:
    """What its container is called, without the cluster."""
    return copy.replace("/", ".")
