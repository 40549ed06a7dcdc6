"""What the scheduler promises of any cluster, and what it does with some of them."""

from __future__ import annotations

import random
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from orca.scheduling import (
    Ask,
    CopyId,
    GpuAsk,
    GpuDevice,
    Node,
    Placed,
    Schedule,
    reason_to_move,
    rooms_of,
    schedule,
)
from orca.scheduling.tests.brute import can_all_be_placed, holds, may_be_on
from orca.scheduling.tests.draws import GIB, asks, nodes

DRAWN = settings(max_examples=80, deadline=None)
L4 = GpuDevice(0, "nvidia", "L4", 24 * GIB)
T4 = GpuDevice(1, "nvidia", "T4", 16 * GIB)


def node(name: str, *, cpu: int = 4_000, memory: int = 8, **fields: object) -> Node:
    return Node(name, cpu, memory * GIB, **fields)  # type: ignore[arg-type]


def ask(service: str = "shop/web", slot: int = 0, *, memory: int = 1, **fields: object) -> Ask:
    given = {"cpu_milli": 250, **fields}
    return Ask(CopyId(service, slot, 1), memory_bytes=memory * GIB, **given)  # type: ignore[arg-type]


def where(found: Schedule) -> dict[str, str]:
    return {str(one.ask.copy): one.node for one in found.placed}


@DRAWN
@given(nodes(), asks())
def test_no_node_gets_more_than_it_has_or_what_it_may_not_have(
    nodes: tuple[Node, ...], asks: tuple[Ask, ...]
) -> None:
    found = schedule(nodes, (), asks)
    for each in nodes:
        there = [one for one in found.placed if one.node == each.name]
        assert holds(each, [one.ask for one in there])
        given = [number for one in there for number in one.gpus]
        assert (
            len(given) == len(set(given)) == sum(one.ask.gpu.count for one in there if one.ask.gpu)
        )


@DRAWN
@given(nodes(count_max=3), asks(count_max=4))
def test_all_are_placed_exactly_when_trying_everything_places_all(
    nodes: tuple[Node, ...], asks: tuple[Ask, ...]
) -> None:
    assert (not schedule(nodes, (), asks).refused) == can_all_be_placed(nodes, asks)


@DRAWN
@given(
    st.lists(st.integers(9, 10), min_size=2, max_size=2),
    st.lists(st.integers(3, 4), min_size=5, max_size=6),
)
def test_what_fits_only_when_it_is_well_sorted_is_sorted_well(
    rooms: list[int], sizes: list[int]
) -> None:
    """Memory alone, and little of it: the greatest first is not always right."""
    cluster = [node(f"n{number}", memory=memory) for number, memory in enumerate(rooms)]
    wanted = [ask(f"s/{number}", memory=size) for number, size in enumerate(sizes)]
    assert (not schedule(cluster, (), wanted).refused) == can_all_be_placed(cluster, wanted)


@DRAWN
@given(nodes(), asks(), st.randoms(use_true_random=False))
def test_the_order_of_what_is_given_does_not_matter(
    nodes: tuple[Node, ...], asks: tuple[Ask, ...], shuffle: random.Random
) -> None:
    fixed = list(schedule(nodes, (), asks[:2]).placed)
    cluster, rest = list(nodes), list(asks[2:])
    expected = schedule(cluster, fixed, rest)
    for _ in range(3):
        shuffle.shuffle(cluster)
        shuffle.shuffle(fixed)
        shuffle.shuffle(rest)
        assert schedule(cluster, fixed, rest) == expected


@DRAWN
@given(nodes(), asks())
def test_what_was_refused_is_told_why_by_every_node(
    nodes: tuple[Node, ...], asks: tuple[Ask, ...]
) -> None:
    found = schedule(nodes, (), asks)
    assert {one.ask.copy for one in found.placed} | {one.copy for one in found.refused} == {
        one.copy for one in asks
    }
    for refusal in found.refused:
        assert set(refusal.reasons) == {one.name for one in nodes}
        assert all(refusal.reasons.values())


@DRAWN
@given(nodes(), asks())
def test_a_copy_that_is_placed_has_no_reason_to_move(
    nodes: tuple[Node, ...], asks: tuple[Ask, ...]
) -> None:
    found = schedule(nodes, (), asks)
    rooms = rooms_of(nodes, found.placed)
    for one in found.placed:
        assert reason_to_move(one.ask, rooms[one.node]) is None
        assert may_be_on(rooms[one.node].node, one.ask)


