"""Scenario 27: what of a compose file is carried over, and a report of everything that is not."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from orca.importing import Imported, NotCompose, import_compose, write_project
from orca.importing.cli import import_commands
from orca.importing.values import memory_of, port_of, seconds_of
from orca.spec import load_project

WHOLE = """
version: "3.9"
x-common: &common
  restart: unless-stopped
  logging: {driver: json-file}
services:
  web_app:
    <<: *common
    build:
      {context: ./web, dockerfile: Dockerfile.prod, target: run,
       args: {PYTHON: 3.11, WORD: "${WORD}"}}
    command: gunicorn "my app:main" --port ${PORT:-8000}
    ports: ["127.0.0.1:8080:8000", "9000-9005:9000-9005", "53:53/udp", "9:9"]
    env_file: [.env, missing.env]
    environment:
      DEBUG: false
      WORKERS: 4
      PRICE: costs $${5} or $$5
      URL: postgres://${DB_USER}:${DB_PASSWORD:-hunter2}@db/shop
      API_TOKEN: abc
      PASSED:
    depends_on:
      db: {condition: service_healthy}
      cache: {condition: service_started}
      migrate: {condition: service_completed_successfully}
    deploy:
      replicas: 3
      resources: {limits: {cpus: "1.5", memory: 512M}, reservations: {memory: 64M}}
      restart_policy: {condition: any}
    volumes: ["media:/srv/media", "/etc/ssl:/ssl:ro", "./conf:/conf", "/cache"]
    networks: {front: {aliases: [www]}}
    stop_grace_period: 1m30s
    labels: {a: b}
    privileged: true
  db:
    image: postgres:16
    ports: [{target: 5432, published: 5432, host_ip: 127.0.0.1}]
    environment: [POSTGRES_USER=shop, POSTGRES_PASSWORD]
    healthcheck:
      {test: [CMD-SHELL, "pg_isready -U $$POSTGRES_USER"], interval: 10s, timeout: 5s, retries: 5,
       start_period: 1m}
    volumes: [{type: volume, source: db-data, target: /var/lib/postgresql/data}, media:/media]
    restart: "no"
    mem_limit: 1g
    cpus: 2
  cache: {image: "redis:${TAG}", container_name: cache-1, expose: ["6379"]}
  migrate: {image: "app:1", healthcheck: {test: NONE}}
