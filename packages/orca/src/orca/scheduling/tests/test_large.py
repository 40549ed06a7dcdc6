"""Twenty nodes and a hundred services that ask for everything there is to ask for."""

from __future__ import annotations

import random

from orca.scheduling import Ask, CopyId, GpuAsk, GpuDevice, Node, Schedule, schedule
from orca.scheduling.tests.brute import holds
from orca.scheduling.tests.draws import GIB, MODELS

ZONES = ("north", "south", "west")


def nodes(chance: random.Random) -> list[Node]:
    return [
        Node(
            f"n{number:02}",
            cpu_milli=16_000,
            memory_bytes=64 * GIB,
            labels={"zone": chance.choice(ZONES)},
            gpus=tuple(
                GpuDevice(index, *chance.choice(MODELS)) for index in range(number % 4 and 2)
            ),
            is_draining=number == 3,
            away="it is away" if number == 7 else "",
        )
        for number in range(20)
    ]


def asks(chance: random.Random) -> list[Ask]:
    return [
        Ask(
            CopyId(f"p/s{number:03}", slot, 1),
            cpu_milli=chance.choice([250, 500, 1_000]),
            memory_bytes=chance.choice([1, 2, 4]) * GIB,
            gpu=GpuAsk(1, *chance.choice([("nvidia", "L4"), ("amd", None)]), 16 * GIB)
            if number % 9 == 0
            else None,
            node=f"n{number % 20:02}" if number % 17 == 0 else None,
            labels={"zone": chance.choice(ZONES)} if number % 5 == 0 else {},
            spread="require" if number % 4 == 0 else "prefer",
            home=f"n{chance.randrange(20):02}" if number % 11 == 0 else None,
        )
        for number in range(100)
        for slot in range(1 + number % 3)
    ]


def test_scenario_21_whatever_is_asked_for_is_held_or_told_why_not() -> None:
    """GPUs by vendor, model and memory, labels, spread, names of nodes, homes of volumes. Ports are
    nobody's to run out of: each container has one that its engine chose.
    """
    chance = random.Random(21)
    cluster, wanted = nodes(chance), asks(chance)
    found = schedule(cluster, (), wanted)
    assert len(found.placed) + len(found.refused) == len(wanted)
    there = {node.name: asked_on(found, node.name) for node in cluster}
    assert all(holds(node, there[node.name]) for node in cluster)
    assert there["n03"] == there["n07"] == []
    by_copy = {ask.copy: ask for ask in wanted}
    for refusal in found.refused:
        ask = by_copy[refusal.copy]
        assert set(refusal.reasons) == {node.name for node in cluster}
        assert not any(holds(node, [*there[node.name], ask]) for node in cluster), refusal.words
    placed_gpus = [one for one in found.placed if one.ask.gpu]
    assert placed_gpus
    assert found.refused
    chance.shuffle(cluster)
    chance.shuffle(wanted)
    assert schedule(cluster, (), wanted) == found, "in whatever order it is asked"


def asked_on(found: Schedule, node: str) -> list[Ask]:
    return [one.ask for one in found.placed if one.node == node]
