"""Nodes that fall silent, come back, are drained and forgotten; and clocks that leap."""

from __future__ import annotations

import pytest

from orca.planning import (
    Behind,
    Drain,
    Forget,
    Join,
    Lead,
    NoSuchNode,
    NoSuchService,
    Report,
    Seen,
    State,
    Stop,
    Tick,
    Undrain,
)
from orca.planning.tests.cluster import Cluster, declared, node, three_nodes

DATA = [{"name": "data", "path": "/data"}]


def place_of(cluster: Cluster, name: str = "shop/web") -> str:
    return cluster.service(name).copies[0].node


def test_what_ran_on_a_lost_node_runs_elsewhere_and_is_not_doubled_when_it_returns() -> None:
    """Scenario 19."""
    cluster = three_nodes()
    cluster.deploy(declared())
    lost = place_of(cluster)
    cluster.nodes[lost].is_silent = True
    cluster.wait(60)
    assert len(cluster.running()) == 2, "the lost node runs on, as it was told"
    assert len(cluster.shares()) == 1
    cluster.nodes[lost].is_silent = False
    cluster.wait(10)
    assert len(cluster.running()) == 1
    assert lost not in cluster.running().values()


def test_a_node_that_is_silent_for_a_moment_keeps_what_it_has() -> None:
    cluster = three_nodes()
    cluster.deploy(declared(replicas=3))
    before = cluster.running()
    cluster.nodes["b"].is_silent = True
    cluster.wait(20)
    assert len(cluster.shares()) == 2, "no request goes where nothing is heard"
    cluster.nodes["b"].is_silent = False
    cluster.wait(3)
    assert cluster.running() == before
    assert len(cluster.shares()) == 3


def test_data_wait_for_their_node_and_that_is_said() -> None:
    cluster = three_nodes()
    cluster.deploy(declared(volumes=DATA))
    before = cluster.running()
    home = place_of(cluster)
    cluster.nodes[home].is_silent = True
    cluster.wait(120)
    assert cluster.running() == before
    assert cluster.service().waits == (
        f"shop/web.0.g1 waits for {home}, where its volume is: nothing was heard of it.",
    )
    cluster.nodes[home].is_silent = False
    cluster.wait(3)
    assert cluster.running() == before
    assert cluster.service().waits == ()


def test_where_nobody_is_heard_requests_go_on_as_before() -> None:
    cluster = three_nodes()
    cluster.deploy(declared(replicas=3))
    routes = cluster.state.routes
    for fake in cluster.nodes.values():
        fake.is_silent = True
    cluster.wait(30)
    assert cluster.state.routes == routes


def test_draining_moves_first_and_ends_then() -> None:
    """Scenario 20; in the reference a drain is a mark that moves nothing."""
    cluster = three_nodes()
    cluster.deploy(declared(replicas=3))

    def watch(_before: State, after: State) -> None:
        assert sum(map(after.is_available, after.services["shop/web"].copies)) >= 3

    cluster.watches.append(watch)
    cluster.tell(Drain("b"))
    cluster.wait(30)
    assert "b" not in cluster.running().values()
    assert len(cluster.running()) == 3
    cluster.tell(Undrain("b"))
    before = cluster.running()
    cluster.wait(30)
    assert cluster.running() == before, "nothing moves back without a reason"


def test_draining_leaves_data_where_they_are_and_says_so() -> None:
    cluster = three_nodes()
    cluster.deploy(declared(volumes=DATA))
    before = cluster.running()
    home = place_of(cluster)
    cluster.tell(Drain(home))
    cluster.wait(30)
    assert cluster.running() == before
    [said] = cluster.service().waits
    assert said.startswith(f"shop/web.0.g1 stays on {home}:")
    assert "it is being drained" in said


def test_a_forgotten_node_takes_its_volumes_with_it() -> None:
    cluster = three_nodes()
    cluster.deploy(declared(volumes=DATA))
    home = place_of(cluster)
    cluster.nodes[home].is_silent = True
    cluster.tell(Forget(home))
    cluster.wait(10)
    assert place_of(cluster) != home
    with pytest.raises(NoSuchNode, match="Known are"):
        cluster.tell(Drain(home))


def test_an_old_report_is_not_listened_to() -> None:
    """D24: whoever reports last is right, not whoever is heard last."""
    cluster = three_nodes()
    cluster.deploy(declared())
    copy = cluster.service().copies[0]
    fake = cluster.nodes[copy.node]
    old = Report(copy.node, fake.start, fake.number - 3, 0, 0, (Seen(copy.id, is_ready=False),))
    cluster.tell(old)
    assert cluster.service().copies[0].is_ready
    again = Report(copy.node, fake.start + 1, 1, fake.applied, fake.routes, ())
    cluster.tell(again)
    assert not cluster.service().copies[0].is_ready, "after a new start it counts from one"


