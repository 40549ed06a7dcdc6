"""Commands that many tests begin with, and what a refusal leaves behind: nothing."""

from __future__ import annotations

import pytest

from swarmhaul.settlement import (
    Accept,
    Arrive,
    Command,
    Confirm,
    Dispute,
    Key,
    Refused,
)
from swarmhaul.settlement.tests.cast import (
    ALICE,
    COORDINATOR,
    JOB,
    SHIPPER,
    awarding,
    opening,
)
from tests.settlement.houses import House

ARRIVE = Arrive(job=JOB, leg=0)
CONFIRM = Confirm(job=JOB, leg=0, courier=ALICE)
DISPUTE = Dispute(job=JOB, leg=0, reason=bytes(32))


def refusal(here: House, command: Command, signer: Key) -> str:
    before = (here.rail.head(), here.balances(), here.rail.read_job(JOB))
    with pytest.raises(Refused) as refused:
        here.do(command, signer)
    assert (here.rail.head(), here.balances(), here.rail.read_job(JOB)) == before
    return refused.value.code


def award_to(here: House, *couriers: Key) -> None:
    here.do(opening(now=here.watch.now), SHIPPER)
    here.do(awarding(*couriers, now=here.watch.now), COORDINATOR)
    for leg, courier in enumerate(couriers):
        here.do(Accept(job=JOB, leg=leg), courier)
