"""A process that settles jobs until it is killed, and tells what was acknowledged.

Usage: courier.py KIND PATH. Each line it prints is the number and the hash of an entry.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from swarmhaul.settlement import Accept, Arrive, Award, Close, Command, Confirm, JobKey, Key, Open
from swarmhaul.settlement.tests.cast import (
    ALICE,
    ARBITER,
    BOB,
    COORDINATOR,
    HOUR,
    PAY,
    SHIPPER,
    STRANGER,
    offers,
)
from tests.settlement.houses import OPENERS, House


def life_of(job: JobKey, now: int) -> tuple[tuple[Command, Key], ...]:
    """A relay of two, from the first word to the last."""
    return (
        (
            Open(
                job=job,
                budget=3 * PAY,
                award_by=now + HOUR,
                coordinator=COORDINATOR,
                arbiter=ARBITER,
            ),
            SHIPPER,
        ),
        (Award(job=job, accept_by=now + HOUR, legs=offers(ALICE, BOB)), COORDINATOR),
        (Accept(job=job, leg=0), ALICE),
        (Accept(job=job, leg=1), BOB),
        (Arrive(job=job, leg=0), ALICE),
        (Confirm(job=job, leg=0, courier=ALICE), BOB),
        (Arrive(job=job, leg=1), BOB),
        (Confirm(job=job, leg=1, courier=BOB), SHIPPER),
        (Close(job=job), STRANGER),
    )


def settle_for_ever(here: House) -> None:
    while True:
        for command, signer in life_of(JobKey(SHIPPER, os.urandom(16)), here.watch.now):
            entry = here.do(command, signer)
            print(entry.seq, entry.hash.hex(), flush=True)


if __name__ == "__main__":
    settle_for_ever(
        House(OPENERS[sys.argv[1]], Path(sys.argv[2]), nonce=int.from_bytes(os.urandom(8)))
    )