volumes: {media: {}, db-data: {}}
secrets: {s: {file: ./s}}
"""
ENV = "# comment\nSTRIPE_KEY=sk_live_planted\nexport OTHER='x'\n\nnot a line\n"


def imported(text: str = WHOLE) -> Imported:
    return import_compose(text.encode(), env_files={".env": ENV})


def service(name: str, text: str = WHOLE) -> Any:
    return next(one for one in imported(text).services if one["name"] == name)


def told(name: str, text: str = WHOLE) -> list[str]:
    return [f"{note.key}: {note.words}" for note in imported(text).notes if note.service == name]


def test_what_has_its_like_here_is_carried_over() -> None:
    web = service("web-app")
    assert web["build"] == {
        "context": "web",
        "dockerfile": "Dockerfile.prod",
        "args": {"PYTHON": "3.11"},
    }
    assert web["command"] == ["gunicorn", "my app:main", "--port", "8000"]
    assert web["port"] == 8_000
    assert web["replicas"] == 3
    assert web["resources"] == {"memory": "512Mi", "cpu": 1.5}
    assert web["depends_on"] == ["db", "cache"]
    assert (web["network"], web["aliases"]) == ("front", ["www"])
    assert web["stop_grace_secs"] == 90
    assert web["volumes"] == [
        {"name": "media", "path": "/srv/media", "per": "service"},
        {"name": "data-1", "path": "/cache", "per": "service"},
    ]
    db = service("db")
    assert db["port"] == 5_432
    assert db["resources"] == {"memory": "1024Mi", "cpu": 2}
    assert db["readiness"] == {
        "command": ["/bin/sh", "-c", "pg_isready -U $POSTGRES_USER"],
        "interval_secs": 10,
        "timeout_secs": 5,
        "initial_delay_secs": 60,
        "failure_threshold": 5,
    }
    assert "readiness" not in service("migrate")


def test_variables_without_a_value_become_secrets_and_no_file_of_secrets_is_copied() -> None:
    env = service("web-app")["env"]
    assert env == {
        "STRIPE_KEY": "${secrets.STRIPE_KEY}",
        "OTHER": "${secrets.OTHER}",
        "DEBUG": "false",
        "WORKERS": "4",
        "PRICE": "costs $${5} or $5",
        "URL": "postgres://${secrets.DB_USER}:hunter2@db/shop",
        "API_TOKEN": "abc",
        "PASSED": "${secrets.PASSED}",
    }
    assert "sk_live_planted" not in repr(imported())
    assert service("db")["env"]["POSTGRES_PASSWORD"] == "${secrets.POSTGRES_PASSWORD}"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("web-app", "name: web_app is called web-app"),
        ("web-app", "build.target: not carried over"),
        ("web-app", "build.args.WORD: not carried over: write its value in"),
        ("web-app", "ports: 127.0.0.1:8080 of the machine is not published"),
        ("web-app", "ports: of 9000-9005:9000-9005 only the first"),
        ("web-app", "ports: 53:53/udp is not carried over"),
        ("web-app", "ports: 9:9 is not carried over"),
        ("web-app", "env_file: values of .env were not copied; set as secrets: STRIPE_KEY, OTHER"),
        ("web-app", "env_file: missing.env is not carried over"),
        ("web-app", "environment: URL needs a secret: orca secrets set DB_USER"),
        ("web-app", "environment: URL has the default of DB_PASSWORD now"),
        ("web-app", "environment: API_TOKEN looks like a secret"),
        ("web-app", "environment: PASSED comes from outside"),
        ("web-app", "depends_on: migrate is one that ends"),
        ("web-app", "depends_on: waits until cache serves"),
        ("web-app", "deploy.restart_policy: not carried over"),
        ("web-app", "deploy.resources.reservations: not carried over"),
        ("web-app", "volumes: /etc/ssl of the machine is not carried over"),
        ("web-app", "volumes: ./conf is not on the nodes"),
        ("web-app", "volumes: media begins empty"),
        ("web-app", "volumes: media was shared by web-app, db"),
        ("web-app", "labels: not carried over"),
        ("web-app", "logging: not carried over"),
        ("web-app", "privileged: not carried over"),
        ("db", "ports: 127.0.0.1:5432 of the machine is not published"),
        ("db", "restart: no is not carried over"),
        ("cache", "image: needs a value for TAG"),
        ("cache", "container_name: not carried over"),
        ("cache", "resources: not all are limited"),
        ("(all)", "secrets: not carried over"),
    ],
)
def test_what_is_not_carried_over_is_told(name: str, words: str) -> None:
    assert [said for said in told(name) if said.startswith(words)], told(name)


KNOWN = {"image": "a:1"}


@given(key=st.from_regex(r"[a-w][a-z_]{1,20}", fullmatch=True))
@settings(max_examples=60)
def test_no_key_is_dropped_in_silence(key: str) -> None:
    """Whatever a service says beside its image stands in what is made, or is told."""
    before = import_compose(yaml.safe_dump({"services": {"web": KNOWN}}).encode(), env_files={})
    text = yaml.safe_dump({"services": {"web": {**KNOWN, key: "12"}}})
    after = import_compose(text.encode(), env_files={})
    silent = {"image", "expose", "restart", "healthcheck", "deploy", "networks", "environment"}
    silent |= {"scale", "cpus", "mem_limit", "command", "stop_grace_period"}
    if key not in silent:
        assert (after.services, after.notes) != (before.services, before.notes), key


DETAILS = [
    "ports: [{target: 80, mode: host}]", "ports: [{target: 80, name: front}]",
    "volumes: ['data:/data:ro']", "volumes: [{source: d, target: /d, volume: {nocopy: true}}]",
    "depends_on: {db: {condition: service_healthy, restart: true}}",
    "networks: {front: {ipv4_address: 10.0.0.9}}", "healthcheck: {test: x, start_interval: 5s}",
    "healthcheck: {test: x, interval: soon}", "healthcheck: {test: x, retries: 900}",
    "healthcheck: {test: x, timeout: 2h}", "stop_grace_period: 2h", "stop_grace_period: soon",
    "deploy: {replicas: 900}", "deploy: {resources: {limits: {pids: 5}}}",
    "deploy: {resources: {reservations: {devices: [{capabilities: [gpu]}]}}}",
    "deploy: {update_config: {parallelism: 2}}", "env_file: [{path: .env, format: raw}]",
    "build: {context: ., ssh: [default]}", "entrypoint: /run", "network_mode: host",
    "extends: {service: other}", "profiles: [debug]", "user: '0'", "tmpfs: /tmp", "init: true",
]  # fmt: skip
AROUND = [
    "volumes: {data: {external: true}}", "volumes: {data: {driver_opts: {type: nfs}}}",
    "networks: {front: {internal: true}}", "networks: {front: {driver: macvlan}}",
    "configs: {a: {file: ./a}}", "include: [other.yml]",
]  # fmt: skip


@pytest.mark.parametrize("detail", DETAILS)
def test_scenario_27_no_detail_is_dropped_in_silence(detail: str) -> None:
    """Each has a word that means nothing here, and that word is told."""
    text = f"services: {{db: {{image: 'a:1'}}, web: {{image: 'a:1', {detail}}}}}"
    notes = import_compose(text.encode(), env_files={".env": ENV}).notes
    before = import_compose(b"services: {db: {image: 'a:1'}, web: {image: 'a:1'}}", env_files={})
    new = {str(note) for note in notes} - {str(note) for note in before.notes}
    words = ("not carried over", "allowed", "no duration", "can be written here")
    assert [note for note in new if any(word in note for word in words)], new


@pytest.mark.parametrize("around", AROUND)
def test_scenario_27_what_is_said_of_the_whole_file_is_told_too(around: str) -> None:
    text = f"services: {{web: {{image: 'a:1'}}}}\n{around}"
    told = import_compose(text.encode(), env_files={}).notes
    assert any(note.service == "(all)" for note in told), told


KEYS = [
    "image", "build", "command", "ports", "env_file", "environment", "depends_on", "deploy",
    "volumes", "networks", "stop_grace_period", "healthcheck", "restart", "mem_limit", "cpus",
    "container_name", "expose", "labels",
]  # fmt: skip
ODD: list[Any] = [
    0, -1, 1.5, True, "", "\0", "x" * 5_000, [], {}, [None], [[]], [{}], {"a": None}, {1: 2},
    {"test": 5}, {"resources": []}, {"resources": {"limits": 3}}, {"replicas": "x"}, ["CMD", 5],
]  # fmt: skip


@pytest.mark.parametrize("key", KEYS)
def test_no_odd_value_makes_the_import_fall(key: str) -> None:
    for value in ODD:
        text = yaml.safe_dump({"services": {"web": {**KNOWN, key: value}}})
        with contextlib.suppress(NotCompose):  # a sentence, and nothing else, may come of it
            import_compose(text.encode(), env_files={})


def test_what_was_written_is_a_project_that_holds(tmp_path: Path) -> None:
    """Read back by the reader of the spec; and nothing that is there is overwritten."""
    (tmp_path / "shop").mkdir()
    compose = tmp_path / "shop/compose.yml"
    compose.write_text(WHOLE.replace("redis:${TAG}", "redis:7"))
    (tmp_path / "shop/.env").write_text(ENV)
    words = ["compose", str(compose), "--to", str(tmp_path / "cluster")]
    first = CliRunner().invoke(import_commands, words)
    assert first.exit_code == 0, first.output
    assert "4 services in" in first.output
    assert "privileged: not carried over" in first.output
    project = load_project(tmp_path / "cluster")
    assert sorted(project.services) == ["shop/cache", "shop/db", "shop/migrate", "shop/web-app"]
    written = (tmp_path / "cluster/services/shop/service.toml").read_text()
    assert "# web-app: privileged: not carried over" in written
    assert "sk_live_planted" not in written
    again = CliRunner().invoke(import_commands, words)
    assert (again.exit_code, "is there" in again.output) == (1, True)


def test_a_file_of_variables_outside_the_folder_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "outside.env").write_text("PLANTED=1")
    (tmp_path / "shop").mkdir()
    compose = tmp_path / "shop/compose.yml"
    compose.write_text("services: {web: {image: 'a:1', env_file: ../outside.env}}")
    done = CliRunner().invoke(
        import_commands,
        ["compose", str(compose), "--to", str(tmp_path)],
    )
    assert done.exit_code == 0, done.output
    assert "PLANTED" not in (tmp_path / "services/shop/service.toml").read_text()


@pytest.mark.parametrize(
    "text",
    ["", "[]", "services:", "services: []", "services: {}", "services: {a: 1}", "a: [", "\0",
     "services: {1: {image: a}}", "services: {a: {image: x}, A: {image: x}}",
     "services: {-: {image: x}}", "!!python/object/apply:os.system [id]", "[" * 5_000,
     "x" * 300_000],
)  # fmt: skip
def test_what_is_no_compose_file_is_refused(text: str) -> None:
    with pytest.raises(NotCompose):
        imported(text)


def test_values_in_all_their_spellings() -> None:
    assert [seconds_of(one) for one in ("90s", "1m30s", "2h", "500ms", "x", "")] == [
        90, 90, 7_200, 1, None, None,
    ]  # fmt: skip
    assert [memory_of(one) for one in ("512m", "1.5gb", "64MB", 1_048_576, "1k", "x")] == [
        "512Mi", "1536Mi", "64Mi", "1Mi", "1Mi", None,
    ]  # fmt: skip
    for given_, port, published in [
        ("80", 80, ""), (80, 80, ""), ("8080:80", 80, "8080"), ("127.0.0.1::80", 80, "127.0.0.1"),
        ("[::1]:8080:80", 80, "[::1]:8080"), ("0.0.0.0:8080:80/tcp", 80, "0.0.0.0:8080"),
    ]:  # fmt: skip
        found = port_of(given_)
        assert found is not None
        assert (found.port, found.published, found.is_tcp) == (port, published, True), given_
    wrong: list[Any] = ["", "a", "0", "70000", {"target": "x"}, []]
    assert [port_of(one) for one in wrong] == [None] * 6


def test_two_services_of_one_project_are_written_once(tmp_path: Path) -> None:
    made = imported("services: {web: {image: 'a:1'}}")
    path = write_project(tmp_path, "shop", made.services, made.notes)
    assert path == tmp_path / "services/shop/service.toml"
    assert (tmp_path / "cluster.toml").read_text() == '[cluster]\nname = "shop"\n'
