"""One story on real processes and a real engine: what a deploy touches and what it leaves, secrets
that change, and the end of the control plane; and then nobody finds a secret anywhere.
"""

from __future__ import annotations

import json
import signal
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from basis.ids import new_id
from orca.testing import PORT, RealEngine, ask
from orca.tests.running import ORCA, Running, running, started

PLANTED = "planted-5d81c7"
FIRST, SECOND, OF_ALL = (f"{PLANTED}-{name}" for name in ("first", "second", "of-all"))
WEB, OTHER = "shop/web", "shop/other"
IN_PLACE = [
    'domain = "web.example"',
    'routes = ["/api"]',
    'depends_on = ["other"]',
    "liveness = { tcp = true }",
]
MADE_OF = [
    "stop_grace_secs = 2",
    'aliases = ["www"]',
    f'command = ["/bin/httpd", "-f", "-p", "{PORT}", "-h", "/www"]',
    'resources = { memory = "33Mi", cpu = 0.05 }',
]
LOOK_SECONDS = 0.05


@dataclass
class Story:
    """A cluster, and everything that anybody was told of it."""

    cluster: Running
    told: list[str] = field(default_factory=list)

    def api(self, method: str, path: str, body: Any = None) -> Any:
        answer = self.cluster.api(method, path, body)
        self.told.append(json.dumps(answer))
        return answer

    def files(self, *lines: str, image: str = "test/web:1") -> dict[str, Any]:
        """`web` with more lines, and `other`, which never changes."""
        keys = [line.split(" ")[0] for line in lines]
        usual = {
            "stop_grace_secs": "stop_grace_secs = 1",
            "resources": 'resources = { memory = "32Mi", cpu = 0.05 }',
        }
        always = [line for key, line in usual.items() if key not in keys]
        web = [
            "[[service]]", 'name = "web"', f'image = "{image}"', f"port = {PORT}",
            'env = { WORD = "${secrets.WORD}!", ALL = "${secrets.ALL}" }',
            "deploy = { drain_secs = 0 }", *always, *lines,
        ]  # fmt: skip
        other = [
            "[[service]]", 'name = "other"', 'image = "test/web:2"', *usual.values(),
            'volumes = [{ name = "data", path = "/data" }]',
        ]  # fmt: skip
        cluster = f'[cluster]\nname = "{self.cluster.name}"\n'
        project = "\n".join([*web, *other]) + "\n"
        return {"files": {"cluster.toml": cluster, "services/shop/service.toml": project}}

    def deploy(self, *lines: str, **more: str) -> dict[str, str]:
        """Until it is done. What it said it would do, by the services."""
        body = self.files(*lines, **more)
        planned = self.api("POST", "/plans", body)
        begun = self.api("POST", "/deploys", body)
        assert begun["lines"] == planned
        self.wait(begun["job"])
        return {line["about"]: line["change"] for line in planned}

    def act(self, act: str) -> None:
        self.wait(self.api("POST", f"/services/{WEB}/acts", {"act": act})["job"])

    def wait(self, job: str) -> None:
        def is_done() -> bool:
            return bool(self.api("GET", f"/jobs/{job}")["outcome"] == "done")

        self.cluster.until(is_done, "the job is done")

    def ids(self, service: str) -> dict[str, str]:
        prefix = service.replace("/", ".") + "."
        found = self.cluster.containers().items()
        return {name: id_ for name, id_ in found if name.startswith(prefix)}

    def words_inside(self) -> set[str]:
        """Not kept among what was told: whoever may run a command in it may know them."""
        body = {"command": ["/bin/env"]}
        said = self.cluster.api("POST", f"/services/{WEB}/executions", body)["output"]
        return {line for line in said.splitlines() if PLANTED in line}


@dataclass
class Watching:
    """The arguments of all processes of this machine, looked at all the time."""

    found: set[str] = field(default_factory=set)
    looks: int = 0
    is_over: threading.Event = field(default_factory=threading.Event)

    def go_on(self) -> None:
        while not self.is_over.wait(LOOK_SECONDS):
            self.looks += 1
            for path in Path("/proc").glob("[0-9]*/cmdline"):
                try:
                    arguments = path.read_bytes()
                except OSError:
                    continue  # it has ended
                if PLANTED.encode() in arguments:
                    self.found.add(arguments.replace(b"\0", b" ").decode(errors="replace"))


@contextmanager
def watching() -> Iterator[Watching]:
    made = Watching()
    thread = threading.Thread(target=made.go_on, name="watching")
    thread.start()
    try:
        yield made
    finally:
        made.is_over.set()
        thread.join()


@pytest.fixture(scope="module")
def watched() -> Iterator[Watching]:
    with watching() as made:
        yield made


