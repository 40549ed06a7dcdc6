"""Nobody's request fails: counted at the edges of three nodes, from a network of its own, while
versions, replicas, routes, nodes and the control plane come and go.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from itertools import cycle, islice
from typing import Any

import pytest

from basis.ids import new_id
from orca.testing import RealNodes, real_guest
from orca.tests.running import ADDRESSES, Running, running_on, started
from orca.tests.test_kills import changed, stored
from orca.tests.test_nodes import NODES, is_unreachable
from orca.tests.traffic import SHOP, Street, site
from orca.tests.visitors import SEEN, Visitors, make_counting_image

pytestmark = pytest.mark.allow_hosts(ADDRESSES)

OLD, NEW = "test/counts:1", "test/counts:2"
ALL_OF_THEM = 100
CONNECTIONS_MAX = 8
"""That two edges with two visitors each keep to one copy: a spare one beside each."""
QUICK_HEALTH = {"path": "/healthz", "interval_secs": 1, "failure_threshold": 1}
PROBES: dict[str, Any] = {"health": False, "readiness": QUICK_HEALTH, "liveness": QUICK_HEALTH}
CRASHING = "crashes after it was ready"
STAGES: dict[str, dict[str, Any]] = {
    "never listens": {"env": {"MODE": "deaf"}},
    "listens and says 500": {"env": {"MODE": "unwell"}},
    "listens elsewhere": {"port": 8081},
    "has no image": {"image": "test/nowhere:1"},
    CRASHING: {"env": {"MODE": "crashing"}},
    "is ready once": {"env": {"MODE": "fading"}},
    "is ready on its first node only": {"env": {"MODE": "single"}},
}
"""Where a version fails, and what makes it."""
SOON_AWAY = ("--away-after", "5", "--lost-after", "3600")


@pytest.fixture(scope="module")
def visitors(nodes: RealNodes, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visitors]:
    folder, seen = tmp_path_factory.mktemp("visited"), tmp_path_factory.mktemp("seen")
    for name, version in ((OLD, "old"), (NEW, "new")):
        make_counting_image(nodes, name, version)
    with (
        real_guest(nodes) as network,
        started(running_on(nodes, folder, f"c{new_id()[-12:]}", *SOON_AWAY)) as cluster,
    ):
        cluster.toml = f'{NODES}[mounts]\nallow = ["{seen}"]\n'
        yield Visitors(cluster, network, seen)


@pytest.fixture
def shop(visitors: Visitors, nodes: RealNodes) -> Iterator[Street]:
    """Three copies of the old version, one on each node, and nothing is left of what was before."""
    street = Street(visitors.cluster)
    settle(visitors, street)
    before = visitors.left()
    yield street
    for node in nodes.nodes:
        nodes.heal(node.name)
    settle(visitors, street)
    assert visitors.left() == before


def settle(visitors: Visitors, street: Street, **keys: Any) -> None:
    cluster = visitors.cluster
    deploy(visitors, OLD, **keys)
    street.act("web", "scale", replicas=3)
    cluster.until(lambda: obeyed(cluster), "all edges obey")
    cluster.until(lambda: len(visitors.containers()) == 3, "those three alone")
    assert sorted(cluster.places().values()) == ["n1", "n2", "n3"]


def deploy(visitors: Visitors, image: str, **keys: Any) -> None:
    Street(visitors.cluster).deploy(counting(visitors, image, **keys), top=visitors.cluster.toml)


def counting(visitors: Visitors, image: str, **keys: Any) -> str:
    mounts = [{"host": str(visitors.folder), "path": SEEN, "read_only": False}]
    keys = {"replicas": 3, "placement": {"spread": "require"}, **keys}
    rollout = {"drain_secs": 1, "ready_within_secs": 3 if "env" in keys else 20}
    return site(image=image, mounts=mounts, deploy=rollout, **keys)


def obeyed(cluster: Running) -> bool:
    nodes = (cluster.seen() or {"nodes": []})["nodes"]
    return len(nodes) == 3 and all(node["edge"] == "edge" for node in nodes)


def test_versions_replicas_and_routes_change_and_no_request_fails(
    visitors: Visitors, shop: Street
) -> None:
    with visitors.visiting("an update over three nodes, and back") as visit:
        deploy(visitors, NEW)
        visitors.more(visit, 100)
        deploy(visitors, OLD)
    assert visit.failures == []
    assert {*visit.answered} == {"old", "new"}
    deploy(visitors, OLD, placement={"spread": "prefer"})
    with visitors.visiting("3, 6 and 2 replicas") as visit:
        shop.act("web", "scale", replicas=6)
        visitors.more(visit, 100)
        shop.act("web", "scale", replicas=2)
        visitors.more(visit, 100)
        shop.act("web", "scale", replicas=3)
    assert visit.failures == []
    with visitors.visiting("other domains and routes") as visit:
        deploy(visitors, OLD, domain=None, domains=[SHOP, "www.shop.example"])
        visitors.more(visit, 100)
        deploy(visitors, OLD, routes=["/n", "/healthz"])
        visitors.more(visit, 100)
        deploy(visitors, OLD)
    assert visit.failures == []
    assert visitors.done_twice() == []


def test_a_node_is_drained_and_taken_back_and_no_request_fails(
    visitors: Visitors, shop: Street
) -> None:
    """Its edge goes on, and leads to the copies of the others."""
    cluster = visitors.cluster
    shop.act("web", "scale", replicas=2)
    home = min(cluster.places().values())
    with visitors.visiting("a node is drained and taken back") as visit:
        shop.call("POST", f"/nodes/{home}/acts", {"act": "drain"})
        cluster.until(lambda: home not in cluster.places().values(), "nothing is left there")
        visitors.more(visit, 100)
        shop.call("POST", f"/nodes/{home}/acts", {"act": "undrain"})
        shop.act("web", "scale", replicas=3)
    assert visit.failures == []
    assert visitors.done_twice() == []


@pytest.mark.usefixtures("shop")
@pytest.mark.parametrize("stride", [20, pytest.param(1, marks=pytest.mark.long)])
def test_the_control_plane_dies_at_steps_of_a_deploy_and_no_request_fails(
    visitors: Visitors, stride: int
) -> None:
    """By -9, right after it stored something, at each step or at some of them; at last it is asked
    to end, and comes back.
    """
    cluster = visitors.cluster
    kills = steps = 0
    with visitors.visiting("a control plane that dies again and again") as visit:
        before = stored(cluster)
        cluster.wish(counting(visitors, NEW))
        while changed(lambda: stored(cluster), before, lambda: is_alone(cluster, NEW)):
            steps += 1
            if steps % stride == 3 % stride:
                cluster.kill("server")
                kills += 1
                cluster.start_server()
            before = stored(cluster)
        cluster.until(lambda: obeyed(cluster), "all edges obey")
        cluster.processes["server"].send_signal(signal.SIGTERM)
        cluster.processes.pop("server").wait()
        visitors.more(visit, 200)
        cluster.begin_server()
        cluster.until(lambda: obeyed(cluster), "all edges obey")
    print(f"killed after {kills} of {steps} steps")
    assert kills >= 1
    assert visit.failures == []
    assert visitors.done_twice() == []


def is_alone(cluster: Running, image: str) -> bool:
    """Whether three copies of it serve, and nothing else is there."""
    seen = cluster.seen()
    copies = [copy for each in seen["services"] for copy in each["copies"]] if seen else []
    return [(copy["image"], copy["isReady"]) for copy in copies] == [(image, True)] * 3


def test_an_agent_dies_and_comes_back_and_no_request_fails(
    visitors: Visitors, shop: Street
) -> None:
    """Where the only copy is that serves: nobody else could answer."""
    cluster = visitors.cluster
    shop.act("web", "scale", replicas=1)
    cluster.until(lambda: len(visitors.containers()) == 1, "the only one")
    [home] = cluster.places().values()
    with visitors.visiting("an agent that dies, with the only copy on its node") as visit:
        for _ in range(3):
            cluster.kill(home)
            visitors.more(visit, 50)
            cluster.begin_agent(home)
            cluster.until(lambda: home in cluster.connected(), "it is back")
            visitors.more(visit, 100)
            cluster.until(lambda: obeyed(cluster) and cluster.ready() == 1, "all is well")
    assert visit.failures == []
    assert visitors.done_twice() == []


@pytest.mark.usefixtures("shop")
def test_a_node_that_the_control_plane_does_not_reach_goes_on_and_no_request_fails(
    visitors: Visitors, nodes: RealNodes
) -> None:
    """Half open: it is heard for a while and hears nothing. Visitors reach it all the time, also
    while a new version takes its copies' place elsewhere, and when it hears of that.
    """
    cluster = visitors.cluster
    with visitors.visiting("a node out of reach of the control plane") as visit:
        nodes.deafen("n3")
        cluster.until(lambda: is_unreachable(cluster, "n3"), "it is away")
        deploy(visitors, NEW, placement={"spread": "prefer"})
        visitors.more(visit, 200)
        nodes.heal("n3")
        cluster.until(lambda: len(cluster.connected()) == 3, "it is back")
        cluster.until(lambda: is_alone(cluster, NEW) and obeyed(cluster), "all is well")
        cluster.until(lambda: len(visitors.containers()) == 3, "the old one there has ended")
    assert visit.failures == []
    assert visitors.done_twice() == []


@pytest.mark.long
@pytest.mark.usefixtures("shop")
def test_a_node_that_nobody_reaches(visitors: Visitors, nodes: RealNodes) -> None:
    """What was sent to it by connections that stood is lost: no more requests than there were
    connections. All others are served elsewhere, also before anybody knows.
    """
    cluster = visitors.cluster
    edges = ("10.77.0.1", "10.77.0.2")
    with visitors.visiting("a node that nobody reaches", edges=edges) as visit:
        nodes.swallow("n3")
        cluster.until(lambda: is_unreachable(cluster, "n3"), "it is away")
        visitors.more(visit, 200)
        nodes.heal("n3")
        cluster.until(lambda: len(cluster.connected()) == 3, "it is back")
        cluster.until(lambda: cluster.ready() == 3 and obeyed(cluster), "all is well")
    assert {*visit.kinds} <= {"TimeoutError"}
    assert len(visit.failures) <= CONNECTIONS_MAX
    assert visitors.done_twice() == []


def test_a_version_that_fails_at_any_stage_costs_no_request(
    visitors: Visitors, shop: Street
) -> None:
    """H3, in short: each of the stages once."""
    go_through(visitors, shop, [*STAGES])


@pytest.mark.long
def test_a_hundred_versions_that_fail_cost_no_request(visitors: Visitors, shop: Street) -> None:
    """H3."""
    go_through(visitors, shop, [*islice(cycle(STAGES), ALL_OF_THEM)])


def go_through(visitors: Visitors, shop: Street, stages: list[str]) -> None:
    """The old one serves all the time, and nothing is left of those that fail."""
    settle(visitors, shop, **PROBES)
    total = 0
    for number, stage in enumerate(stages, start=1):
        keys = {"image": NEW, **STAGES[stage]}
        keys["env"] = {"ROUND": f"round-{new_id()}", **keys.get("env", {})}
        files = counting(visitors, **PROBES, **keys)
        # What was sent to a container that dies under it is sent again only if that does no harm.
        has_posts = stage != CRASHING
        with visitors.visiting(f"{number}/{len(stages)} {stage}", has_posts=has_posts) as visit:
            shop.deploy(files, top=visitors.cluster.toml, outcome="failed")
        total += visit.answered.total()
        assert visit.failures == [], stage
    print(f"H3: {len(stages)} versions that failed, {total:,} requests and none failed")
