"""`python -m orca.simulation 42` plays a seed; `--count 10000` plays so many, one by one."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from concurrent.futures import ProcessPoolExecutor

from orca.simulation.checks import Broken
from orca.simulation.world import FAULTY_STEPS, Outcome, simulate


def main() -> int:
    parser = ArgumentParser(prog="python -m orca.simulation")
    parser.add_argument("seed", type=int)
    parser.add_argument("--count", type=int, default=1)
    parser.add_argument("--steps", type=int, default=FAULTY_STEPS)
    parser.add_argument("--processes", type=int, default=1)
    asked = parser.parse_args()
    seeds = range(asked.seed, asked.seed + asked.count)
    with ProcessPoolExecutor(asked.processes) as pool:
        found = list(pool.map(one, seeds, [asked.steps] * len(seeds), chunksize=20))
    broken = [each for each in found if isinstance(each, str)]
    outcomes = [each for each in found if isinstance(each, Outcome)]
    sys.stdout.write("".join(f"{each}\n\n" for each in broken[:5]))
    if outcomes:
        sys.stdout.write(summary(outcomes) + "\n")
    sys.stdout.write(f"{len(broken)} of {len(found)} seeds are broken\n")
    return 1 if broken else 0


def one(seed: int, steps: int) -> Outcome | str:
    try:
        return simulate(seed, faulty_steps=steps)
    except Broken as broken:
        return str(broken)


def summary(outcomes: list[Outcome]) -> str:
    slowest = max(outcomes, key=lambda each: each.settled_after)
    return (
        f"H1: {len(outcomes)} seeds, {sum(each.decisions for each in outcomes):,} decisions, "
        f"{sum(each.sent for each in outcomes):,} messages of which "
        f"{sum(each.lost for each in outcomes):,} were lost; "
        f"settled after {slowest.settled_after} steps at most (seed {slowest.seed})"
    )


if __name__ == "__main__":
    sys.exit(main())
