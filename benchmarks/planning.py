"""How long Orca takes to decide: 100 services on 20 nodes, in one process, without a store."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

import msgspec

from orca.planning import (
    Declaration,
    Deploy,
    Event,
    Join,
    Report,
    Scale,
    Seen,
    State,
    Tick,
    make_plan,
    step,
    wanted_on,
)
from orca.scheduling import Node
from orca.spec import Service

SERVICES, REPLICAS, NODES = 100, 3, 20
ROUNDS = 7
GIB = 1 << 30
START_MS, SECOND_MS = 1_000_000, 1_000
LATER = 1_000_000_000
"""A number that no report had before."""
HEADINGS = ("what is decided", "median ms", "slowest ms")


def declared(number: int, version: int) -> Declaration:
    """Every tenth has a volume, every seventh asks for a label."""
    keys = {
        "name": f"s{number:03}",
        "image": f"shop/s{number:03}:{version}",
        "replicas": REPLICAS,
        "port": 8080,
        "domain": f"s{number:03}.example",
        "env": {f"KEY_{index}": f"value {index}" for index in range(10)},
        "volumes": [{"name": "data", "path": "/data"}] if number % 10 == 0 else [],
        "placement": {"labels": {"zone": "north"}} if number % 7 == 0 else {},
    }
    return Declaration(f"shop/s{number:03}", msgspec.convert(keys, Service))


def deploy_of(version: int) -> Deploy:
    return Deploy(tuple(declared(number, version) for number in range(SERVICES)), is_whole=True)


def nodes() -> list[Node]:
    return [
        Node(f"n{n:02}", 16_000, 64 * GIB, {"zone": "north" if n % 2 else "south"})
        for n in range(NODES)
    ]


def report_of(state: State, name: str, number: int) -> Report:
    """Whatever it shall run, it runs, and all of it is well."""
    known = state.nodes[name]
    seen = tuple(Seen(each.copy, is_ready=True) for each in wanted_on(state, name))
    return Report(name, 1, number, known.due, state.routed_at, seen)


def settled(state: State, *, rounds: int = 40) -> State:
    """Time goes on and every node says that it obeys, until all releases serve
    and nothing is told any more.
    """
    for number in range(rounds):
        before = state.revision
        state = deciding(state, Tick())
        for name in sorted(state.nodes):
            state = deciding(state, report_of(state, name, number + 1))
        is_served = not any(service.rollout for service in state.services.values())
        if is_served and state.revision == before:
            return state
    raise AssertionError("the cluster does not come to rest")


def times_of(decide: Callable[[], object]) -> list[float]:
    found = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        decide()
        found.append((time.perf_counter() - start) * 1_000)
    return found


def rows() -> list[tuple[str, Callable[[], object]]]:
    empty = State()
    for node in nodes():
        empty, _ = step(empty, Join(node), START_MS)
    calm = settled(deciding(empty, deploy_of(1)))
    busy = deciding(calm, deploy_of(2))
    return [
        ("plan: what a deploy of all would do", lambda: make_plan(calm, deploy_of(2))),
        ("first deploy: 300 copies find a node", lambda: deciding(empty, deploy_of(1))),
        ("deploy of what is there already", lambda: deciding(calm, deploy_of(1))),
        ("deploy of a new image of all", lambda: deciding(calm, deploy_of(2))),
        ("one service from 3 to 5 replicas", lambda: deciding(calm, Scale("shop/s001", 5))),
        ("a second goes by, all is well", lambda: deciding(calm, Tick())),
        ("a second goes by, all is rolled out", lambda: deciding(busy, Tick())),
        (
            "a node says that all is as it was",
            lambda: deciding(calm, report_of(calm, "n03", LATER)),
        ),
        ("a node says something new", lambda: deciding(busy, report_of(busy, "n03", LATER))),
    ]


def deciding(state: State, event: Event) -> State:
    passed = SECOND_MS if isinstance(event, Tick) else 0
    return step(state, event, START_MS + state.clock + passed)[0]


def print_planning() -> None:
    print(f"\n{SERVICES} services with {REPLICAS} replicas each on {NODES} nodes:\n")
    print(f"| {' | '.join(HEADINGS)} |\n|---|--:|--:|", flush=True)
    for name, decide in rows():
        found = times_of(decide)
        print(f"| {name} | {statistics.median(found):.1f} | {max(found):.1f} |", flush=True)
