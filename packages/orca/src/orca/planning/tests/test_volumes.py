"""What becomes of volumes when their service is removed, comes again, or is given up."""

from __future__ import annotations

import pytest

from orca.planning import (
    ALL_SLOTS,
    Deploy,
    Forget,
    GiveUp,
    NothingKept,
    VolumesInUse,
    dump,
    load,
    make_plan,
    volumes_on,
)
from orca.planning.tests.cluster import Cluster, declared, three_nodes


def removed_db() -> Cluster:
    """A cluster that a service with two kinds of volumes was removed from."""
    cluster = three_nodes()
    volumes = [
        {"name": "data", "path": "/data"},
        {"name": "shared", "path": "/shared", "per": "service"},
    ]
    cluster.deploy(declared(), declared("shop/db", volumes=volumes))
    cluster.deploy(declared(), is_whole=True)
    return cluster


def test_a_removed_service_with_volumes_ends_and_they_are_kept() -> None:
    """It was being removed for ever."""
    cluster = removed_db()
    assert "shop/db" not in cluster.state.services
    kept = cluster.state.kept["shop/db"]
    [home] = {*kept.homes.values()}
    assert [(volume.name, slot) for volume, slot in volumes_on(kept, home)] == [
        ("shared", ALL_SLOTS),
        ("data", 0),
    ]
    assert load(dump(cluster.state)).kept == cluster.state.kept
    cluster.wait(60)
    assert cluster.state.rests
    [line] = make_plan(cluster.state, Deploy((declared("shop/db"),)))
    assert line.words.endswith(f"it finds the volumes that were kept on {home}")


def test_what_comes_again_without_its_volumes_loses_none_of_them() -> None:
    cluster = removed_db()
    kept = cluster.state.kept["shop/db"]
    cluster.deploy(declared("shop/db"))
    assert cluster.running("shop/db")
    cluster.deploy(declared(), is_whole=True)
    assert cluster.state.kept["shop/db"] == kept


def test_volumes_are_given_up_only_on_purpose_and_by_no_service_that_is_deployed() -> None:
    cluster = removed_db()
    [home] = {*cluster.state.kept["shop/db"].homes.values()}
    with pytest.raises(NothingKept):
        cluster.tell(GiveUp("shop/none", home))
    other = next(name for name in cluster.state.nodes if name != home)
    cluster.tell(GiveUp("shop/db", other))
    assert "shop/db" in cluster.state.kept
    cluster.tell(Deploy((declared("shop/db"),)))
    with pytest.raises(VolumesInUse):
        cluster.tell(GiveUp("shop/db", home))
    cluster.deploy(declared(), is_whole=True)
    cluster.tell(GiveUp("shop/db", home))
    assert "shop/db" not in cluster.state.kept


def test_what_was_kept_on_a_forgotten_node_is_forgotten() -> None:
    cluster = removed_db()
    [home] = {*cluster.state.kept["shop/db"].homes.values()}
    cluster.tell(Forget(home))
    assert cluster.state.kept == {}
