"""X3 at Orca's doors: bodies, addresses and projects that no client means."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import structlog

from basis.kit.http.doors import doors_of
from basis.kit.testing import HandClock
from orca.access import Role
from orca.tests.world import World, bearer, opened_world
from tests.security.test_extremes import BODIES, DEPTH, HUGE, JSON, QUERIES

CLUSTER = '[cluster]\nname = "quay"\n'
WEB = '[[service]]\nname = "web"\nimage = "web:1"\n'
SERVICE = "services/shop/service.toml"
ANSWER_BYTES_MAX = 200_000
OWN_BODIES = [
    (JSON, b'{"files":' + b'{"a":' * DEPTH + b"}" * DEPTH + b"}"),
    (JSON, b'{"files":{"cluster.toml":"a = NaN\\nb = inf"}}'),
    (JSON, b'{"files":{"\\u0000":"","cluster.toml":"\\u0000"}}'),
    (JSON, b'{"files":{"\\ud800":"\\udfff"}}'),
    (JSON, b'{"act":"scale","replicas":1e400}'),
    (JSON, b'{"act":"rollback","release":%s}' % (b"9" * 5_000)),
    (JSON, b'{"command":["\\u0000"],"copy":"\\u0000"}'),
    (JSON, b'{"command":[' + b'"a",' * 60_000 + b'"a"]}'),
    (JSON, b'{"value":"\\u0000"}'),
    (JSON, b'{"name":"\\u0000","role":"admin","days":1e400}'),
]


@pytest.fixture
async def world(tmp_path: Path, clock: HandClock) -> AsyncIterator[World]:
    async with opened_world(tmp_path, clock) as made:
        yield made


def doors(world: World, *, is_reading: bool) -> list[tuple[str, str]]:
    return sorted(
        (method, re.sub(r"\{\w+:?\w*\}", "NOBODY", path))
        for method, path, _ in doors_of(world.app)
        if (method in ("GET", "HEAD")) is is_reading
    )


async def test_no_body_makes_the_control_plane_fall(world: World) -> None:
    headers, fallen, sent = bearer(str(world.issued[Role.ADMIN].token)), [], 0
    for method, path in doors(world, is_reading=False):
        for kind, body in [*BODIES, *OWN_BODIES, HUGE]:
            answer = await world.client.request(
                method, path, content=body, headers=headers | {"content-type": kind}
            )
            sent += 1
            if answer.status_code >= 500:
                fallen.append(f"{method} {path} {kind} {body[:60]!r}: {answer.text[:200]}")
    print(f"X3: {sent} hostile bodies at Orca's doors, {len(fallen)} answered with 5xx")
    assert "\n".join(fallen) == ""


async def test_no_query_makes_the_control_plane_fall(world: World) -> None:
    headers, fallen = bearer(str(world.issued[Role.ADMIN].token)), []
    with structlog.testing.capture_logs() as logged:
        for method, path in doors(world, is_reading=True):
            for query in [*QUERIES, "?after=-1", "?tail=1e9&copy=%00", "?after=" + "9" * 4_000]:
                answer = await world.client.request(method, path + query, headers=headers)
                if answer.status_code >= 500:
                    fallen.append(f"{method} {path}{query[:60]}: {answer.text[:200]}")
    assert "\n".join(fallen) == ""
    assert [line for line in logged if line["log_level"] == "error"] == []


PROJECTS: dict[str, dict[str, str]] = {
    "10,000 services": {SERVICE: WEB * 6_000},
    "no end of tables": {SERVICE: "[[service]]\n" * 24_000},
    "no end of keys": {SERVICE: WEB + "".join(f"k{number} = 1\n" for number in range(20_000))},
    "no end of variables": {SERVICE: WEB + "[service.env]\n" + "".join(
        f"V{number} = ''\n" for number in range(20_000))},
    "names that lead out": {f"../{SERVICE}": WEB, "/etc/passwd": WEB, "services/../service.toml":
                            WEB, "services/a/../../service.toml": WEB, "..\\x": WEB, "": WEB},
    "a project that leads out": {"services/../../service.toml": WEB},
    "many files": {f"services/p{number}/service.toml": WEB for number in range(205)},
    "more files than may be": {f"services/p{number}/service.toml": WEB for number in range(900)},
    "a name without end": {f"services/{'x' * 250_000}/service.toml": WEB},
    "deep": {SERVICE: "a = " + "[" * 100_000},
    "a long key": {SERVICE: "a" * 250_000 + " = 1"},
    "one long line": {SERVICE: WEB + "image = '" + "x" * 280_000 + "'"},
    "a folder above is built": {SERVICE: WEB + 'build = { context = "../.." }\n'},
    "the root is mounted": {SERVICE: WEB + "[[service.mounts]]\nhost = '/'\npath = '/host'\n"},
    "dependencies of all on all": {SERVICE: "".join(
        f'[[service]]\nname = "s{one}"\nimage = "a"\ndepends_on = {[f"s{n}" for n in range(32)]}\n'
        for one in range(200))},
}  # fmt: skip


@pytest.mark.parametrize("what", PROJECTS)
async def test_no_project_makes_the_control_plane_fall(world: World, what: str) -> None:
    """Refused in words that have an end; what no project has is not looked at; nothing begins."""
    body: dict[str, Any] = {"files": {"cluster.toml": CLUSTER, **PROJECTS[what]}}
    for door in ("plans", "deploys"):
        answer = await world.send(Role.DEPLOYER, "POST", f"/api/v1/{door}", json=body)
        assert answer.status_code < 500, answer.text[:300]
        assert len(answer.content) < ANSWER_BYTES_MAX
    assert world.app.state.control.state.services == {}
