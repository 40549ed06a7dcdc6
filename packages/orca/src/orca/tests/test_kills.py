"""Scenario 16 at many steps: whoever dies again and again, each time after something that it did,
gets there all the same. Steps are found by looking: those between two looks are killed after
together; how many it were is printed. Every step there is, one by one, is the simulation's.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from basis.ids import new_id
from orca.testing import RealEngine, ask
from orca.tests.running import WITHIN_SECONDS, Running, running, started, web

HEALTH = '"/healthz"'
HEAD = "plan/head"
OLD, NEW = "test/web:1", "test/web:2"
PAUSE_SECONDS = 0.5
STEPS_MAX = 60
"""Of one deploy: more would mean that it does not get on."""


@pytest.fixture
def cluster(engine: RealEngine, tmp_path: Path) -> Iterator[Running]:
    with started(running(engine, tmp_path, f"c{new_id()[-12:]}")) as made:
        yield made


def stored(cluster: Running) -> int:
    """How often the plan was stored, asked beside the control plane, which may be dead."""
    file = f"file:{cluster.folder / 'server/orca.db'}?mode=ro"
    with closing(sqlite3.connect(file, uri=True, timeout=WITHIN_SECONDS)) as store:
        found = store.execute("SELECT revision FROM entries WHERE key = ?", (HEAD,)).fetchone()
    return int(found[0])


def changed(look: Callable[[], object], before: object, is_over: Callable[[], bool]) -> bool:
    """Whether it becomes anything else, looked at as fast as can be, before it is over."""
    until = time.monotonic() + WITHIN_SECONDS
    asked = time.monotonic()
    while time.monotonic() < until:
        if look() != before:
            return True
        if time.monotonic() - asked > PAUSE_SECONDS:  # the API has its limits
            asked = time.monotonic()
            if is_over():
                return False
    raise TimeoutError("nothing goes on")


def test_scenario_16_a_control_plane_that_dies_after_each_step_that_it_stores(
    cluster: Running,
) -> None:
    """By -9, as soon as it is seen. Somebody always answers; nothing is doubled or left over."""
    cluster.roll_out(web(health=HEALTH))
    before = stored(cluster)
    cluster.wish(web(NEW, health=HEALTH))
    kills = 0
    while changed(lambda: stored(cluster), before, lambda: is_new_alone(cluster)):
        cluster.kill("server")
        kills += 1
        assert kills < STEPS_MAX
        before = stored(cluster)
        assert set(cluster.pages()) <= {OLD, NEW}
        assert cluster.pages() != []
        cluster.start_server()
    print(f"H1: a control plane killed after {kills} steps of one deploy, and it arrived")
    assert kills >= 2
    check_new_alone(cluster, begun=2)


def is_new_alone(cluster: Running) -> bool:
    seen = cluster.seen()
    copies = [copy for each in seen["services"] for copy in each["copies"]] if seen else []
    return [(copy["image"], copy["isReady"]) for copy in copies] == [(NEW, True)]


def check_new_alone(cluster: Running, *, begun: int) -> None:
    assert cluster.pages() == [NEW]
    assert len(cluster.containers()) == 1
    assert cluster.begun().total() == begun


def test_scenario_16_an_agent_that_dies_after_each_thing_it_did(cluster: Running) -> None:
    """By -9, as soon as its engine is seen to have created, started, stopped or removed one."""
    cluster.roll_out(web(health=HEALTH))
    before = held(cluster)
    cluster.wish(web(NEW, health=HEALTH))
    kills = 0
    while changed(lambda: held(cluster), before, lambda: is_new_alone(cluster)):
        cluster.kill("n1")
        kills += 1
        assert kills < STEPS_MAX
        before = held(cluster)
        assert set(cluster.pages()) - {""} <= {OLD, NEW}
        cluster.begin_agent()
    print(f"H1: an agent killed {kills} times in one deploy, and it arrived")
    assert kills >= 2
    check_new_alone(cluster, begun=2)


def held(cluster: Running) -> dict[str, str]:
    """All containers of the cluster with what they do, also those that do not run."""
    listed = json.loads(ask(cluster.engine, "GET", "/containers/json?all=true"))
    return {
        each["Id"]: each["State"]
        for each in listed
        if each["Names"][0].startswith(f"/{cluster.name}.")
    }


def test_an_old_backup_of_the_control_plane_disturbs_nothing_until_it_is_told_to(
    cluster: Running,
) -> None:
    """What nodes obey is newer than what it knows. It says so, and waits for a word."""
    cluster.roll_out(web(health=HEALTH))
    place, backup = cluster.folder / "server", cluster.folder / "backup"
    cluster.kill("server")
    shutil.copytree(place, backup)
    cluster.begin_server()
    cluster.roll_out(web(NEW, health=HEALTH))
    before = cluster.containers()
    cluster.kill("server")
    shutil.rmtree(place)
    backup.rename(place)
    cluster.begin_server()

    cluster.until(lambda: bool((cluster.seen() or {}).get("ahead")), "it says what is wrong")
    assert "orca nodes lead" in cluster.orca("status").stdout
    assert "restored backup" in cluster.deploy(web("test/web:3", health=HEALTH), code=1)
    assert cluster.containers() == before
    assert cluster.pages() == [NEW]
    cluster.orca("nodes", "lead")
    cluster.until(lambda: cluster.pages() == [OLD], "what the backup knows is what runs")
    assert not before.keys() & cluster.containers().keys()
