"""Services that are built: the same files are the same image, other files another one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import msgspec

from orca.planning import (
    SEARCHES_MAX,
    Change,
    Declaration,
    Deploy,
    ImageAway,
    ImageFound,
    Redeploy,
    Rollback,
    Stop,
    build_of,
    built_already,
    is_built_anew,
    kept_for,
    make_plan,
    search_failed,
)
from orca.planning.tests.cluster import Cluster, declared, node
from orca.spec import Service

WEB = "shop/web"
FIRST, SECOND = "a" * 64, "b" * 64


def built(
    context: str = FIRST, name: str = WEB, build: dict[str, Any] | None = None, **fields: Any
) -> Declaration:
    made = declared(name, **fields)
    table = msgspec.to_builtins(made.service) | {"image": None, "build": build or {}}
    service = msgspec.convert(table, Service)
    return replace(made, service=service, digest="", is_sought=True, context=context)


def serving(image: str = "sha256:1", **fields: Any) -> Cluster:
    cluster = Cluster()
    cluster.join(node("n1"), node("n2"))
    cluster.deploy(built(**fields))
    cluster.tell(ImageFound(WEB, 1, image))
    cluster.wait()
    return cluster


def digests(cluster: Cluster) -> list[str]:
    return [copy.release.declared.digest for copy in cluster.service().copies]


def test_nothing_begins_before_it_is_built() -> None:
    cluster = Cluster()
    cluster.join(node("n1"))
    cluster.deploy(built())
    assert cluster.running() == {}
    assert cluster.service().waits == ("shop/web waits for its image. It is built.",)
    cluster.tell(ImageFound(WEB, 1, "sha256:1"))
    cluster.wait()
    assert digests(cluster) == ["sha256:1"]


def test_the_same_files_change_nothing() -> None:
    cluster = serving()
    before = cluster.running()
    [line] = make_plan(cluster.state, Deploy((built(),)))
    assert line.change is Change.UNCHANGED
    cluster.deploy(built())
    assert (cluster.running(), cluster.service().target.number) == (before, 1)
    assert not cluster.service().target.declared.is_sought


def test_other_files_are_built_anew_and_what_serves_stays_until_then() -> None:
    cluster = serving()
    before = cluster.running()
    [line] = make_plan(cluster.state, Deploy((built(SECOND),)))
    assert (line.change, line.fields) == (Change.REPLACED, ("build",))
    assert line.words == "replaced, new before old, because of build: built anew"
    cluster.deploy(built(SECOND), seconds=300)
    assert cluster.running() == before
    cluster.tell(ImageFound(WEB, 2, "sha256:2"))
    cluster.wait(60)
    assert digests(cluster) == ["sha256:2"]


def test_another_field_keeps_the_image_and_another_argument_does_not() -> None:
    cluster = serving()
    cluster.deploy(built(env={"A": "1"}), seconds=60)
    assert digests(cluster) == ["sha256:1"]
    cluster.deploy(built(replicas=2, env={"A": "1"}), seconds=60)
    assert digests(cluster) == ["sha256:1"] * 2
    cluster.deploy(built(build={"args": {"A": "1"}}, replicas=2, env={"A": "1"}))
    assert cluster.service().target.declared.is_sought


def test_a_folder_that_was_moved_changes_no_container() -> None:
    cluster = serving(build={"context": "web"})
    before = cluster.running()
    moved = built(build={"context": "other/web"})
    [line] = make_plan(cluster.state, Deploy((moved,)))
    assert line.words == "changes in place: the same build from another folder"
    cluster.deploy(moved)
    assert (cluster.running(), digests(cluster)) == (before, ["sha256:1"])


def test_an_image_instead_of_a_build_and_back() -> None:
    cluster = serving()
    cluster.deploy(declared(image="web:1"), seconds=60)
    assert digests(cluster) == ["sha256:web:1"]
    cluster.deploy(built(), seconds=60)
    assert cluster.service().target.declared.is_sought
    assert built_already(cluster.state, built()) == "sha256:1"


def test_a_build_that_failed_gives_way_at_once_and_the_old_one_serves_on() -> None:
    cluster = serving()
    before = cluster.running()
    cluster.deploy(built(SECOND))
    cluster.tell(ImageAway(WEB, 2, "n1 could not build it: no such file", is_final=True))
    assert cluster.service().target.number == 1
    assert cluster.service().verdict == (
        "Release 2 failed: n1 could not build it: no such file Release 1 serves on."
    )
    cluster.wait(60)
    assert cluster.running() == before


def test_a_first_build_that_failed_is_begun_again_when_it_is_deployed_again() -> None:
    cluster = Cluster()
    cluster.join(node("n1"))
    cluster.deploy(built())
    cluster.tell(ImageAway(WEB, 1, "no", is_final=True))
    assert search_failed(cluster.service()) == "no"
    rollout = cluster.service().rollout
    assert rollout
    assert rollout.tries == SEARCHES_MAX
    cluster.deploy(built())
    assert search_failed(cluster.service()) is None


def test_going_back_to_the_files_of_before_builds_nothing() -> None:
    """While the new ones are on their way, and after they have come."""
    cluster = serving()
    cluster.deploy(built(SECOND))
    cluster.deploy(built(FIRST), seconds=60)
    assert (cluster.service().target.number, digests(cluster)) == (1, ["sha256:1"])
    cluster.deploy(built(SECOND))
    cluster.tell(ImageFound(WEB, 3, "sha256:2"))
    cluster.wait(60)
    assert digests(cluster) == ["sha256:2"]
    assert built_already(cluster.state, built(FIRST)) == "sha256:1"
    cluster.tell(Rollback(WEB))
    cluster.wait(60)
    assert digests(cluster) == ["sha256:1"]


def test_redeploy_builds_again_and_nobody_takes_the_old_image_for_it() -> None:
    cluster = serving()
    cluster.tell(Redeploy(WEB, is_sought=True))
    assert is_built_anew(cluster.service().target.declared)
    cluster.tell(ImageFound(WEB, 2, "sha256:newer"))
    cluster.wait(60)
    assert digests(cluster) == ["sha256:newer"]
    assert not is_built_anew(cluster.service().target.declared)
    assert not is_built_anew(built())


def test_two_services_of_one_build_are_one_build() -> None:
    cluster = serving()
    other = built(name="shop/other", build={"context": "elsewhere"})
    assert build_of(other) == build_of(built())
    assert built_already(cluster.state, other) == "sha256:1"
    assert build_of(built(build={"dockerfile": "x"})) != build_of(built())
    assert build_of(built(SECOND)) != build_of(built())


def test_what_may_come_back_is_kept_and_what_is_gone_is_not() -> None:
    cluster = serving()
    cluster.deploy(built(SECOND))
    assert {FIRST, SECOND, "sha256:1"} <= kept_for(cluster.state)
    cluster.tell(ImageFound(WEB, 2, "sha256:2"))
    cluster.wait(60)
    cluster.tell(Stop(WEB))
    cluster.wait()
    assert {FIRST, SECOND, "sha256:1", "sha256:2"} <= kept_for(cluster.state)
    cluster.deploy(declared("shop/other"), is_whole=True, seconds=60)
    assert kept_for(cluster.state) <= {"", "sha256:other:1"}
