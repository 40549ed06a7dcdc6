"""What was acknowledged is there after `kill -9`, and nothing else, to the unit."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from swarmhaul.settlement import Deposit
from swarmhaul.settlement.tests.cast import KEYS, SHIPPER, TREASURY
from tests.settlement.houses import OPENERS, House, house

ROOT = Path(__file__).parents[2]
BUDGET = 10**15
ACKNOWLEDGED_MAX = 40


def acknowledged(kind: str, path: Path, *, count: int) -> Iterator[tuple[int, str]]:
    """What a courier's process was told before it was killed, which is in the middle of more."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.settlement.courier", kind, str(path)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        for _ in range(count):
            line = process.stdout.readline()
            assert line, "the courier ended by itself"
            yield told(line)
        process.kill()
        # What it was told in the meantime counts too; the last line may be half.
        yield from [told(line) for line in process.stdout if line.endswith("\n")]


def told(line: str) -> tuple[int, str]:
    seq, _, digest = line.strip().partition(" ")
    return int(seq), digest


def check(here: House, heard: list[tuple[int, str]], before: int) -> None:
    entries = here.rail.list_entries(since=before, limit=10_000)
    written = {entry.seq: entry.hash.hex() for entry in entries}
    assert [pair for pair in heard if written.get(pair[0]) != pair[1]] == []
    # One may be written down whose answer was on its way.
    assert len(heard) <= len(written) <= len(heard) + 1
    every = here.rail.list_entries(limit=100_000)
    for name, balance in here.balances().items():
        moved = [m.amount for entry in every for m in entry.moves if m.wallet == KEYS[name]]
        assert balance == sum(moved), name


def kill_often(kind: str, folder: Path, *, kills: int) -> None:
    draw = random.Random(kills)
    with house(kind, folder) as here:
        for name, key in KEYS.items():
            if name != "treasury":
                here.do(Deposit(wallet=key, amount=BUDGET), TREASURY)
        money = here.money()
        for _ in range(kills):
            before = here.rail.head().seq
            here.rail.close()
            heard = list(acknowledged(kind, here.path, count=draw.randint(1, ACKNOWLEDGED_MAX)))
            here.rail = here.opener(here.path, here.watch)
            check(here, heard, before)
            assert here.money() == money
            standing = (here.rail.head(), here.balances(), here.rail.list_jobs())
            here.start_again()
            assert (here.rail.head(), here.balances(), here.rail.list_jobs()) == standing
        print(f"{kind}: {kills} kills, {here.rail.head().seq} entries")
        assert here.rail.read_balance(SHIPPER) < BUDGET


@pytest.mark.parametrize("kind", sorted(OPENERS))
def test_5_kills_lose_no_lamport_and_change_no_history(kind: str, tmp_path: Path) -> None:
    kill_often(kind, tmp_path, kills=5)


@pytest.mark.long
@pytest.mark.parametrize("kind", sorted(OPENERS))
def test_100_kills_lose_no_lamport_and_change_no_history(kind: str, tmp_path: Path) -> None:
    kill_often(kind, tmp_path, kills=100)
