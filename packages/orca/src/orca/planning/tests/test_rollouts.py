"""New before old, what serves stays, and what fails gives way."""

from __future__ import annotations

from dataclasses import replace

import pytest

from orca.planning import (
    Abort,
    Deploy,
    Drain,
    NoRollout,
    NothingToGoBackTo,
    Phase,
    Promote,
    Redeploy,
    Resume,
    Rollback,
    Scale,
    Seen,
    State,
    Stop,
)
from orca.planning.tests.cluster import Cluster, declared, node, three_nodes
from orca.scheduling import CopyId

NEVER = Seen(CopyId("", 0, 0), is_ready=False, reason="exit code 1")
CRASHING = replace(NEVER, crashes=3)


def serving(state: State, name: str = "shop/web") -> int:
    return sum(map(state.is_available, state.services[name].copies))


def never_fewer_than(count: int, name: str = "shop/web") -> Cluster:
    """A cluster that is watched: the control plane never lets so few serve."""
    cluster = three_nodes()

    def watch(before: State, after: State) -> None:
        if name in before.services and serving(before, name) >= count:
            assert serving(after, name) >= count

    cluster.deploy(declared(name, replicas=count))
    cluster.watches.append(watch)
    return cluster


def test_a_service_is_deployed_spread_and_routed() -> None:
    cluster = three_nodes()
    cluster.deploy(declared(replicas=3))
    assert sorted(cluster.running().values()) == ["a", "b", "c"]
    assert sum(cluster.shares().values()) == 10_000
    assert cluster.tables["a"] == cluster.state.routes
    assert cluster.service().rollout is None


def test_the_same_deploy_again_changes_no_container() -> None:
    """Scenario 2."""
    cluster = three_nodes()
    cluster.deploy(declared(replicas=2))
    before, revision = cluster.running(), cluster.state.revision
    cluster.deploy(declared(replicas=2))
    assert (cluster.running(), cluster.state.revision) == (before, revision)


def test_a_new_version_replaces_the_old_one_by_one_and_never_fewer_serve() -> None:
    """Scenario 6. D10 and the rolling update of the reference, which stops the old first."""
    cluster = never_fewer_than(3)
    cluster.deploy(declared(replicas=3, image="web:2"), seconds=60)
    assert cluster.images() == ["web:2"] * 3
    assert cluster.service().rollout is None


def test_a_version_that_never_gets_ready_gives_way_and_the_old_containers_stay() -> None:
    """Scenario 6, second half."""
    cluster = never_fewer_than(2)
    before = cluster.running()
    cluster.broken["web:2"] = NEVER
    new = declared(replicas=2, image="web:2", deploy={"ready_within_secs": 20})
    cluster.deploy(new, seconds=60)
    assert cluster.running() == before
    assert cluster.service().verdict == (
        "Release 2 failed: shop/web.0.g3 on a was not ready within 20 s (exit code 1). "
        "Release 1 serves on."
    )


def test_a_version_that_crashes_is_given_up_at_once() -> None:
    cluster = never_fewer_than(2)
    cluster.broken["web:2"] = CRASHING
    cluster.deploy(declared(replicas=2, image="web:2"), seconds=10)
    assert "ended 3 times (exit code 1)" in cluster.service().verdict
    assert cluster.images() == ["web:1"] * 2


def test_without_rollback_the_old_stays_and_nothing_more_is_begun() -> None:
    cluster = never_fewer_than(2)
    cluster.broken["web:2"] = CRASHING
    cluster.deploy(declared(replicas=2, image="web:2", deploy={"rollback": False}), seconds=60)
    assert cluster.images() == ["web:1"] * 2
    rollout = cluster.service().rollout
    assert rollout
    assert rollout.has_failed
    del cluster.broken["web:2"]
    cluster.deploy(declared(replicas=2, image="web:3"), seconds=60)
    assert cluster.images() == ["web:3"] * 2


