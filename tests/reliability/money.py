"""Whether everybody's money is where it belongs, to the cent: our books against the provider's."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from tests.reliability.bad_line import BadLine, Odds
from tests.reliability.shop import Shop, pause

QUIET_TRIES_MAX = 1_200
STORMY_ROUNDS = 4
LONG_AGO = "2020-01-01T00:00:00.000000+00:00"
AWAITING = "orders WHERE awaits_payment_until IS NOT NULL AND status <> 'CANCELLED'"
OPEN = "payments WHERE state IN ('CREATED', 'REQUIRES_ACTION', 'AUTHORIZED') AND method = 'STRIPE'"
RUN_OUT = "UPDATE orders SET awaits_payment_until = ? WHERE awaits_payment_until IS NOT NULL"
TRY_NOW = "UPDATE jobs SET run_at = ? WHERE done_at IS NULL AND dead_at IS NULL"
WRONG = (
    "accepted without their money",
    "paid more than once",
    "not accepted and not given back",
    "paid in cash and by card",
)
WORK = "jobs WHERE done_at IS NULL AND dead_at IS NULL AND name LIKE 'pay%'"


@dataclass(frozen=True, slots=True)
class Account:
    """One order and the money for it at the provider, in minor units."""

    is_accepted: bool
    is_online: bool
    total_minor: int
    net_minor: int
    captures: int
    refunded_minor: int


async def let_time_pass(shop: Shop) -> None:
    """The time to pay runs out, and whatever waits to be tried again is tried now."""
    for statement in (RUN_OUT, TRY_NOW):
        await shop.change(statement, LONG_AGO)


async def wait_until_settled(shop: Shop, to_provider: BadLine) -> None:
    """No order waits for money, no attempt is open, no refund is on its way. Jobs that are tried
    again at once instead of after hours need better weather before they are given up.
    """
    for number in range(QUIET_TRIES_MAX):
        if number == STORMY_ROUNDS:
            to_provider.odds = Odds()
        left = [await shop.count(one) for one in (AWAITING, OPEN, WORK)]
        if not any(left):
            return
        await let_time_pass(shop)
        await pause(0.25)
    raise AssertionError(f"stuck: {left}")


async def accounts_of(shop: Shop, books: dict[str, Any]) -> list[Account]:
    charges: dict[str, list[dict[str, int]]] = defaultdict(list)
    for charge in books["charges"]:
        charges[charge["order"]].append(charge)
    rows = await shop.query(
        "SELECT CAST(id AS TEXT), status <> 'CANCELLED' AND awaits_payment_until IS NULL, "
        "payment_method <> 'CASH', total_minor FROM orders"
    )
    assert charges.keys() <= {row[0] for row in rows}, "money for orders that nobody has"
    return [
        Account(
            bool(accepted),
            bool(online),
            total,
            sum(one["amount"] - one["refunded"] for one in charges[order_id]),
            len(charges[order_id]),
            sum(one["refunded"] for one in charges[order_id]),
        )
        for order_id, accepted, online, total in rows
    ]


def count_up(accounts: list[Account]) -> dict[str, int]:
    """What there is; then what should be nowhere."""
    accepted = [one for one in accounts if one.is_accepted]
    online = [one for one in accepted if one.is_online]
    in_cash = [one for one in accepted if not one.is_online]
    others = [one for one in accounts if not one.is_accepted]
    return {
        "orders accepted": len(accepted),
        "of them paid by card": len(online),
        "captured": sum(one.captures for one in accounts),
        "given back": sum(one.refunded_minor > 0 for one in accounts),
        "cents due": sum(one.total_minor for one in online),
        "cents kept": sum(one.net_minor for one in accounts),
        "accepted without their money": sum(one.net_minor < one.total_minor for one in online),
        "paid more than once": sum(one.net_minor > one.total_minor for one in online),
        "not accepted and not given back": sum(one.net_minor != 0 for one in others),
        "paid in cash and by card": sum(one.net_minor != 0 for one in in_cash),
    }
