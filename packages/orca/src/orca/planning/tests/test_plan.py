"""What a change of the declaration means: for containers, for requests, and in words."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from orca.planning import (
    AROUND,
    MADE_OF,
    Change,
    Deploy,
    EmptyDeploy,
    fingerprint,
    make_plan,
)
from orca.planning.tests.cluster import declared, three_nodes
from orca.spec import Service

# Another value for every field; a new field fails until it stands here.
OTHER: dict[str, Any] = {
    "image": "web:2",
    "build": {"context": "web"},
    "command": ["serve"],
    "port": 81,
    "env": {"A": "${secrets.A}"},
    "resources": {"memory": "300Mi"},
    "volumes": [{"name": "data", "path": "/data"}],
    "mounts": [{"host": "/srv/a", "path": "/a"}],
    "network": "back",
    "aliases": ["rest"],
    "replicas": 3,
    "domain": "other.example",
    "domains": ["more.example"],
    "routes": ["/api"],
    "strip_prefix": True,
    "rate_limit": {"per_second": 5, "burst": 5},
    "health": "/ok",
    "readiness": {"tcp": True},
    "liveness": {"tcp": True},
    "placement": {"spread": "none"},
    "depends_on": ["shop/other"],
    "stop_grace_secs": 3,
    "deploy": {"max_surge": 2},
}


def test_every_field_is_either_in_the_container_or_around_it() -> None:
    """D21: in the reference a change of most fields changes nothing."""
    fields = {field.name for field in msgspec.structs.fields(Service)}
    assert set(MADE_OF) | set(AROUND) == fields
    assert not set(MADE_OF) & set(AROUND)
    assert set(OTHER) == fields - {"name"}


@pytest.mark.parametrize("field", sorted(OTHER))
def test_one_field_changes_exactly_its_service(field: str) -> None:
    """Scenario 3: the other service keeps its containers, and this one too if it can."""
    cluster = three_nodes()
    cluster.deploy(declared(replicas=2), declared("shop/other"))
    web, other = cluster.running(), cluster.running("shop/other")
    new = declared(**{"replicas": 2, field: OTHER[field]})
    [line] = make_plan(cluster.state, Deploy((new,)))
    assert line.change is (Change.REPLACED if field in MADE_OF else Change.IN_PLACE)
    assert line.fields == (field,)
    cluster.deploy(new, declared("shop/other"), seconds=40)
    assert cluster.running("shop/other") == other
    assert bool(set(web) & set(cluster.running())) is (field in AROUND)
    told = [each for each in cluster.state.services["shop/web"].copies if each.is_live]
    assert len(told) == cluster.service().replicas
    assert getattr(cluster.service().spec, field) == getattr(new.service, field)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"command": ["false"]}, {"command": ["true"]}),
        ({"command": ["true"]}, {"command": ["true"], "timeout_secs": 9}),
        ({"command": ["true"]}, {"tcp": True}),
        ({"tcp": True}, {"command": ["true"]}),
    ],
)
def test_a_command_that_asks_inside_needs_a_new_container(
    before: dict[str, Any], after: dict[str, Any]
) -> None:
    """The engine asks by what the container was made with: in place it would ask the old one."""
    cluster = three_nodes()
    cluster.deploy(declared(readiness=before))
    new = declared(readiness=after)
    [line] = make_plan(cluster.state, Deploy((new,)))
    assert line.change is Change.REPLACED
    assert "because of readiness" in line.words
    assert fingerprint(new.service) != fingerprint(declared(readiness=before).service)


def test_what_changes_in_place_reaches_the_nodes() -> None:
    cluster = three_nodes()
    cluster.deploy(declared())
    [at] = cluster.running().values()
    applied = cluster.nodes[at].applied
    cluster.deploy(declared(liveness={"tcp": True}))
    assert cluster.nodes[at].applied > applied


def test_a_secret_is_compared_by_its_name() -> None:
    """Scenario 4 and the post: a token that was refreshed restarts nothing."""
    one = declared(env={"A": "${secrets.TOKEN}"}).service
    assert fingerprint(one) == fingerprint(declared(env={"A": "${secrets.TOKEN}"}).service)
    assert fingerprint(one) != fingerprint(declared(env={"A": "${secrets.OTHER}"}).service)


def test_the_order_of_a_table_does_not_matter() -> None:
    one, two = declared(env={"A": "1", "B": "2"}), declared(env={"B": "2", "A": "1"})
    assert fingerprint(one.service) == fingerprint(two.service)
    cluster = three_nodes()
    cluster.deploy(one)
    [line] = make_plan(cluster.state, Deploy((two,)))
    assert line.change is Change.UNCHANGED


def test_another_image_under_the_same_name_changes_nothing_by_itself() -> None:
    """A tag that moved is not a change of what is declared; `redeploy` takes it up."""
    cluster = three_nodes()
    cluster.deploy(declared())
    before = cluster.running()
    moved = declared()
    cluster.deploy(type(moved)(moved.id, moved.service, (), "sha256:moved"))
    assert cluster.running() == before
    assert cluster.service().target.declared.digest == "sha256:web:1"


def test_a_plan_says_what_happens_and_never_a_value() -> None:
    cluster = three_nodes()
    cluster.deploy(
        declared(env={"KEY": "hunter2", "B": "1"}), declared("shop/db"), declared("shop/old")
    )
    state = cluster.state
    new = (
        declared(image="web:2", env={"KEY": "hunter3", "B": "1"}),
        declared("shop/db"),
        declared("shop/api", replicas=2),
    )
    plan = make_plan(state, Deploy(new, is_whole=True))
    assert [str(line) for line in plan] == [
        "+ shop/api: new, 2 × api:1",
        "= shop/db: unchanged",
        "- shop/old: removed",
        (
            "~ shop/web: replaced, new before old, because of image, env: "
            "image web:1 → web:2, env (KEY)"
        ),
    ]
    assert "hunter" not in str(plan)


def test_a_whole_deploy_removes_what_is_not_declared_and_an_empty_one_is_refused() -> None:
    cluster = three_nodes()
    cluster.deploy(declared(), declared("shop/old"))
    with pytest.raises(EmptyDeploy):
        cluster.tell(Deploy((), is_whole=True))
    cluster.deploy(declared())
    assert cluster.running("shop/old")
    cluster.deploy(declared(), is_whole=True)
    assert not cluster.running("shop/old")
    assert "shop/old" not in cluster.state.services


def test_what_was_removed_and_comes_again_finds_its_volume() -> None:
    cluster = three_nodes()
    volumes = [{"name": "data", "path": "/data"}]
    cluster.deploy(declared(), declared("shop/db", volumes=volumes))
    home = cluster.service("shop/db").homes
    cluster.deploy(declared(), is_whole=True)
    cluster.join(*[each.node for each in cluster.state.nodes.values()])
    cluster.deploy(declared(), declared("shop/db", volumes=volumes))
    assert cluster.service("shop/db").homes == home
    assert len(cluster.running("shop/db")) == 1
