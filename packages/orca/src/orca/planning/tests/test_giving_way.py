"""What a version gives way to that fails."""

from __future__ import annotations

from dataclasses import replace

from orca.planning import Deploy, Rollout, Seen
from orca.planning.tests.cluster import declared, three_nodes
from orca.scheduling import CopyId

NEVER = Seen(CopyId("", 0, 0), is_ready=False, reason="exit code 1")
CRASHING = replace(NEVER, crashes=3)


def test_a_deploy_while_the_old_version_comes_back_can_fail_as_well() -> None:
    """What is gone back to is what this one gives way to; nothing of the first is left either."""
    cluster = three_nodes()
    cluster.deploy(declared(replicas=3))
    cluster.tell(Deploy((declared(replicas=3, image="web:2"),)))
    cluster.report("a")
    cluster.broken["web:2"] = CRASHING
    back = Rollout(None, is_back=True)
    for _ in range(60):
        cluster.wait(0 if cluster.service().rollout == back else 1)
    assert cluster.service().rollout == back
    cluster.broken["web:3"] = NEVER
    cluster.deploy(declared(replicas=3, image="web:3"), seconds=900)
    assert "Release 1 serves on." in cluster.service().verdict
    assert cluster.images() == ["web:1"] * 3
    assert cluster.service().rollout is None
