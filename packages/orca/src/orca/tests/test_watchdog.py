"""Scenarios 7 and 15 on real processes and a real engine: what goes wrong is said where people
look, and who depends on it waits. One cluster; each test has a project of its own.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from itertools import pairwise
from typing import Any
from urllib.parse import quote

import pytest

from basis.ids import new_id
from orca.testing import RealEngine, ask
from orca.tests.running import Running, running, started

SMALL = '[service.resources]\nmemory = "16Mi"\ncpu = 0.05\n'
GREEDY = "x=xxxxxxxx; while true; do x=$x$x; done"
FIRST_PAUSE_SECONDS = 0.1


@pytest.fixture(scope="module")
def cluster(engine: RealEngine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("watchdog")
    with started(running(engine, folder, f"c{new_id()[-12:]}")) as made:
        yield made


def service(name: str, command: str = "", image: str = "test/web:1", more: str = "") -> str:
    told = ["/bin/sh", "-c", command]
    lines = [f'[[service]]\nname = "{name}"\nimage = "{image}"\nstop_grace_secs = 0\n']
    return "".join([*lines, f"command = {json.dumps(told)}\n" if command else "", more, SMALL])


def deploy(cluster: Running, project: str, *services: str, code: int = 2) -> Any:
    """The job; the services of other projects are left as they are."""
    text = "\n".join(services)
    names = [line.partition('"')[2].rstrip('"') for line in text.splitlines() if "name =" in line]
    files = {
        "cluster.toml": f'[cluster]\nname = "{cluster.name}"\n',
        f"services/{project}/service.toml": text,
    }
    body = {"files": files, "services": [f"{project}/{name}" for name in names]}
    return cluster.api("POST", "/deploys", body, code=code)


def shown(cluster: Running, name: str) -> dict[str, Any]:
    services = (cluster.seen() or {"services": []})["services"]
    return next((each for each in services if each["id"] == name), {"copies": [], "waits": []})


def reason(cluster: Running, name: str) -> str:
    return "".join(copy["reason"] for copy in shown(cluster, name)["copies"])


def crashes(cluster: Running, name: str) -> int:
    return sum(copy["crashes"] for copy in shown(cluster, name)["copies"])


def test_scenario_7_what_ends_again_and_again_is_begun_later_each_time(cluster: Running) -> None:
    """Between an end and the next start there is at least twice the pause of before."""
    deploy(cluster, "again", service("web", "exit 1"))
    name = f"{cluster.name}.again.web.0.g1"
    cluster.until(lambda: len(pauses(cluster, name)) >= 6, "it is begun six times again")
    for times, pause in enumerate(pauses(cluster, name)[:6]):
        assert pause >= FIRST_PAUSE_SECONDS * 2**times, (times, pause)
    assert shown(cluster, "again/web")["copies"][0]["crashes"] >= 6


def pauses(cluster: Running, name: str) -> list[float]:
    """Between an end and the next start, in seconds, as the engine tells it."""
    filters = quote(json.dumps({"container": [name], "event": ["start", "die"]}))
    path = f"/events?since=0&until={int(time.time())}&filters={filters}"
    told = [json.loads(line) for line in ask(cluster.engine, "GET", path).splitlines()]
    return [
        (after["timeNano"] - before["timeNano"]) / 1e9
        for before, after in pairwise(told)
        if (before["Action"], after["Action"]) == ("die", "start")
    ]


def test_scenario_7_what_ends_says_how_often_and_its_last_words(cluster: Running) -> None:
    """Ends with 1, ends with 0, takes more memory than it may, has no image: code, count, the last
    lines and the words of whoever was asked, in what `orca status` prints.
    """
    job = deploy(
        cluster,
        "ends",
        service("one", "echo no database; exit 1"),
        service("nought", "echo all is done; exit 0"),
        service("greedy", f"echo it grows; {GREEDY}"),
        service("nowhere", image="127.0.0.1:1/nowhere:7"),
    )["job"]
    for name, words in [
        ("one", "it ended with 1: no database"),
        ("nought", "it ended with 0: all is done"),
        ("greedy", "it ended with 137, out of memory: it grows"),
    ]:
        cluster.until(lambda name=name, words=words: words in reason(cluster, f"ends/{name}"), name)  # type: ignore[misc]
        cluster.until(lambda name=name: crashes(cluster, f"ends/{name}") > 1, f"{name}, counted")  # type: ignore[misc]
    cluster.until(
        lambda: "127.0.0.1:1/nowhere:7" in "".join(shown(cluster, "ends/nowhere")["waits"]),
        "the missing image is named",
    )
    cluster.until(
        lambda: cluster.api("GET", f"/jobs/{job}")["outcome"] == "failed", "the deploy ends"
    )
    said = cluster.orca("status").stdout
    assert "it ended with 1: no database" in said
    assert re.search(r"ends/one\.0\.g1 on n1: .*, failed \d+ times", said)
    assert "ends/nowhere waits for its image. n1 says: The image 127.0.0.1:1/nowhere:7" in said


def test_scenario_15_who_depends_on_something_ill_waits_and_says_so(cluster: Running) -> None:
    """Until it is well; and a circle is refused with the circle in the words."""
    ill = '[service.readiness]\ncommand = ["false"]\ninterval_secs = 1\n'
    well = ill.replace("false", "true")
    deploy(
        cluster,
        "needs",
        service("db", more=ill),
        service("web", more='depends_on = ["db"]\n'),
    )
    words = "needs/web waits for needs/db, which does not serve yet."
    cluster.until(
        lambda: words in shown(cluster, "needs/web")["waits"], "it says whom it waits for"
    )
    cluster.until(lambda: bool(shown(cluster, "needs/db")["copies"]), "the other one runs")
    assert shown(cluster, "needs/web")["copies"] == []
    assert f"! {words}" in cluster.orca("status").stdout

    deploy(cluster, "needs", service("db", more=well))
    cluster.until(
        lambda: any(copy["isReady"] for copy in shown(cluster, "needs/web")["copies"]), "it begins"
    )
    assert shown(cluster, "needs/web")["waits"] == []

    told = deploy(
        cluster,
        "round",
        service("a", more='depends_on = ["b"]\n'),
        service("b", more='depends_on = ["c"]\n'),
        service("c", more='depends_on = ["a"]\n'),
        code=4,
    )
    assert "round/a → round/b → round/c → round/a" in json.dumps(told, ensure_ascii=False)
