"""How the providers of deposits, cards and fees are dealt with: as those of orders are."""

from __future__ import annotations

from kitchenasty import payments
from kitchenasty.deposits.queries import find_attempt
from kitchenasty.deposits.settling import LOOK_JOB, settle

CLOSE_JOB = "deposits.close"
DEALINGS = payments.Dealings(
    look_job=LOOK_JOB, close_job=CLOSE_JOB, find=find_attempt, settle=settle
)
