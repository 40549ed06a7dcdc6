"""Scenarios 22, 26 and 27 on real processes and a real engine: which door is open to whom, secrets
that somebody meddled with, and what came from a compose file. One cluster for all.
"""

from __future__ import annotations

import json
import re
import secrets
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from basis.ids import new_id
from orca.access import Role
from orca.testing import PORT, RealEngine, Visit
from orca.tests.running import API, LOOPBACK, ORCA, WITHIN_SECONDS, Running, running, started
from orca.tests.traffic import Street

PLANTED = "planted-3b97e0"
COMPOSE = """
name: legacy
x-limits: &limits {limits: {cpus: "0.05", memory: 32M}}
services:
  db:
    image: test/web:1
    command: ["/bin/sh", "-c", "echo kept >> /data/mark; exec /bin/httpd -f -p 5432 -h /data"]
    restart: always
    stop_grace_period: 1s
    ports: ["127.0.0.1:5432:5432"]
    environment: {DB_PASSWORD: "${DB_PASSWORD}", MODE: "${MODE:-calm}"}
    volumes: ["db-data:/data"]
    healthcheck:
      {test: [CMD, cat, /data/mark], interval: 1s, timeout: 30s, retries: 9, start_period: 0s}
    deploy: {resources: *limits}
  Shop_Web:
    image: test/web:2
    container_name: shop
    privileged: true
    depends_on: {db: {condition: service_healthy}}
    ports: [{target: 8080, published: 80, host_ip: 0.0.0.0}, "9090:9090"]
    env_file: [legacy.env]
    environment: [PRICE=costs $$5]
    volumes: ["./conf:/conf:ro"]
    labels: {traefik.enable: "true"}
    stop_grace_period: 1s
    deploy: {resources: *limits}
volumes: {db-data: {}}
"""
NOTES = """
Shop_Web is called shop-web
80 of the machine is not published
5432 of the machine is not published
9090:9090 is not carried over
container_name
privileged
labels
./conf is not on the nodes
db-data begins empty
DB_PASSWORD needs a secret: orca secrets set DB_PASSWORD
MODE has the default of MODE now
values of legacy.env were not copied; set as secrets: API_KEY
"""


