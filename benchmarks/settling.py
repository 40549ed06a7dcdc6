"""How many commands a rail takes in a second, each written down before it is answered, and how
quickly it is where it was after a start.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from swarmhaul.settlement import (
    Accept,
    Arrive,
    Close,
    Command,
    Confirm,
    Deposit,
    Envelope,
    JobKey,
    Key,
)
from swarmhaul.settlement.tests.cast import (
    ALICE,
    BOB,
    COORDINATOR,
    SHIPPER,
    STRANGER,
    TREASURY,
    awarding,
    opening,
)
from tests.settlement.houses import OPENERS, House, house

JOBS = 300
"""Relays of two, nine commands each."""
HEADINGS = ("rail", "commands", "commands/s", "p50 ms", "p99 ms", "entries/s at the start")


def print_settling() -> None:
    print(f"\n| {' | '.join(HEADINGS)} |\n|---|" + "--:|" * (len(HEADINGS) - 1), flush=True)
    for kind in sorted(OPENERS):
        with tempfile.TemporaryDirectory() as folder, house(kind, Path(folder)) as here:
            print(f"| {' | '.join([kind, *measured(here)])} |", flush=True)


def measured(here: House) -> list[str]:
    """One after the other, as whoever waits for an answer sees it. Who signs is somebody else."""
    here.fund_everybody()
    here.do(Deposit(wallet=SHIPPER, amount=JOBS * opening().budget), TREASURY)
    given = [signed(here, *step) for number in range(JOBS) for step in relay(number)]
    taken = []
    for envelope, signature in given:
        start = time.perf_counter()
        here.rail.submit(envelope, signature)
        taken.append(time.perf_counter() - start)
    seq = here.rail.head().seq
    start = time.perf_counter()
    here.start_again()
    replayed = seq / (time.perf_counter() - start)
    cuts = statistics.quantiles(taken, n=100)
    return [
        f"{len(taken):,}", f"{len(taken) / sum(taken):,.0f}", f"{cuts[49] * 1_000:.2f}",
        f"{cuts[98] * 1_000:.2f}", f"{replayed:,.0f}",
    ]  # fmt: skip


def signed(here: House, command: Command, signer: Key) -> tuple[Envelope, bytes]:
    envelope = here.envelope(command, signer)
    return envelope, here.sign(envelope)


def relay(number: int) -> Iterator[tuple[Command, Key]]:
    """The life of a job that two carry."""
    job = JobKey(SHIPPER, number.to_bytes(16))
    yield replace(opening(), job=job), SHIPPER
    yield replace(awarding(ALICE, BOB), job=job), COORDINATOR
    receivers = (BOB, SHIPPER)
    for leg, courier in enumerate((ALICE, BOB)):
        yield Accept(job=job, leg=leg), courier
    for leg, courier in enumerate((ALICE, BOB)):
        yield Arrive(job=job, leg=leg), courier
        yield Confirm(job=job, leg=leg, courier=courier), receivers[leg]
    yield Close(job=job), STRANGER
