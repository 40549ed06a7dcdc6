"""Which image a release means: found out before anything of it begins, and kept with it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from orca.planning import (
    SEARCHES_MAX,
    Declaration,
    ImageAway,
    ImageFound,
    Redeploy,
    Rollback,
    is_id,
    is_pinned,
    search_failed,
)
from orca.planning.tests.cluster import Cluster, declared, node

WEB = "shop/web"


def sought(image: str = "web:1", **fields: Any) -> Declaration:
    return replace(declared(image=image, **fields), digest="", is_sought=True)


def digests(cluster: Cluster) -> list[str]:
    return [copy.release.declared.digest for copy in cluster.service().copies]


def serving(image: str = "web:1", digest: str = "web@sha256:1", **fields: Any) -> Cluster:
    cluster = Cluster()
    cluster.join(node("n1"), node("n2"))
    cluster.deploy(sought(image, **fields))
    cluster.tell(ImageFound(WEB, 1, digest))
    cluster.wait()
    return cluster


def test_nothing_begins_before_it_is_known_which_image_it_is() -> None:
    cluster = Cluster()
    cluster.join(node("n1"))
    cluster.deploy(sought(replicas=2))
    assert cluster.running() == {}
    assert cluster.service().waits == ("shop/web waits for its image. It is looked up.",)
    cluster.tell(ImageAway(WEB, 1, "n1 says: The registry hangs."))
    assert cluster.service().waits == (
        "shop/web waits for its image. n1 says: The registry hangs.",
    )
    cluster.tell(ImageFound(WEB, 1, "web@sha256:1"))
    cluster.wait()
    assert digests(cluster) == ["web@sha256:1"] * 2
    assert cluster.service().history[-1].declared.digest == "web@sha256:1"


def test_what_serves_stays_until_the_image_of_its_successor_is_known() -> None:
    """With a volume too, where the old one goes first."""
    for volumes in ([], [{"name": "data", "path": "/data"}]):
        cluster = serving(volumes=volumes)
        before = cluster.running()
        cluster.deploy(sought("web:2", volumes=volumes), seconds=300)
        assert cluster.running() == before
        cluster.tell(ImageFound(WEB, 2, "web@sha256:2"))
        cluster.wait(60)
        assert digests(cluster) == ["web@sha256:2"]


def test_an_image_that_is_not_to_be_had_gives_way_to_what_served() -> None:
    cluster = serving()
    before = cluster.running()
    cluster.deploy(sought("web:2"))
    for _ in range(SEARCHES_MAX):
        assert cluster.service().target.number == 2
        cluster.tell(ImageAway(WEB, 2, "n1 says: There is no image web:2."))
    assert cluster.service().target.number == 1
    assert cluster.service().verdict == (
        "Release 2 failed: n1 says: There is no image web:2. Release 1 serves on."
    )
    cluster.wait(60)
    assert cluster.running() == before


def test_a_first_release_in_vain_is_looked_for_anew_when_it_is_deployed_again() -> None:
    cluster = Cluster()
    cluster.join(node("n1"))
    cluster.deploy(sought())
    for _ in range(SEARCHES_MAX):
        cluster.tell(ImageAway(WEB, 1, "n1 says: The registry hangs."))
    assert search_failed(cluster.service()) == "n1 says: The registry hangs."
    cluster.deploy(sought())
    assert search_failed(cluster.service()) is None
    assert cluster.service().target.number == 1
    cluster.tell(ImageFound(WEB, 1, "web@sha256:1"))
    cluster.wait()
    assert digests(cluster) == ["web@sha256:1"]


def test_that_nobody_could_be_asked_is_no_failure() -> None:
    cluster = serving()
    cluster.deploy(sought("web:2"))
    for _ in range(SEARCHES_MAX * 3):
        cluster.tell(ImageAway(WEB, 2, "Nobody is there.", is_try=False))
    assert cluster.service().target.number == 2


def test_a_rollback_goes_back_to_the_same_image_wherever_its_name_went() -> None:
    cluster = serving()
    cluster.tell(Redeploy(WEB, is_sought=True))
    cluster.tell(ImageFound(WEB, 2, "web@sha256:2"))
    cluster.wait(60)
    assert digests(cluster) == ["web@sha256:2"]
    cluster.tell(Rollback(WEB))
    cluster.wait(60)
    assert digests(cluster) == ["web@sha256:1"]


def test_a_rollback_brings_as_many_as_its_release_had_last() -> None:
    """A release that was changed in place goes back to what it was then, not to how it began."""
    cluster = serving(replicas=1)
    cluster.deploy(sought(replicas=3))
    cluster.deploy(sought("web:2", replicas=3))
    cluster.tell(ImageFound(WEB, 2, "web@sha256:2"))
    cluster.wait(60)
    cluster.tell(Rollback(WEB))
    cluster.wait(60)
    assert digests(cluster) == ["web@sha256:1"] * 3


def test_another_field_with_the_same_name_keeps_the_image() -> None:
    """The plan has shown a change of `env`; it has not shown another image."""
    cluster = serving()
    cluster.deploy(sought(env={"A": "1"}), seconds=60)
    assert digests(cluster) == ["web@sha256:1"]
    cluster.deploy(sought("web:2", env={"A": "1"}))
    assert cluster.service().target.declared.is_sought


def test_an_answer_that_comes_too_late_changes_nothing() -> None:
    cluster = serving()
    cluster.deploy(sought("web:2"))
    cluster.deploy(sought("web:3"))
    before = cluster.service()
    cluster.tell(ImageFound(WEB, 2, "web@sha256:2"))
    cluster.tell(ImageAway(WEB, 2, "too late"))
    cluster.tell(ImageFound("shop/gone", 1, "x"))
    assert cluster.service() == before


@pytest.mark.parametrize(
    ("name", "pinned", "local"),
    [
        ("web:1", False, False),
        ("reg.example:5000/a/web", False, False),
        ("reg.example/web@sha256:0a", True, False),
        ("sha256:0a", True, True),
    ],
)
def test_names_that_cannot_move_are_known(name: str, pinned: bool, local: bool) -> None:
    assert (is_pinned(name), is_id(name)) == (pinned, local)
