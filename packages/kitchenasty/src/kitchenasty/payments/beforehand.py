"""Money that a guest paid for their table before they came, taken off what they then ate. What of
it is left, only the slice that took it knows; here it becomes a tender like any other.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from sqlalchemy import bindparam, column, func, select, table, update

from basis.ids import new_id
from basis.kit.data.columns import IdType
from basis.kit.data.statements import Statement, one_of
from basis.money import Money
from kitchenasty import audit
from kitchenasty.kit.books import Look, UnitOfWork
from kitchenasty.payments.models import PaymentMethod, PaymentReturnRow, PaymentRow
from kitchenasty.payments.service import (
    INSERT,
    find_due_at_the_counter,
    list_payments,
    row_of,
)
from kitchenasty.payments.states import LIVE, PAID, IntentState

ORDERS = table("orders", column("id", IdType), column("reservation_id", IdType))
BACK = (
    select(func.coalesce(func.sum(PaymentReturnRow.amount_minor), 0))
    .where(PaymentReturnRow.payment_id == PaymentRow.id)
    .correlate(PaymentRow)
    .scalar_subquery()
)
TAKEN_OFF = Statement(
    select(ORDERS.c.reservation_id, func.sum(PaymentRow.amount_minor - BACK))
    .join(ORDERS, ORDERS.c.id == PaymentRow.order_id)
    .where(
        one_of(ORDERS.c.reservation_id, "reservation_ids"),
        ORDERS.c.reservation_id.is_not(None),
        PaymentRow.method == PaymentMethod.DEPOSIT,
        PaymentRow.state.in_(PAID),
    )
    .group_by(ORDERS.c.reservation_id)
)
# What was due becomes what the deposit paid, so that it is older than what is paid beside it:
# money goes back to the newest tender first.
TAKE_OFF = Statement(
    update(PaymentRow)
    .where(
        PaymentRow.id == bindparam("payment_id", required=True),
        PaymentRow.state.in_(LIVE),
        PaymentRow.amount_minor == bindparam("due", required=True),
    )
    .values(
        method=PaymentMethod.DEPOSIT,
        state=IntentState.CAPTURED,
        amount_minor=bindparam("taken", required=True),
        updated_at=bindparam("now", required=True),
    )
)


async def take_off(uow: UnitOfWork, order_id: str, deposit: Money) -> Money:
    """So much of what is due at the counter was paid by a deposit, at most all of it; answers how
    much. What is left of it is due as before. Whoever calls this holds the deposit.
    """
    due = find_due_at_the_counter(await list_payments(uow, order_id))
    if due is None or due.currency != deposit.currency or not due.amount_minor:
        return Money(0, deposit.currency)
    taken = min(due.amount_minor, deposit.minor)
    values = {"due": due.amount_minor, "taken": taken, "now": uow.now}
    if not taken or not await uow.run(TAKE_OFF, payment_id=due.id, **values):
        return Money(0, deposit.currency)  # paid at the counter a moment ago
    if taken < due.amount_minor:
        rest = replace(due, id=new_id(), amount_minor=due.amount_minor - taken, created_at=uow.now)
        await uow.run(INSERT, **row_of(rest, order_id))
    await audit.record(
        uow,
        action="collect",
        entity="Order",
        entity_id=order_id,
        after={"method": PaymentMethod.DEPOSIT, "minor": taken, "currency": due.currency},
    )
    return Money(taken, due.currency)


async def sum_taken_off(look: Look, reservation_ids: Collection[str]) -> dict[str, int]:
    """What deposits paid of the orders of these parties, less what of it was given back since."""
    found = await look.rows(TAKEN_OFF, reservation_ids=list(reservation_ids))
    return {reservation_id: int(minor) for reservation_id, minor in found}
