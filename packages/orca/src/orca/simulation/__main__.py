"""`python -m orca.simulation 42` plays a seed; `--count 10000` plays so many, in all processors."""

from __future__ import annotations

import os
import sys
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from functools import partial
from multiprocessing import Pool

from orca.simulation.checks import Broken
from orca.simulation.world import FAULTY_STEPS, Outcome, simulate

SHOWN_MAX = 5
PROGRESS_SECONDS = 5.0


def main() -> int:
    parser = ArgumentParser(prog="python -m orca.simulation")
    parser.add_argument("seed", type=int)
    parser.add_argument("--count", type=int, default=1)
    parser.add_argument("--steps", type=int, default=FAULTY_STEPS)
    parser.add_argument("--processes", type=int, default=os.cpu_count())
    asked = parser.parse_args()
    seeds = range(asked.seed, asked.seed + asked.count)
    start = time.monotonic()
    broken, outcomes = [], []
    for found in with_progress(played(seeds, asked.steps, asked.processes), len(seeds)):
        if isinstance(found, Outcome):
            outcomes.append(found)
            continue
        broken.append(found)
        if len(broken) <= SHOWN_MAX:
            sys.stdout.write(f"{found}\n\n")
            sys.stdout.flush()
    if outcomes:
        sys.stdout.write(summary(outcomes, asked.steps) + "\n")
    sys.stdout.write(
        f"{len(broken)} of {len(seeds)} seeds are broken; {time.monotonic() - start:,.0f} s\n"
    )
    return 1 if broken else 0


def played(seeds: range, steps: int, processes: int) -> Iterator[Outcome | str]:
    if len(seeds) == 1 or processes == 1:
        yield from (one(seed, steps=steps) for seed in seeds)
        return
    with Pool(processes) as pool:
        yield from pool.imap_unordered(partial(one, steps=steps), seeds, chunksize=4)


def with_progress(found: Iterator[Outcome | str], count: int) -> Iterator[Outcome | str]:
    """On the other stream, where nobody counts it among what was found."""
    told = time.monotonic()
    for number, each in enumerate(found, 1):
        yield each
        if time.monotonic() - told > PROGRESS_SECONDS:
            told = time.monotonic()
            sys.stderr.write(f"{number:,} of {count:,} seeds\n")


def one(seed: int, *, steps: int) -> Outcome | str:
    try:
        return simulate(seed, faulty_steps=steps)
    except Broken as broken:
        return str(broken)


def summary(outcomes: list[Outcome], steps: int) -> str:
    slowest = max(outcomes, key=lambda each: each.settled_after)
    unready = max(outcomes, key=lambda each: each.unready_ms)
    return (
        f"H1: {len(outcomes):,} seeds of {steps:,} steps, "
        f"{sum(each.decisions for each in outcomes):,} decisions, "
        f"{sum(each.sent for each in outcomes):,} messages of which "
        f"{sum(each.lost for each in outcomes):,} were lost; "
        f"settled after {slowest.settled_after} steps at most (seed {slowest.seed}); "
        f"requests to what was not ready for {unready.unready_ms / 1_000:.0f} s at most "
        f"(seed {unready.seed})"
    )


if __name__ == "__main__":
    sys.exit(main())
