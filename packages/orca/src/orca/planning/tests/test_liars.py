"""Nodes that say they obey what nobody gave: one is wrong alone, half of them are believed."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orca.planning import (
    AHEAD_BELIEVED,
    COUNT_MAX,
    REVISIONS_AHEAD,
    Behind,
    Copy,
    Deploy,
    Lead,
    NoSuchNode,
    Phase,
    Report,
)
from orca.planning.tests.cluster import Cluster, declared, node, three_nodes

DATA = [{"name": "data", "path": "/data"}]


def lying(number: int = COUNT_MAX, name: str = "c") -> Cluster:
    """One node has found a wrong number on its disk; what it runs is right."""
    cluster = three_nodes()
    cluster.deploy(declared(replicas=3))
    cluster.nodes[name].applied = cluster.nodes[name].routes = number
    cluster.wait(3)
    return cluster


@pytest.mark.parametrize("number", [2_000, 1 << 40, COUNT_MAX])
def test_one_that_is_alone_stops_nobody(number: int) -> None:
    """R2: it froze every decision of the cluster."""
    cluster = lying(number)
    cluster.deploy(declared(replicas=3, image="web:2"), seconds=60)
    assert cluster.state.ahead is None
    assert cluster.images().count("web:2") == 3
    service = cluster.service()
    assert service.rollout is None, "the release has arrived"
    assert {copy.node for copy in service.copies if copy.is_live} == {"a", "b"}
    assert {copy.node for copy in service.copies if not copy.is_live} == {"c"}, (
        "a proxy that is not believed is waited for by nobody"
    )


def test_what_it_was_to_begin_is_begun_elsewhere() -> None:
    """It lost its head in the middle of a deploy: the release neither fails nor waits for it."""
    cluster = three_nodes()
    cluster.deploy(declared(replicas=3))
    cluster.nodes["c"].is_deaf = True
    cluster.deploy(declared(replicas=3, image="web:2"), seconds=0)
    for _ in range(60):
        if any(copy.node == "c" and copy.phase is Phase.STARTING for copy in copies_of(cluster)):
            break
        cluster.wait(1)
    else:
        raise AssertionError("nothing new was to begin on c")
    cluster.nodes["c"].applied = COUNT_MAX
    cluster.wait(300)
    assert cluster.service().verdict == ""
    live = [copy for copy in copies_of(cluster) if copy.is_live]
    assert [copy.release.service.image for copy in live] == ["web:2"] * 3
    assert {copy.node for copy in live} == {"a", "b"}


def copies_of(cluster: Cluster) -> tuple[Copy, ...]:
    return cluster.service().copies


def test_it_is_named_and_nothing_new_goes_there() -> None:
    cluster = lying()
    assert cluster.state.doubts() == {
        "c": f"c says that it obeys revision {COUNT_MAX}, and the newest that was ever given here "
        f"is {cluster.state.revision}. It is not believed: what runs on it goes on, nothing new "
        "goes there, and it does not hear what is wanted. To have it told anew: orca nodes lead c"
    }
    cluster.deploy(declared("shop/till", placement={"node": "c"}))
    [why] = cluster.service("shop/till").waits
    assert "c: it says that it obeys revision" in why


def test_after_a_word_it_is_told_anew_and_is_believed_again() -> None:
    cluster = lying()
    cluster.deploy(declared(replicas=3, image="web:2"), seconds=60)
    revision = cluster.state.revision
    cluster.tell(Lead("c"))
    cluster.wait(60)
    assert cluster.state.doubts() == {}
    assert cluster.images() == ["web:2"] * 3
    assert cluster.nodes["c"].applied < revision + 100, "the cluster's own count never leapt"
    cluster.deploy(declared(replicas=3, image="web:3"), seconds=60)
    assert cluster.images() == ["web:3"] * 3


def test_who_says_that_a_little_more_was_given_stays_doubted_when_that_many_were() -> None:
    """Else it would seem to obey a revision that it never heard."""
    cluster = lying(number=three_deployed() + 4)
    for release in range(2, 6):
        cluster.nodes["c"].is_deaf = True
        cluster.deploy(declared(replicas=3, image=f"web:{release}"), seconds=40)
    assert cluster.state.revision > cluster.nodes["c"].applied
    assert "c" in cluster.state.doubts()
    cluster.nodes["c"].is_deaf = False
    cluster.wait()
    assert cluster.state.doubts() == {}, "what is newer than what it claims it obeys by itself"


def three_deployed() -> int:
    cluster = three_nodes()
    cluster.deploy(declared(replicas=3))
    return cluster.state.revision


def test_of_two_half_are_believed_until_a_person_says_which_one_is_wrong() -> None:
    cluster = Cluster()
    cluster.join(node("a"), node("b"))
    cluster.deploy(declared(replicas=2))
    cluster.nodes["b"].applied = 5_000
    cluster.wait(3)
    assert "orca nodes lead b" in (cluster.state.ahead or "")
    with pytest.raises(Behind):
        cluster.deploy(declared(replicas=2, image="web:2"))
    cluster.tell(Lead("b"))
    cluster.deploy(declared(replicas=2, image="web:2"), seconds=60)
    assert cluster.images() == ["web:2", "web:2"]
    assert cluster.state.revision < 1_000


def test_all_who_say_what_cannot_be_are_not_believed_either() -> None:
    """No word of theirs may bring the count to where no message can hold it."""
    cluster = Cluster()
    cluster.join(node("a"))
    cluster.deploy(declared())
    cluster.nodes["a"].applied = COUNT_MAX
    cluster.wait(3)
    cluster.tell(Lead())
    assert cluster.state.revision < 1_000
    cluster.tell(Lead("a"))
    cluster.deploy(declared(image="web:2"), seconds=60)
    assert cluster.images() == ["web:2"]


def test_the_lead_never_goes_further_than_is_believed() -> None:
    cluster = Cluster()
    cluster.join(node("a"))
    cluster.deploy(declared())
    before = cluster.state.revision
    cluster.nodes["a"].applied = before + AHEAD_BELIEVED
    cluster.wait(3)
    assert cluster.state.ahead
    cluster.tell(Lead())
    assert cluster.state.revision == before + AHEAD_BELIEVED + REVISIONS_AHEAD


def test_data_on_it_stay_there_and_are_begun_nowhere_else() -> None:
    cluster = three_nodes()
    cluster.deploy(declared(volumes=DATA))
    home = cluster.service().copies[0].node
    before = cluster.running()
    cluster.nodes[home].applied = COUNT_MAX
    cluster.wait(5)
    cluster.deploy(declared(volumes=DATA, image="web:2"), seconds=60)
    assert cluster.running() == before
    cluster.tell(Lead(home))
    cluster.wait(60)
    assert cluster.images() == ["web:2"]
    assert {*cluster.running().values()} == {home}


def test_a_word_about_nobody_is_refused() -> None:
    with pytest.raises(NoSuchNode):
        three_nodes().tell(Lead("ghost"))


COUNTS = st.one_of(
    st.integers(0, 60),
    st.integers(0, COUNT_MAX),
    st.sampled_from([COUNT_MAX, AHEAD_BELIEVED, REVISIONS_AHEAD]),
)


@given(st.lists(st.tuples(COUNTS, COUNTS, COUNTS), min_size=1, max_size=12), st.booleans())
def test_whatever_numbers_one_node_says_the_others_are_decided_for(
    said: list[tuple[int, int, int]], is_led: bool
) -> None:
    """`c` says numbers of its own between any two moments of a rollout on the others."""
    good = {"kind": "good"}
    cluster = Cluster()
    cluster.join(node("a", labels=good), node("b", labels=good), node("c"))
    service: dict[str, Any] = {"replicas": 2, "placement": {"labels": good}}
    cluster.deploy(declared(**service), seconds=15)
    liar = cluster.nodes["c"]
    liar.is_deaf, liar.start = True, COUNT_MAX
    cluster.tell(Deploy((declared(**service, image="web:2"),)))
    for start, liar.applied, liar.routes in said:
        cluster.tell(Report("c", start, liar.number, liar.routes, liar.applied))
        cluster.wait(1)
    if is_led:
        cluster.tell(Lead())
        cluster.tell(Lead("c"))
    liar.routes = max(liar.routes, 60)  # who says that it is behind is waited for
    cluster.wait(60)
    assert cluster.state.ahead is None
    assert cluster.state.revision < 10_000
    copies = copies_of(cluster)
    assert [copy.release.service.image for copy in copies] == ["web:2", "web:2"]
    assert {copy.node for copy in copies} == {"a", "b"}
