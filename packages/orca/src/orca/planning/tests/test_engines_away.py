"""Decisions about a node that is there while its engine does not answer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from orca.planning import Phase
from orca.planning.tests.cluster import Cluster, declared, node

SILENT = "the engine does not answer"


@pytest.fixture
def cluster() -> Cluster:
    made = Cluster()
    made.join(node("a"), node("b"))
    return made


@contextmanager
def without_engine(cluster: Cluster, name: str) -> Iterator[None]:
    fake = cluster.nodes[name]
    fake.engine = SILENT
    cluster.wait(2)
    yield
    fake.engine = ""
    cluster.wait(30)


def test_what_serves_there_is_not_begun_elsewhere(cluster: Cluster) -> None:
    cluster.deploy(declared(replicas=2))
    before, routes = cluster.running(), cluster.state.routes
    with without_engine(cluster, "a"):
        cluster.wait(300)
        assert cluster.running() == before
        assert cluster.state.routes == routes
    assert cluster.running() == before


def test_a_release_goes_elsewhere_and_what_it_replaces_ends_later(cluster: Cluster) -> None:
    cluster.deploy(declared(replicas=2))
    with without_engine(cluster, "a"):
        cluster.deploy(declared(replicas=2, image="web:2"), seconds=60)
        serving = [copy for copy in cluster.service().copies if copy.phase is Phase.SERVING]
        assert [(copy.node, copy.release.number) for copy in serving] == [("b", 2), ("b", 2)]
        assert cluster.service().rollout is None
    assert cluster.images() == ["web:2", "web:2"]


def test_data_serve_on_where_no_engine_could_begin_what_comes_next(cluster: Cluster) -> None:
    """The release goes nowhere else, and is not to blame."""
    data = [{"name": "data", "path": "/data"}]
    cluster.deploy(declared(volumes=data))
    before = cluster.running()
    [home] = before.values()
    with without_engine(cluster, home):
        cluster.deploy(declared(volumes=data, image="web:2"), seconds=600)
        assert cluster.service().verdict == ""
        assert cluster.shares() == dict.fromkeys(before, 10_000)
        [words] = cluster.service().waits
        assert words.startswith("shop/web.0.g1 stays on ")
        assert SILENT in words
    assert cluster.images() == ["web:2"]


def test_what_was_let_go_a_moment_before_is_waited_for_in_words(cluster: Cluster) -> None:
    data = [{"name": "data", "path": "/data"}]
    cluster.deploy(declared(volumes=data))
    [home] = cluster.running().values()
    cluster.nodes[home].engine = SILENT
    cluster.deploy(declared(volumes=data, image="web:2"), seconds=600)
    assert f"shop/web.0.g1 waits for {home}: {SILENT}." in cluster.service().waits
    assert cluster.service().verdict == ""


def test_who_has_seen_nothing_yet_takes_nothing_away(cluster: Cluster) -> None:
    """An agent that was begun a moment ago, or whose engine never answered it."""
    cluster.deploy(declared(replicas=2))
    before, routes = cluster.running(), cluster.state.routes
    cluster.nodes["a"].is_blind = True
    cluster.wait(30)
    assert (cluster.state.routes, cluster.running()) == (routes, before)
    assert all(copy.is_ready for copy in cluster.service().copies)
    cluster.nodes["a"].is_blind = False
    cluster.wait(3)
    assert cluster.state.routes == routes