def test_a_node_that_forgot_everything_is_told_everything() -> None:
    cluster = three_nodes()
    cluster.deploy(declared(replicas=3))
    before = cluster.running()
    fake = cluster.nodes["a"]
    fake.wanted, fake.applied, fake.routes, fake.start, fake.number = {}, 0, 0, 2, 0
    cluster.wait(3)
    assert cluster.running() == before
    assert fake.routes > 0


def test_a_report_of_nobody_known_is_no_news() -> None:
    cluster = three_nodes()
    before = cluster.state.nodes
    cluster.tell(Report("ghost", 1, 1, 0, 0))
    assert cluster.state.nodes == before


def test_a_clock_that_leaps_or_runs_back_makes_nobody_lost() -> None:
    """Scenario 19. The control plane was away, not the nodes."""
    cluster = three_nodes()
    cluster.deploy(declared(replicas=3))
    before = cluster.running()
    for leap in (86_400_000, -86_400_000, 3_600_000):
        cluster.now += leap
        cluster.tell(Tick())
        cluster.wait(5)
        assert cluster.running() == before
        assert not any(map(cluster.state.is_away, cluster.nodes))


def test_of_a_node_that_joins_again_the_copies_stay() -> None:
    """D26: in the reference every start is another node."""
    cluster = three_nodes()
    cluster.deploy(declared(replicas=3))
    before = cluster.running()
    cluster.join(node("a"))
    cluster.wait(10)
    assert cluster.running() == before
    assert len(cluster.state.nodes) == 3


def test_to_describe_a_node_anew_is_no_sign_of_life_of_it() -> None:
    """R4: a deploy with other labels raised the dead, and what ran there was not replaced."""
    cluster = three_nodes()
    cluster.deploy(declared())
    lost = place_of(cluster)
    cluster.nodes[lost].is_silent = True
    for second in range(60):
        cluster.wait(1)
        cluster.tell(Join(node(lost, labels={"second": str(second)})))
    assert cluster.state.is_lost(lost)
    assert [copy.node == lost for copy in cluster.service().copies if copy.is_live] == [False]


def test_a_name_that_nobody_knows_is_refused() -> None:
    """D22: in the reference `web` takes the containers of `web-admin`."""
    cluster = three_nodes()
    cluster.deploy(declared("shop/web-admin"))
    with pytest.raises(NoSuchService, match="shop/web-admin"):
        cluster.tell(Stop("shop/web"))
    assert len(cluster.running("shop/web-admin")) == 1


def restored() -> Cluster:
    """The control plane goes on from an old backup; what runs on the nodes is what ran."""
    cluster = three_nodes()
    cluster.deploy(declared(replicas=2))
    old = cluster.state
    cluster.deploy(declared(replicas=2, image="web:2"))
    cluster.deploy(declared(replicas=2, image="web:3"))
    cluster.state = old
    return cluster


def test_an_old_backup_decides_nothing_and_says_why() -> None:
    cluster = restored()
    before = cluster.running()
    cluster.wait(60)
    assert cluster.running() == before
    with pytest.raises(Behind, match="older than its nodes, as after a restored backup"):
        cluster.deploy(declared(replicas=2, image="web:4"))
    cluster.tell(Lead())
    cluster.wait()
    assert cluster.images() == ["web:1", "web:1"]


def test_what_leads_after_a_backup_gives_no_name_twice() -> None:
    """Else a container of another release would pass for the one that is wanted."""
    cluster = restored()
    given = {*cluster.running()}
    cluster.wait(5)
    cluster.tell(Lead())
    cluster.wait()
    cluster.deploy(declared(replicas=2, image="web:2"))
    assert cluster.images() == ["web:2", "web:2"]
    assert not given & {*cluster.running()}


def test_a_node_that_is_heard_of_only_after_that_obeys_too() -> None:
    cluster = restored()
    cluster.nodes["b"].is_silent = True
    cluster.wait(5)
    cluster.tell(Lead())
    cluster.wait()
    cluster.nodes["b"].is_silent = False
    cluster.wait()
    assert cluster.images() == ["web:1", "web:1"]
    cluster.tell(Lead())  # nobody is ahead any more: nothing is to be done
    cluster.deploy(declared(replicas=2, image="web:2"))
    assert cluster.images() == ["web:2", "web:2"]