def test_says_of_each_node_why_not() -> None:
    """The mistake of the reference: what cannot be placed is left out without a word."""
    cluster = (
        node("full", memory=1),
        node("gone", away="nothing was heard of it for 40 s"),
        node("here", is_draining=True),
        node("other", labels={"zone": "north"}),
    )
    found = schedule(cluster, (), [ask(memory=2, labels={"zone": "south"}, cpu_milli=1_250)])
    assert found.refused[0].words == (
        "shop/web.0.g1 has no place. full: it lacks the label zone=south; "
        "gone: nothing was heard of it for 40 s; here: it lacks the label zone=south; "
        "other: it lacks the label zone=south."
    )
    found = schedule(cluster, (), [ask(memory=9, cpu_milli=1_250)])
    assert found.refused[0].reasons["full"] == "9216 MiB of memory are asked for, 1024 are free"
    assert found.refused[0].reasons["here"] == "it is being drained"
    found = schedule(cluster[:1], (), [ask(cpu_milli=4_500)])
    assert found.refused[0].reasons["full"] == "4.5 processors are asked for, 4 are free"
    assert schedule((), (), [ask()]).refused[0].words.endswith("there is no node.")


def test_replicas_go_apart_and_others_close_together() -> None:
    """The mistake of the reference: memory counts for everything, and all pile up on one node."""
    cluster = [node("a"), node("b"), node("c", memory=64, cpu=32_000)]
    found = schedule(cluster, (), [ask(slot=slot) for slot in range(3)])
    assert sorted(where(found).values()) == ["a", "b", "c"]
    alone = schedule(cluster, (), [ask(f"shop/s{number}") for number in range(8)])
    assert set(where(alone).values()) == {"a"}, "the fullest node that still has room"


def test_spread_can_be_required_and_left() -> None:
    cluster = [node("a"), node("b")]
    found = schedule(cluster, (), [ask(slot=slot, spread="require") for slot in range(3)])
    assert len(found.placed) == 2
    assert "spread is required" in found.refused[0].words
    packed = schedule(cluster, (), [ask(slot=slot, spread="none") for slot in range(3)])
    assert set(where(packed).values()) == {"a"}


def test_the_next_generation_of_a_slot_may_stand_beside_it() -> None:
    before = Placed(ask(spread="require"), "a")
    after = replace(before.ask, copy=CopyId("shop/web", 0, 2))
    assert schedule([node("a")], [before], [after]).refused == ()


def test_a_copy_goes_where_its_volume_is_or_nowhere() -> None:
    cluster = [node("a"), node("b")]
    assert where(schedule(cluster, (), [ask(home="b")])) == {"shop/web.0.g1": "b"}
    away = [node("a"), node("b", away="it is away")]
    refused = schedule(away, (), [ask(home="b")]).refused[0]
    assert refused.reasons == {"a": "the volume is on b", "b": "it is away"}


def test_gpus_are_given_by_kind_and_to_one_only() -> None:
    """The mistake of the reference: vendor, model and memory of a GPU are not looked at."""
    cluster = [node("a", gpus=(L4, T4))]
    both = [ask("m/any", gpu=GpuAsk(1)), ask("m/t4", gpu=GpuAsk(1, model="T4"))]
    found = schedule(cluster, (), both)
    assert {one.ask.copy.service: one.gpus for one in found.placed} == {"m/any": (0,), "m/t4": (1,)}
    third = schedule(cluster, found.placed, [ask("m/more", gpu=GpuAsk(1, "nvidia"))])
    assert third.refused[0].reasons["a"] == "1 GPUs (nvidia) are asked for, 0 are free"
    large = schedule(cluster, (), [ask(gpu=GpuAsk(2, vram_bytes_min=20 * GIB))])
    assert "(20480 MiB or more)" in large.refused[0].words


def test_who_needs_no_gpu_leaves_it_to_others() -> None:
    cluster = [node("a", gpus=(L4,)), node("b")]
    assert where(schedule(cluster, (), [ask()])) == {"shop/web.0.g1": "b"}


def test_a_full_node_moves_nobody_but_another_label_does() -> None:
    here = ask(labels={"zone": "north"}, memory=2)
    full = rooms_of([node("a", memory=1, labels={"zone": "north"})], [Placed(here, "a")])["a"]
    assert reason_to_move(here, full) is None
    elsewhere = rooms_of([node("a", labels={"zone": "south"})], [])["a"]
    assert reason_to_move(here, elsewhere) == "it lacks the label zone=north"


def test_going_for_the_best_may_leave_somebody_out_and_is_then_tried_again() -> None:
    """Two of 4 and four of 3 fill two nodes of 10, but not when both of 4 go together."""
    cluster = [node("a", memory=10), node("b", memory=10)]
    wanted = [ask(f"s/{i}", memory=size) for i, size in enumerate((4, 4, 3, 3, 3, 3))]
    assert schedule(cluster, (), wanted).refused == ()
    too_small = [node("a", memory=10), node("b", memory=9)]
    assert len(schedule(too_small, (), wanted).placed) == 5, "20 do not go into 19; five still do"


def test_100_services_on_20_nodes_are_placed() -> None:
    cluster = [node(f"n{number:02}", cpu=16_000, memory=64) for number in range(20)]
    wanted = [ask(f"p/s{i:03}", slot, memory=3) for i in range(100) for slot in range(4)]
    found = schedule(cluster, (), wanted)
    assert found.refused == ()
    for one in {each.ask.copy.service for each in found.placed}:
        assert len({each.node for each in found.placed if each.ask.copy.service == one}) == 4