def test_a_failure_half_way_brings_the_old_version_back_everywhere() -> None:
    cluster = never_fewer_than(3)
    cluster.tell(Deploy((declared(replicas=3, image="web:2"),)))
    cluster.report("a")
    ready = {copy.release.number for copy in cluster.service().copies if copy.is_ready}
    assert ready == {1, 2}
    cluster.broken["web:2"] = CRASHING
    cluster.watches.clear()
    cluster.wait(60)
    assert cluster.images() == ["web:1"] * 3


def test_as_many_may_be_missing_as_the_declaration_says_and_as_many_more_stand() -> None:
    cluster = three_nodes()
    deploy = {"max_surge": 0, "max_unavailable": 2}
    cluster.deploy(declared(replicas=4, deploy=deploy))
    seen: list[tuple[int, int]] = []

    def watch(_before: State, after: State) -> None:
        live = sum(copy.is_live for copy in after.services["shop/web"].copies)
        seen.append((serving(after), live))

    cluster.watches.append(watch)
    cluster.deploy(declared(replicas=4, image="web:2", deploy=deploy), seconds=60)
    assert cluster.images() == ["web:2"] * 4
    assert (min(seen)[0], max(most for _, most in seen)) == (2, 4)


def test_an_old_copy_does_not_go_first_when_nothing_could_follow() -> None:
    """The old stays when the new has no place: the reference has stopped it by then."""
    cluster = three_nodes()
    volumes = [{"name": "data", "path": "/data"}]
    cluster.deploy(declared(volumes=volumes))
    before = cluster.running()
    cluster.deploy(declared(volumes=volumes, resources={"memory": "64Gi"}), seconds=60)
    assert cluster.running() == before
    assert "65536 MiB of memory are asked for" in cluster.service().waits[0]


def test_with_a_volume_the_old_container_is_gone_before_the_new_one_begins() -> None:
    cluster = three_nodes()
    volumes = [{"name": "data", "path": "/data"}]
    cluster.deploy(declared(volumes=volumes))
    [home] = cluster.running().values()

    def watch(_before: State, after: State) -> None:
        assert len(after.services["shop/web"].copies) <= 1

    cluster.watches.append(watch)
    cluster.deploy(declared(volumes=volumes, image="web:2"), seconds=60)
    assert cluster.running() == {"shop/web.0.g2": home}
    assert cluster.images() == ["web:2"]


def test_a_volume_is_found_again_after_less_and_more_and_stop() -> None:
    """Scenario 5; the mistake of the reference: volumes belong to names that come and go."""
    cluster = three_nodes()
    cluster.deploy(declared(replicas=3, volumes=[{"name": "data", "path": "/data"}]))
    homes = dict(cluster.service().homes)
    cluster.tell(Scale("shop/web", 1))
    cluster.wait()
    assert len(cluster.running()) == 1
    cluster.tell(Stop("shop/web"))
    cluster.wait()
    assert cluster.running() == {}
    cluster.tell(Resume("shop/web"))
    cluster.tell(Scale("shop/web", 3))
    cluster.wait()
    assert {copy.id.slot: copy.node for copy in cluster.service().copies} == homes


def test_a_volume_that_slots_share_brings_them_to_one_node() -> None:
    cluster = three_nodes()
    shared = [{"name": "data", "path": "/data", "per": "service"}]
    cluster.deploy(declared(replicas=3, volumes=shared))
    assert len(set(cluster.running().values())) == 1
    assert len(cluster.running()) == 3


def test_more_and_fewer_replicas_keep_those_that_stay() -> None:
    """D11: with another image and another count at once the reference mixes versions."""
    cluster = never_fewer_than(1)
    [first] = cluster.running()
    cluster.tell(Scale("shop/web", 10))
    cluster.wait()
    assert len(cluster.running()) == 10
    assert first in cluster.running()
    cluster.deploy(declared(replicas=4, image="web:2"), seconds=90)
    assert cluster.images() == ["web:2"] * 4


def test_a_scale_by_hand_stays_until_the_declaration_says_another_number() -> None:
    cluster = three_nodes()
    cluster.deploy(declared(replicas=2))
    cluster.tell(Scale("shop/web", 3))
    cluster.deploy(declared(replicas=2, domain="other.example"))
    assert len(cluster.running()) == 3
    cluster.deploy(declared(replicas=1))
    assert len(cluster.running()) == 1


