"""Scenarios 9, 10 and 14 by a real edge and real containers, which say what arrived at them. One
cluster for all; each test has services and domains of its own.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from basis.ids import new_id
from orca.testing import RealEngine
from orca.tests.running import running, started
from orca.tests.talker import TALKER, make_talker
from orca.tests.traffic import Street, site

PATIENCE = {"ready_within_secs": 120, "drain_secs": 0}
CANARY = {"strategy": "canary", "canary_weight": 20, **PATIENCE}
CPU = 0.25
ONCE_A_SECOND = 'path = "/healthz"\ninterval_secs = 1\n'
SLOW_SECONDS = 6


@pytest.fixture(scope="module")
def street(engine: RealEngine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Street]:
    make_talker(engine)
    made = running(engine, tmp_path_factory.mktemp("paths"), f"c{new_id()[-12:]}")
    with started(made) as cluster:
        yield Street(cluster)


def talker(name: str, domain: str, version: str = "1", **keys: Any) -> str:
    """A service whose page says its version."""
    keys = {"deploy": PATIENCE, "cpu": CPU, "memory": "64Mi", **keys}
    env = {"VERSION": version, **keys.pop("env", {})}
    return site(name, TALKER, domain=domain, env=env, **keys)


def probes(*, readiness: int, liveness: int) -> str:
    """By how many misses in a row each of them counts."""
    return (
        f"[service.readiness]\n{ONCE_A_SECOND}failure_threshold = {readiness}\n"
        f"[service.liveness]\n{ONCE_A_SECOND}failure_threshold = {liveness}\n"
    )


def test_scenario_10_the_longest_path_wins_and_what_arrives_is_what_was_asked_below_it(
    street: Street,
) -> None:
    """D63, D64: `/api` and `/api/`, not `/apix`; the route is taken off where that is said, and the
    server is told which: so a redirection leads back below it. What it answers is left alone.
    """
    domain = "paths.example"
    street.add(
        talker("root", domain, "root"),
        talker("api", domain, "api", routes=["/api"], strip_prefix=True),
        talker("deep", domain, "deep", routes=["/api/deep"]),
    )
    for path, version in [
        ("/", "root"), ("/apix", "root"), ("/api", "api"), ("/api/", "api"), ("/api/x", "api"),
        ("/api/deep", "deep"), ("/api/deep/", "deep"), ("/api/deep/x", "deep"),
        ("/api/deeper", "api"),
    ]:  # fmt: skip
        street.until_page(is_of(version), f"{path} goes to {version}", host=domain, path=path)

    def arrived(path: str) -> tuple[str, str | None]:
        told = json.loads(street.answer(path, host=domain)[2])
        return told["path"], dict(told["headers"]).get("x-forwarded-prefix")

    assert arrived("/asked?a=b%20c") == ("/asked?a=b%20c", None)
    assert arrived("/api/asked?a=b%20c") == ("/asked?a=b%20c", "/api")
    assert street.page(domain, "/api/healthz") == "ok"
    for path, location in [
        ("/moved", "/there?a=b"), ("/api/moved", "/api/there?a=b"), ("/api/beside", "there"),
    ]:  # fmt: skip
        status, headers, _ = street.answer(path, host=domain)
        assert status in (302, 303)
        assert dict(headers)["Location"] == location


def is_of(version: str) -> Any:
    return lambda page: page.startswith(f"{version} ")


def test_scenario_9_what_is_unwell_gets_no_request_and_is_started_again(street: Street) -> None:
    """Its health is a 404 from now on: out of the routes at the first miss, and restarted after as
    many as were said; then it is well, and asked again.
    """
    domain = "ill.example"
    street.add(talker("ill", domain, health=False, more=probes(readiness=1, liveness=6)))
    street.until_page(is_of("1"), "the page is there", host=domain)
    street.ask(domain, "/ill", method="POST")
    street.until_page(lambda page: page == "503", "nobody is asked any more", host=domain)
    street.until_page(is_of("1"), "it is asked again", host=domain)
    [copy] = street.service("ill")["copies"]
    assert copy["crashes"] == 1


def test_scenario_9_what_is_slow_to_begin_is_left_in_peace(street: Street) -> None:
    """Liveness would end it at the first miss, and is not asked before it was ready once."""
    domain = "slow.example"
    slow = {"BEGINS_AFTER": str(SLOW_SECONDS)}
    strict = probes(readiness=1, liveness=1)
    street.add(talker("slow", domain, health=False, more=strict, env=slow))
    street.until_page(is_of("1"), "the page is there", host=domain)
    [copy] = street.service("slow")["copies"]
    assert (copy["isReady"], copy["crashes"], copy["name"]) == (True, 0, "shop/slow.0.g1")


def test_scenario_14_a_canary_gets_its_share_and_is_promoted_or_let_go(street: Street) -> None:
    """20 % of 5,000 requests within 2 points."""
    domain = "canary.example"

    def deploy(version: str) -> None:
        street.add(talker("canary", domain, version, deploy=CANARY))

    def versions(requests: int) -> dict[str, int]:
        return dict(street.count(requests, host=domain))

    deploy("old")
    street.until_page(is_of("old"), "the page is there", host=domain)
    deploy("new")
    street.until_page(is_of("new"), "the canary is asked", host=domain)
    counted = versions(5_000)
    share = 100 * counted["new"] / sum(counted.values())
    print(f"a canary of 20 % got {share:.2f} % of {sum(counted.values()):,} requests")
    assert counted.keys() == {"old", "new"}
    assert abs(share - 20) < 2

    street.act("canary", "promote")
    street.cluster.until(lambda: versions(20).keys() == {"new"}, "all go to it")
    assert len(street.service("canary")["copies"]) == 1
    deploy("worse")
    street.until_page(is_of("worse"), "another canary is asked", host=domain)
    street.call("POST", "/services/shop/canary/acts", {"act": "abort"})
    street.cluster.until(lambda: versions(20).keys() == {"new"}, "it is let go")
    assert street.service("canary")["release"] != 3
