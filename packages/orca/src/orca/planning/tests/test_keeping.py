"""What is stored is all there is: nothing is lost on the way to the disk and back."""

from __future__ import annotations

from orca.planning import Drain, Rollback, Scale, dump, load
from orca.planning.tests.cluster import declared, three_nodes


def test_a_state_comes_back_as_it_was_stored() -> None:
    cluster = three_nodes()
    volumes = [{"name": "data", "path": "/data"}]
    cluster.deploy(declared(replicas=2), declared("shop/db", volumes=volumes))
    cluster.deploy(declared(replicas=2, image="web:2"), seconds=20)
    cluster.tell(Rollback("shop/web"))
    cluster.tell(Scale("shop/web", 3))
    cluster.tell(Drain("a"))
    for _ in range(10):
        assert load(dump(cluster.state)) == cluster.state
        cluster.wait(1)


def test_a_control_plane_that_starts_again_goes_on_where_it_was() -> None:
    """Scenario 16: at every moment of a rollout it dies and comes back; nothing is doubled."""
    cluster = three_nodes()
    cluster.deploy(declared(replicas=3))
    cluster.deploy(declared(replicas=3, image="web:2"), seconds=0)
    for _ in range(40):
        cluster.state = load(dump(cluster.state))
        cluster.now += 3_600_000
        cluster.wait(1)
    assert cluster.images() == ["web:2"] * 3
    assert len({name.split(".g")[0] for name in cluster.running()}) == 3


def test_what_has_no_probe_keeps_its_route_through_a_restart() -> None:
    """D8: in the reference it gets no request any more, and the same deploy does not help."""
    cluster = three_nodes()
    cluster.deploy(declared(replicas=2))
    routes = cluster.state.routes
    assert len(routes["shop/web"]) == 2
    cluster.state = load(dump(cluster.state))
    cluster.now += 3_600_000
    cluster.wait(1)
    assert cluster.state.routes == routes
    cluster.deploy(declared(replicas=2))
    assert cluster.state.routes == routes
