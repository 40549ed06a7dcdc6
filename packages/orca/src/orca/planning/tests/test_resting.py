"""A cluster at rest costs no thought, and whatever happens wakes it."""

from __future__ import annotations

from orca.planning import Scale, State, Tick, step
from orca.planning.settle import settle
from orca.planning.tests.cluster import Cluster, declared, three_nodes


def at_rest() -> Cluster:
    cluster = three_nodes()
    cluster.deploy(declared(replicas=2))
    assert cluster.state.rests
    return cluster


def ticked(state: State, milliseconds: int) -> State:
    return step(state, Tick(), (state.wall or 0) + milliseconds)[0]


def test_a_second_at_rest_leaves_everything_as_it_is() -> None:
    cluster = at_rest()
    after = ticked(cluster.state, 1_000)
    assert after.services is cluster.state.services, "it was not even looked at"
    assert after.clock == cluster.state.clock + 1_000


def test_what_is_left_out_at_rest_would_have_changed_nothing() -> None:
    cluster = at_rest()

    def compare(_: State, after: State) -> None:
        if after.rests:
            settled = settle(after)
            assert (settled.services, settled.routes) == (after.services, after.routes)

    cluster.watches.append(compare)
    cluster.deploy(declared(image="web:2", replicas=3))
    cluster.nodes["b"].is_silent = True
    cluster.wait(60)
    cluster.nodes["b"].is_silent = False
    cluster.wait(30)
    assert cluster.state.rests


def test_nothing_rests_while_somebody_waits_or_a_release_is_on_its_way() -> None:
    cluster = at_rest()
    cluster.tell(Scale("shop/web", 3))
    assert not cluster.state.rests
    cluster.wait(10)
    assert cluster.state.rests
    cluster.deploy(declared("shop/big", resources={"memory": "900Gi"}))
    assert cluster.service("shop/big").waits
    assert not cluster.state.rests


def test_a_node_that_falls_silent_wakes_it_though_nothing_is_said() -> None:
    cluster = at_rest()
    [first, second] = cluster.service().copies
    for fake in cluster.nodes.values():
        fake.is_silent = True
    cluster.nodes[second.node].is_silent = False
    cluster.wait(20)
    assert list(cluster.shares()) == [str(second.id)], f"{first.id} is away"


def test_a_node_that_falls_silent_just_when_another_reports_wakes_it_too() -> None:
    """Found by the simulation: the next second saw a node that had been away before it began."""
    cluster = at_rest()
    [first, second] = cluster.service().copies
    for _ in range(20):
        cluster.now += 500
        cluster.report(second.node)
        cluster.now += 500
        cluster.report(second.node)
        cluster.tell(Tick())
    assert list(cluster.shares()) == [str(second.id)], f"{first.id} is away"