def test_a_stopped_service_stays_stopped_until_it_is_resumed() -> None:
    """D13: in the reference it comes back with the next start of the control plane."""
    cluster = three_nodes()
    cluster.deploy(declared())
    cluster.tell(Stop("shop/web"))
    cluster.wait()
    cluster.deploy(declared(image="web:2"))
    assert cluster.running() == {}
    cluster.tell(Resume("shop/web"))
    cluster.wait()
    assert cluster.images() == ["web:2"]


def test_a_canary_gets_its_share_beside_the_others_and_stays_through_deploys() -> None:
    """Scenario 14 and D12: in the reference the next deploy takes the canary away."""
    cluster = never_fewer_than(4)
    canary = {"strategy": "canary", "canary_weight": 20}
    new = declared(replicas=4, image="web:2", deploy=canary)
    for _ in range(2):
        cluster.deploy(new)
        assert cluster.images() == ["web:1"] * 4 + ["web:2"]
    shares = cluster.shares()
    assert sum(shares.values()) == 10_000
    [share] = [
        shares[str(copy.id)] for copy in cluster.service().copies if copy.release.number == 2
    ]
    assert share == 2_000
    cluster.tell(Promote("shop/web"))
    cluster.wait(60)
    assert cluster.images() == ["web:2"] * 4
    with pytest.raises(NoRollout):
        cluster.tell(Promote("shop/web"))


def test_a_canary_that_is_aborted_or_fails_leaves_what_was() -> None:
    cluster = never_fewer_than(3)
    before = cluster.running()
    canary = {"strategy": "canary"}
    cluster.deploy(declared(replicas=3, image="web:2", deploy=canary))
    cluster.tell(Abort("shop/web"))
    cluster.wait()
    assert cluster.running() == before
    assert cluster.service().verdict == "Release 2 was aborted."
    cluster.broken["web:3"] = CRASHING
    cluster.deploy(declared(replicas=3, image="web:3", deploy=canary))
    assert cluster.running() == before
    assert "Release 3 failed" in cluster.service().verdict


def test_rollback_goes_back_by_digest_and_twice_goes_back_twice() -> None:
    """D10: in the reference two rollbacks bring the bad version back."""
    cluster = never_fewer_than(1)
    for number in (2, 3):
        cluster.deploy(declared(image=f"web:{number}"), seconds=60)
    digests = []
    for _ in range(2):
        cluster.tell(Rollback("shop/web"))
        cluster.wait(60)
        digests.append(cluster.service().target.declared.digest)
    assert digests == ["sha256:web:2", "sha256:web:1"]
    assert cluster.images() == ["web:1"]
    with pytest.raises(NothingToGoBackTo, match="before this one"):
        cluster.tell(Rollback("shop/web"))
    cluster.tell(Rollback("shop/web", to=3))
    cluster.wait(60)
    assert cluster.images() == ["web:3"]


def test_nobody_goes_back_to_what_never_served() -> None:
    cluster = three_nodes()
    cluster.deploy(declared())
    cluster.broken["web:2"] = CRASHING
    cluster.deploy(declared(image="web:2"), seconds=60)
    with pytest.raises(NothingToGoBackTo):
        cluster.tell(Rollback("shop/web", to=2))


def test_two_unwanted_versions_in_one_slot_leave_room_for_the_one_that_is_wanted() -> None:
    """Found by the simulation: both served, and each waited for a successor that had no room."""
    cluster = three_nodes()
    cluster.deploy(declared())
    two = declared(image="web:2", replicas=2, deploy={"max_unavailable": 1})
    for number, new in ((2, two), (3, declared(image="web:3", replicas=3))):
        cluster.tell(Deploy((new,)))
        [at] = [
            copy.node
            for copy in cluster.service().copies
            if (copy.id.slot, copy.release.number) == (0, number)
        ]
        cluster.report(at)
    ready = [copy.release.number for copy in cluster.service().copies if copy.is_ready]
    assert sorted(ready)[-2:] == [2, 3]
    cluster.tell(Abort("shop/web"))
    cluster.wait(60)
    assert cluster.service().rollout is None
    assert cluster.images() == ["web:1"]


