"""H1: whatever nodes, links, clocks and people do, it settles, and disturbs nothing on the way."""

from __future__ import annotations

import os
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace

import pytest

from orca.planning import Route, Run
from orca.simulation import Broken, Outcome, simulate
from orca.simulation.machines import Machine

QUICK, LONG = 20, 10_000


def tell(outcomes: list[Outcome]) -> None:
    decisions = sum(each.decisions for each in outcomes)
    lost = sum(each.lost for each in outcomes)
    settled = max(each.settled_after for each in outcomes)
    print(
        f"H1: {len(outcomes)} seeds, {decisions:,} decisions, {lost:,} messages lost, "
        f"settled within {settled} steps"
    )


def test_every_history_settles_and_no_promise_is_broken_on_the_way() -> None:
    tell([simulate(seed) for seed in range(QUICK)])


@pytest.mark.long
def test_10000_histories_settle() -> None:
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        tell(list(pool.map(simulate, range(LONG), chunksize=50)))


def test_a_seed_is_the_same_history_every_time() -> None:
    assert simulate(7) == simulate(7)


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


def play(kind: type[Machine]) -> None:
    for seed in range(QUICK):
        simulate(seed, kind=kind)


@pytest.mark.parametrize("kind", [Gullible, Restless])
def test_a_mistake_that_is_planted_is_found_and_can_be_seen_again(kind: type[Machine]) -> None:
    with pytest.raises(Broken, match=r"again: python -m orca\.simulation \d+ --steps 120"):
        play(kind)
