"""H1: whatever nodes, links, clocks and people do, it settles, and disturbs nothing on the way."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from random import Random
from typing import Any

import pytest

from orca.planning import (
    Copy,
    Event,
    Orders,
    Phase,
    Report,
    Route,
    Run,
    State,
    Step,
    Upstream,
    step,
)
from orca.scheduling import CopyId, Node
from orca.simulation import Broken, Outcome, simulate
from orca.simulation.machines import Machine
from orca.simulation.touch import Touch
from orca.simulation.world import Decide

QUICK, LONG = 20, 10_000


def tell(outcomes: list[Outcome]) -> None:
    decisions = sum(each.decisions for each in outcomes)
    lost = sum(each.lost for each in outcomes)
    settled = max(each.settled_after for each in outcomes)
    unready = max(each.unready_ms for each in outcomes) / 1_000
    print(
        f"H1: {len(outcomes)} seeds, {decisions:,} decisions, {lost:,} messages lost, "
        f"settled within {settled} steps, {unready:.0f} s of requests to what was not ready"
    )


def test_every_history_settles_and_no_promise_is_broken_on_the_way() -> None:
    tell([simulate(seed) for seed in range(QUICK)])


@pytest.mark.long
def test_10000_histories_settle() -> None:
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        tell(list(pool.map(simulate, range(LONG), chunksize=50)))


def test_a_seed_is_the_same_history_every_time() -> None:
    assert simulate(7) == simulate(7)


def play(*, kind: type[Machine] = Machine, step: Decide = step) -> None:
    for seed in range(QUICK):
        simulate(seed, kind=kind, step=step)


class Gullible(Machine):
    """An agent that obeys whatever it hears last, old or not."""

    def hear(self, message: Run | Route) -> None:
        if isinstance(message, Run):
            self.disk = replace(self.disk, applied=0)
        super().hear(message)


class Restless(Machine):
    """An agent that begins everything anew whenever it starts."""

    def boot(self) -> None:
        self.containers.clear()
        super().boot()


class Stubborn(Machine):
    """An agent whose proxy keeps the first routes it was told."""

    def hear(self, message: Run | Route) -> None:
        if isinstance(message, Run) or not self.disk.routes:
            super().hear(message)


@pytest.mark.parametrize("kind", [Gullible, Restless, Stubborn])
def test_a_mistake_that_is_planted_is_found_and_can_be_seen_again(kind: type[Machine]) -> None:
    with pytest.raises(Broken, match=r"again: python -m orca\.simulation \d+ --steps 120"):
        play(kind=kind)


def hasty(state: State, event: Event, now: int) -> tuple[State, tuple[Step, ...]]:
    """Ends what is let go before anybody is asked whether requests still go there."""
    return with_copies(step(state, event, now), lambda copy: copy.phase is Phase.DRAINING, ENDS)


def blind(state: State, event: Event, now: int) -> tuple[State, tuple[Step, ...]]:
    """Forgets what is to end, whether it is gone or not."""
    after, steps = step(state, event, now)
    services = {
        name: replace(
            each, copies=tuple(copy for copy in each.copies if copy.phase is not Phase.ENDING)
        )
        for name, each in after.services.items()
    }
    return replace(after, services=services), steps


def credulous(state: State, event: Event, now: int) -> tuple[State, tuple[Step, ...]]:
    """Believes what a node said last, in whatever order it arrives."""
    if isinstance(event, Report) and event.node in state.nodes:
        node = replace(state.nodes[event.node], last=(0, 0))
        state = replace(state, nodes={**state.nodes, event.node: node})
    return step(state, event, now)


ENDS = {"phase": Phase.ENDING}


def with_copies(
    made: tuple[State, tuple[Step, ...]], which: Callable[[Copy], bool], changes: dict[str, Any]
) -> tuple[State, tuple[Step, ...]]:
    after, steps = made
    services = {
        name: replace(
            each,
            copies=tuple(replace(copy, **changes) if which(copy) else copy for copy in each.copies),
        )
        for name, each in after.services.items()
    }
    return replace(after, services=services), steps


@pytest.mark.parametrize(
    ("mistaken", "words"),
    [
        (hasty, "is ended, and the proxy of"),
        (blind, "was forgotten, and is there still"),
        (credulous, "was believed what it said before"),
    ],
)
def test_a_plan_that_breaks_a_promise_is_found_by_the_promise(mistaken: Decide, words: str) -> None:
    with pytest.raises(Broken, match=words):
        play(step=mistaken)


def test_requests_to_what_is_not_ready_are_counted_only_among_those_in_touch() -> None:
    """The promise in small: an edge, a copy that went down behind everybody's back, and a clock."""
    machines = {name: Machine(Node(name, 1_000, 1 << 30), Random(0)) for name in ("a", "b")}
    gone = CopyId("shop/web", 0, 1)
    machines["a"].disk = Orders(routes={"shop/web": (Upstream(gone, "b", 10_000),)})
    touch = Touch()
    for second in range(20):
        touch.note(machines, ["a"], second * 1_000)
        touch.check(machines, second * 1_000)  # nothing is heard of b
    for second in range(20, 26):
        touch.note(machines, ["a", "b"], second * 1_000)
        touch.check(machines, second * 1_000)
    touch.note(machines, ["a", "b"], 26_000)
    with pytest.raises(Broken, match="which is not ready, for 6 s"):
        touch.check(machines, 26_000)