@pytest.fixture(scope="module")
def story(
    engine: RealEngine, tmp_path_factory: pytest.TempPathFactory, watched: Watching
) -> Iterator[Story]:
    """The tests of this file are its chapters, in their order; each can be asked for alone."""
    del watched
    folder = tmp_path_factory.mktemp("story")
    with started(running(engine, folder, f"c{new_id()[-12:]}")) as cluster:
        made = Story(cluster)
        set_secret(cluster, "WORD", FIRST, "--project", "shop")
        set_secret(cluster, "ALL", OF_ALL)
        assert set(made.deploy().values()) == {"new"}
        yield made


def set_secret(cluster: Running, name: str, value: str, *options: str) -> None:
    """As people do, by a pipe."""
    token = str(cluster.folder / "server/admin.token")
    command = [ORCA, "--token-file", token, "secrets", "set", name, *options]
    done = subprocess.run(  # noqa: S603
        cluster.middle.inside(command), input=value, text=True, capture_output=True, check=False
    )
    assert (done.returncode, PLANTED in done.stdout + done.stderr) == (0, False)


def test_scenario_2_the_same_again_changes_no_container(story: Story) -> None:
    story.deploy()
    before = story.cluster.containers()
    assert story.deploy() == {WEB: "unchanged", OTHER: "unchanged"}
    assert story.cluster.containers() == before


def test_scenario_3_each_change_touches_its_own_service_alone(story: Story) -> None:
    """What is around containers changes in place, what they are made of replaces them. Of all keys
    the plan's test shows what is decided; here it is done.
    """
    story.deploy()
    others = story.ids(OTHER)
    for lines, change in [(IN_PLACE, "in place"), (MADE_OF, "replaced")]:
        for line in lines:
            story.deploy()
            before = story.ids(WEB)
            assert story.deploy(line) == {WEB: change, OTHER: "unchanged"}, line
            assert (story.ids(WEB) == before) is (change == "in place"), line
            assert len(story.ids(WEB)) == 1
    assert story.ids(OTHER) == others


def test_scenario_4_a_secret_that_changes_restarts_nothing_until_it_is_rolled_out(
    story: Story,
) -> None:
    story.deploy()
    before, inside = story.cluster.containers(), story.words_inside()
    assert inside == {f"WORD={FIRST}!", f"ALL={OF_ALL}"}
    set_secret(story.cluster, "WORD", SECOND, "--project", "shop")
    # Something is decided, told and done meanwhile; the containers stay.
    assert story.deploy("liveness = { tcp = true }")[WEB] == "in place"
    assert story.deploy()[WEB] == "in place"
    assert story.cluster.containers() == before
    assert story.words_inside() == inside
    story.act("redeploy")
    after = story.cluster.containers()
    assert story.words_inside() == {f"WORD={SECOND}!", f"ALL={OF_ALL}"}
    assert not set(before.values()) & set(story.ids(WEB).values())
    assert {after[name] for name in story.ids(OTHER)} <= set(before.values())


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_scenario_17_the_end_of_the_control_plane_ends_nothing(
    story: Story, how: signal.Signals
) -> None:
    """D4: in the reference Ctrl-C takes every container along. The same of an agent."""
    story.deploy()
    cluster = story.cluster
    before, pages = cluster.containers(), cluster.pages()
    assert "test/web:1" in pages
    for what in ("server", "n1"):
        cluster.processes[what].send_signal(how)
        cluster.processes.pop(what).wait()
    assert cluster.containers() == before
    assert cluster.pages() == pages
    cluster.begin_server()
    cluster.begin_agent("n1")
    cluster.until(lambda: cluster.ready() == len(before), "all of it is seen again")
    assert cluster.containers() == before


def test_no_secret_is_found_after_a_story_on_real_processes(
    story: Story, watched: Watching
) -> None:
    """H2, scenario 26: answers, events, the journal, plans, logs, files, arguments, and what other
    containers are made of. The one that is told a secret has it: so much for who looks.
    """
    story.deploy()
    story.act("redeploy")
    for path in ("cluster", "journal", "secrets", "tokens", "openapi.json", "certificates"):
        story.api("GET", f"/{path}")
    for service in (WEB, OTHER):
        story.api("GET", f"/services/{service}/logs")
    assert story.words_inside()
    assert [said for said in story.told if PLANTED in said] == []
    folder = story.cluster.folder
    written = {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert {"orca.db", "orders.json", "server.log", "n1.log"} <= {*written}
    assert [name for name, content in written.items() if PLANTED.encode() in content] == []
    shown = {
        name: ask(story.cluster.engine, "GET", f"/containers/{id_}/json")
        for name, id_ in story.cluster.containers().items()
    }
    assert {name for name, said in shown.items() if PLANTED in said} == {*story.ids(WEB)}
    assert story.ids(OTHER)
    assert watched.found == set()
    assert watched.looks > 10
    print(
        f"H2: {len(story.told)} answers, {len(written)} files, {watched.looks} looks at all "
        f"arguments, 0 secrets"
    )
