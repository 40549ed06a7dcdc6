"""A proxy that does not do what it is told holds up everybody, but not for ever."""

from __future__ import annotations

import pytest

from orca.planning.tests.cluster import Cluster, declared, node

STUCK = "The proxy does not do what it is told."


@pytest.fixture
def cluster() -> Cluster:
    made = Cluster()
    made.join(node("a"), node("b"))
    made.deploy(declared(replicas=2))
    return made


def test_what_it_may_still_lead_to_ends_a_minute_later_and_that_is_said(cluster: Cluster) -> None:
    cluster.nodes["b"].edge = STUCK
    cluster.deploy(declared(replicas=2, image="web:2"), seconds=30)
    waits = cluster.service().waits
    assert any(f"when the edge of b has let go of it: {STUCK}" in words for words in waits)
    assert "web:1" in cluster.images()
    cluster.wait(180)
    assert cluster.images() == ["web:2", "web:2"]
    assert cluster.service().waits == ()


def test_it_is_waited_for_again_when_it_was_well_in_between(cluster: Cluster) -> None:
    cluster.nodes["b"].edge = STUCK
    cluster.wait(120)
    cluster.nodes["b"].edge = ""
    cluster.wait(3)
    cluster.nodes["b"].edge = STUCK
    cluster.deploy(declared(replicas=2, image="web:2"), seconds=30)
    assert "web:1" in cluster.images()


def test_data_are_out_of_service_for_no_longer_than_that(cluster: Cluster) -> None:
    """The old one serves no more, and the new one may not begin before it is gone."""
    data = [{"name": "data", "path": "/data"}]
    cluster.deploy(declared("shop/data", volumes=data))
    cluster.nodes["b"].edge = STUCK
    cluster.deploy(declared("shop/data", volumes=data, image="data:2"), seconds=120)
    assert cluster.images("shop/data") == ["data:2"]