@pytest.fixture(scope="module")
def cluster(engine: RealEngine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    made = running(engine, tmp_path_factory.mktemp("files"), f"c{new_id()[-12:]}")
    with started(made) as cluster:
        yield cluster


def set_secret(cluster: Running, name: str, value: str, *, project: str | None = None) -> None:
    query = f"?project={project}" if project else ""
    cluster.api("PUT", f"/secrets/{name}{query}", {"value": value})


def inside(cluster: Running, service: str, *command: str) -> str:
    told = cluster.api("POST", f"/services/{service}/executions", {"command": [*command]})
    assert told["code"] == 0, told
    return str(told["output"])


def test_scenario_27_what_came_from_compose_runs(cluster: Running, tmp_path: Path) -> None:
    """Imported by the command, told what was not carried over, secrets set as the notes say, a
    domain written in, deployed by the command: it serves with its data and its values.
    """
    (tmp_path / "compose.yml").write_text(COMPOSE)
    (tmp_path / "legacy.env").write_text(f"API_KEY={PLANTED}-of-the-file\n")
    folder = tmp_path / "infra"
    folder.mkdir()
    (folder / "cluster.toml").write_text(f'[cluster]\nname = "{cluster.name}"\n')
    compose = str(tmp_path / "compose.yml")
    said = cluster.orca("import", "compose", compose, "--to", str(folder), "--project", "legacy")
    told = " ".join(said.stdout.split())
    assert [note for note in NOTES.strip().splitlines() if note not in told] == []
    path = folder / "services/legacy/service.toml"
    written = path.read_text()
    assert PLANTED not in written

    for name in ("DB_PASSWORD", "API_KEY"):
        set_secret(cluster, name, f"{PLANTED}-{name}", project="legacy")
    name = 'name = "shop-web"\n'
    assert name in written
    path.write_text(written.replace(name, f'{name}domain = "legacy.example"\n'))
    cluster.orca("check", "-f", str(folder))
    cluster.orca("deploy", "-f", str(folder), "--yes")

    street = Street(cluster)
    street.until_page(lambda page: page == "test/web:2", "it serves", host="legacy.example")
    of_web = inside(cluster, "legacy/shop-web", "/bin/env").splitlines()
    assert {f"API_KEY={PLANTED}-API_KEY", "PRICE=costs $5"} <= {*of_web}
    of_db = inside(cluster, "legacy/db", "/bin/env").splitlines()
    assert {f"DB_PASSWORD={PLANTED}-DB_PASSWORD", "MODE=calm"} <= {*of_db}
    assert inside(cluster, "legacy/db", "/bin/cat", "/data/mark") == "kept\n"
    cluster.api("POST", "/services/legacy/db/acts", {"act": "redeploy"})
    cluster.until(lambda: marks(cluster) == 2, "another container has the same volume")


def marks(cluster: Running) -> int:
    """How many containers of the database have written into its volume; 0 while none answers."""
    command = {"command": ["/bin/cat", "/data/mark"]}
    try:
        told = cluster.api("POST", "/services/legacy/db/executions", command)
    except AssertionError:
        return 0
    return str(told["output"]).count("kept")


def test_scenario_22_what_the_doors_of_a_running_server_say_holds(cluster: Running) -> None:
    """Every door that it describes, by every role that may not enter, and by nobody; and one that
    it does not have. What is read is read by whoever may.
    """
    paths = json.loads(cluster.api("GET", "/openapi.json"))["paths"]
    roles = [*Role]
    tokens = {role: cluster.api("POST", "/tokens", token_for(role))["token"] for role in roles}
    doors = [
        (method.upper(), re.sub(r"\{\w+\}", "NOBODY", path), [*operation["security"]])
        for path, operations in paths.items()
        for method, operation in operations.items()
    ]
    asked = 0
    for method, path, security in doors:
        needed = next((Role(need) for each in security for need in each["token"]), None)
        assert needed or path == "/health/live", path
        for role in [None, *roles]:
            may = needed is None or (role is not None and role.may(needed))
            if may and method != "GET":
                continue  # what they then do is the matter of other tests
            status = status_of(cluster, method, path, tokens[role] if role else None)
            expected = (200, 404) if may else (403,) if role else (401,)
            assert status in expected, (method, path, role)
            asked += 1
    for role in roles:
        assert status_of(cluster, "POST", "/api/v1/nowhere", tokens[role]) == 404
    assert status_of(cluster, "POST", "/api/v1/nowhere", None) == 401
    assert status_of(cluster, "GET", "/api/v1/cluster", "orca_nobody_gave_it") == 401
    print(f"{len(doors)} doors, {asked} times asked")
    assert len(doors) > 20


def token_for(role: Role) -> dict[str, Any]:
    return {"name": f"a-{role.value}", "role": role.value}


def status_of(cluster: Running, method: str, path: str, token: str | None) -> int:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    visit = Visit(cluster.middle.pid, LOOPBACK, API, seconds=WITHIN_SECONDS)
    try:
        visit.request(method, path, headers={**headers, "Content-Type": "application/json"})
        return visit.getresponse().status
    finally:
        visit.close()


def test_scenario_26_secrets_come_from_where_they_should_or_not_at_all(cluster: Running) -> None:
    """The project's before the cluster's; one that nobody set is named. Two that change places in
    the database open nowhere: the release fails with words of it, and what runs goes on. Put back
    they are what they were. A wrong key stops the start and writes nothing.
    """
    set_secret(cluster, "WORD", f"{PLANTED}-of-all")
    set_secret(cluster, "WORD", f"{PLANTED}-of-shop", project="shop")
    set_secret(cluster, "OTHER", f"{PLANTED}-other", project="shop")
    cluster.roll_out(teller("WORD"))
    assert said_by(cluster) == f"{PLANTED}-of-shop"
    refused = cluster.api("POST", "/deploys", wish_for(cluster, teller("MISSING")), code=4)
    assert "no secret MISSING, neither of the project shop" in json.dumps(refused)
    before = tellers(cluster)

    cluster.kill("server")
    swap(cluster, "secrets/project/shop/WORD", "secrets/project/shop/OTHER")
    cluster.begin_server()
    cluster.until(lambda: len(cluster.connected()) == 1, "the node is back")
    job = redeployed(cluster)
    assert job["outcome"] == "failed"
    assert "It waits for its secrets" in " ".join(job["words"])
    cluster.until(lambda: tellers(cluster) == before, "what served serves on, untouched")
    assert said_by(cluster) == f"{PLANTED}-of-shop"

    cluster.kill("server")
    swap(cluster, "secrets/project/shop/WORD", "secrets/project/shop/OTHER")
    check_a_wrong_key_stops_the_start(cluster)
    assert tellers(cluster) == before
    cluster.begin_server()
    cluster.until(lambda: len(cluster.connected()) == 1, "the node is back")
    assert redeployed(cluster)["outcome"] == "done"
    cluster.until(lambda: not before & tellers(cluster), "it is another one")
    assert said_by(cluster) == f"{PLANTED}-of-shop"
    assert PLANTED.encode() not in b"".join(
        path.read_bytes() for path in cluster.folder.rglob("*") if path.is_file()
    )


def tellers(cluster: Running) -> set[str]:
    """The containers that were told a secret."""
    found = cluster.containers().items()
    return {id_ for name, id_ in found if name.startswith("shop.teller.")}


def redeployed(cluster: Running) -> Any:
    """What the job came to."""
    job = cluster.api("POST", "/services/shop/teller/acts", {"act": "redeploy"})["job"]
    cluster.until(lambda: cluster.outcome(job) != "running", "the job ends")
    return cluster.api("GET", f"/jobs/{job}")


def check_a_wrong_key_stops_the_start(cluster: Running) -> None:
    folder = cluster.folder / "server"
    path, wrong = folder / "secrets.key", secrets.token_hex(32)
    right, before = path.read_text(), entries(cluster)
    path.write_text(f"{wrong}\n")
    command = [ORCA, "server", "--data", str(folder), "--cluster", cluster.name]
    done = subprocess.run(  # noqa: S603
        cluster.middle.inside(command), capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "secrets.key" in done.stderr
    assert "Traceback" not in done.stderr
    assert entries(cluster) == before
    assert path.read_text() == f"{wrong}\n"
    path.write_text(right)


def entries(cluster: Running) -> list[tuple[str, bytes]]:
    """All that the store holds, read beside it."""
    with closing(sqlite3.connect(cluster.folder / "server/orca.db")) as store:
        return store.execute("SELECT key, value FROM entries ORDER BY key").fetchall()


def swap(cluster: Running, one: str, other: str) -> None:
    """Somebody who can write the database, and has no key."""
    with closing(sqlite3.connect(cluster.folder / "server/orca.db")) as store, store:
        found = dict(store.execute("SELECT key, value FROM entries").fetchall())
        for key, value in ((one, found[other]), (other, found[one])):
            store.execute("UPDATE entries SET value = ? WHERE key = ?", (value, key))


def teller(secret: str) -> str:
    """It has what it is told in its environment."""
    return "\n".join(
        [
            "[[service]]",
            'name = "teller"',
            'image = "test/web:1"',
            f"port = {PORT}",
            "stop_grace_secs = 1",
            f'env = {{ SAID = "${{secrets.{secret}}}" }}',
            'resources = { memory = "32Mi", cpu = 0.05 }',
            "deploy = { ready_within_secs = 120, drain_secs = 0 }",
            "",
        ]
    )


def wish_for(cluster: Running, service: str) -> dict[str, Any]:
    cluster_toml = f'[cluster]\nname = "{cluster.name}"\n'
    return {"files": {"cluster.toml": cluster_toml, "services/shop/service.toml": service}}


def said_by(cluster: Running) -> str:
    lines = inside(cluster, "shop/teller", "/bin/env").splitlines()
    [said] = [line.removeprefix("SAID=") for line in lines if line.startswith("SAID=")]
    return said
