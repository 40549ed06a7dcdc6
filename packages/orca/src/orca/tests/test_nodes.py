"""Scenarios of the specification on three nodes with real engines; each test names its numbers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from basis.ids import new_id
from orca.testing import RealNodes
from orca.tests.running import ADDRESSES, Running, running_on, started, web

pytestmark = pytest.mark.allow_hosts(ADDRESSES)

HEALTH = '"/healthz"'
NODES = """
[[node]]
name = "n1"
address = "10.77.0.1"
labels = { zone = "quay" }
[[node]]
name = "n2"
address = "10.77.0.2"
labels = { zone = "quay" }
[[node]]
name = "n3"
address = "10.77.0.3"
labels = { zone = "pier" }
"""


@pytest.fixture
def cluster(nodes: RealNodes, tmp_path: Path) -> Iterator[Running]:
    with started(running_on(nodes, tmp_path, f"c{new_id()[-12:]}")) as made:
        made.toml = NODES
        yield made


def test_scenario_21_labels_spread_and_why_not(cluster: Running) -> None:
    """Replicas go apart; labels hold; who has no place is told why, node by node."""
    cluster.deploy(web(replicas=3, health=HEALTH))
    assert sorted(cluster.places().values()) == ["n1", "n2", "n3"]
    assert cluster.pages() == ["test/web:1"] * 3

    pier = '[service.placement]\nlabels = { zone = "pier" }'
    said = cluster.deploy(web(replicas=1, health=HEALTH), pier)
    assert "changes in place: replicas 3 → 1, placement" in said
    cluster.until(lambda: list(cluster.places().values()) == ["n3"], "only n3 has the label")

    nowhere = '[service.placement]\nlabels = { zone = "lagoon" }'
    project = str(cluster.write(web(replicas=1, health=HEALTH), nowhere))
    cluster.orca("deploy", project, "--yes", "--no-wait")
    cluster.until(lambda: bool(cluster.waits()), "it says why it waits")
    [words] = cluster.waits()
    for name in ("n1", "n2", "n3"):
        assert f"{name}: " in words
    assert list(cluster.places().values()) == ["n3"]
