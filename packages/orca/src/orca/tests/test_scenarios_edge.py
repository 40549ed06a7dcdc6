"""Scenarios of the specification that are seen from outside: by a real edge, under load. One
cluster carries all of this file.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from basis.ids import new_id
from orca.testing import RealEngine
from orca.tests.running import running, started
from orca.tests.traffic import Street, site

VOLUME = '[[service.volumes]]\nname = "data"\npath = "/data"\n'


@pytest.fixture(scope="module")
def street(engine: RealEngine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Street]:
    made = running(engine, tmp_path_factory.mktemp("edge"), f"c{new_id()[-12:]}")
    with started(made) as cluster:
        yield Street(cluster)


def test_scenario_1_a_deployed_service_is_reached_by_its_domain(street: Street) -> None:
    """And nothing else is; its port is on the address of its node alone (D40)."""
    street.deploy(site())
    street.until_page(lambda page: page == "test/web:1", "the page is there")
    assert street.page("other.example") == "404"
    assert street.page("SHOP.example", "/healthz") == "ok"
    [(_, listed)] = street.cluster.listed()
    assert {port["IP"] for port in listed["Ports"]} == {"127.0.0.1"}
    street.cluster.until(lambda: street.nodes()[0]["edge"] == "edge", "it says that it obeys")


def test_scenario_5_replicas_come_and_go_and_no_request_fails(street: Street) -> None:
    """1 -> 10 -> 1 under load; replica 0 and its volume are not touched."""
    street.deploy(site(more=VOLUME))
    street.until_page(lambda page: page == "test/web:1", "the page is there")
    street.execute("web", "touch", "/data/mark")
    before = street.cluster.containers()
    with street.load() as load:
        street.enough(load, 100)
        street.act("web", "scale", replicas=10)
        assert len(street.cluster.containers()) == 10
        street.enough(load, 300)
        street.act("web", "scale", replicas=1)
        street.enough(load, 100)
    print(f"{load.counted.total():,} requests from 1 to 10 to 1 replicas: {dict(load.counted)}")
    assert load.failed == {}
    assert street.cluster.containers() == before
    assert street.execute("web", "ls", "/data") == "mark\n"


def test_scenario_6_an_update_under_load_fails_no_request(street: Street) -> None:
    """At 2 replicas; a version that never gets ready gets no request and gives way by itself."""
    street.deploy(site(replicas=2))
    street.until_page(lambda page: page == "test/web:1", "the page is there")
    with street.load() as load:
        street.enough(load, 100)
        street.deploy(site(image="test/web:2", replicas=2))
        street.enough(load, 100)
        kept = street.cluster.containers()
        slow = site(image="test/web:1", replicas=2, health=False, deploy={"ready_within_secs": 3})
        never = slow + '[service.readiness]\npath = "/nowhere"\n'
        said = street.deploy(never, outcome="failed")
    print(f"{load.counted.total():,} requests over two updates: {dict(load.counted)}")
    assert load.failed == {}
    assert "was not ready within 3 s" in said
    assert "serves on." in said
    street.cluster.until(lambda: street.cluster.containers() == kept, "the old version alone")
    assert set(street.count(50)) == {"test/web:2\n"}