def test_an_old_copy_that_cannot_go_first_says_why() -> None:
    """Found by the simulation: without surge, and with all nodes drained, nothing was said."""
    cluster = three_nodes()
    deploy = {"max_surge": 0, "max_unavailable": 1}
    cluster.deploy(declared(deploy=deploy))
    for name in "bca":
        cluster.tell(Drain(name))
    before = cluster.running()
    cluster.deploy(declared(image="web:2", deploy=deploy))
    assert cluster.running() == before
    assert "it is being drained" in cluster.service().waits[0]


def test_redeploy_brings_new_containers_of_the_same_declaration() -> None:
    cluster = never_fewer_than(2)
    before = set(cluster.running())
    cluster.tell(Redeploy("shop/web", digest="sha256:newer"))
    cluster.wait(60)
    assert len(cluster.running()) == 2
    assert not before & set(cluster.running())
    assert cluster.service().target.declared.digest == "sha256:newer"


def test_a_deploy_in_the_middle_of_another_goes_on_from_what_served() -> None:
    cluster = never_fewer_than(3)
    cluster.broken["web:2"] = NEVER
    cluster.deploy(declared(replicas=3, image="web:2"), seconds=5)
    cluster.deploy(declared(replicas=3, image="web:3"), seconds=60)
    assert cluster.images() == ["web:3"] * 3
    cluster.broken["web:4"] = NEVER
    before = cluster.running()
    cluster.deploy(declared(replicas=3, image="web:4"), seconds=5)
    cluster.deploy(declared(replicas=3, image="web:3"), seconds=60)
    assert cluster.running() == before


def test_a_dependent_waits_for_what_it_depends_on_and_says_so() -> None:
    """Scenario 15; in the reference only the order of one call is kept."""
    cluster = three_nodes()
    cluster.broken["db:1"] = NEVER
    web = declared(depends_on=["shop/db"])
    cluster.deploy(web, declared("shop/db"))
    assert cluster.running() == {}
    assert cluster.service().waits == ("shop/web waits for shop/db, which does not serve yet.",)
    cluster.broken.clear()
    cluster.wait()
    assert len(cluster.running()) == 1
    cluster.broken["db:1"] = NEVER
    cluster.wait(10)
    assert len(cluster.running()) == 1, "what has served does not wait again"


def test_what_is_not_ready_gets_no_request() -> None:
    """Scenario 9."""
    cluster = three_nodes()
    cluster.deploy(declared(replicas=2))
    assert len(cluster.shares()) == 2
    cluster.broken["web:1"] = NEVER
    cluster.wait(2)
    assert cluster.shares() == {}
    cluster.broken.clear()
    cluster.wait(2)
    assert len(cluster.shares()) == 2
    assert all(copy.id.generation <= 2 for copy in cluster.service().copies), "none was replaced"


def test_a_copy_ends_only_after_every_proxy_has_let_go_of_it() -> None:
    cluster = three_nodes()
    cluster.deploy(declared(deploy={"drain_secs": 0}))
    old = cluster.service().copies[0].id
    cluster.tell(Scale("shop/web", 0))
    [copy] = cluster.service().copies
    assert copy.phase is Phase.DRAINING
    assert old in {each for fake in cluster.nodes.values() for each in fake.wanted}
    for name in ("a", "b"):
        cluster.report(name)
        assert cluster.service().copies[0].phase is Phase.DRAINING
    cluster.report("c")
    cluster.wait(3)
    assert cluster.service().copies == ()


def test_labels_of_a_node_that_change_move_only_what_no_longer_fits() -> None:
    cluster = Cluster()
    cluster.join(node("a", labels={"zone": "n"}), node("b", labels={"zone": "n"}))
    cluster.deploy(declared(replicas=2, placement={"labels": {"zone": "n"}}))
    stays = next(name for name, at in cluster.running().items() if at == "a")
    cluster.join(node("b", labels={"zone": "s"}))
    cluster.wait(30)
    assert stays in cluster.running()
    assert set(cluster.running().values()) == {"a"}
