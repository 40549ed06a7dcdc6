"""Paying at the counter, the table or the door: a deposit pays first, and the smallest coin decides
what cash can pay of the rest.
"""

from __future__ import annotations

from collections.abc import Sequence

from basis.money import Money
from kitchenasty import deposits, locations, orders, payments
from kitchenasty.kit.books import UnitOfWork
from kitchenasty.payments import Payment, PaymentMethod


async def collect(
    uow: UnitOfWork,
    order: orders.Order,
    method: PaymentMethod,
    *,
    tendered_minor: int | None = None,
) -> Payment:
    """What is due was paid by CASH or by CARD, less what a deposit for the table pays of it; where
    that is all of it, the answer is that payment. By DEPOSIT: only that, and the rest stays due.
    Cash is rounded to the house's smallest coin; with what was laid on the counter the payment says
    what change is due. The door has checked whose order it is.

    Raises NothingDue, TooLittle, PaymentMethodOff.
    """
    taken = None
    if order.reservation_id is not None:
        taken = await deposits.take_off_bills(uow, order.reservation_id, order_id=order.id)
    tenders = await payments.list_payments(uow, order.id)
    due = payments.find_due_at_the_counter(tenders)
    if method is PaymentMethod.DEPOSIT or (taken is not None and due is None):
        return deposit_among(tenders, taken)
    rounding = 0
    if due is not None and method is PaymentMethod.CASH:
        house = await locations.load_house(uow, order.house_id)
        step = house.charges.cash_step_minor
        rounding = rounding_of(due.amount_minor, tendered_minor, step)
    paid = await payments.collect(
        uow, order.id, method, tendered_minor=tendered_minor, rounding_minor=rounding
    )
    uow.emit(orders.OrderCollected(order_id=order.id, house_id=order.house_id))
    if order.reservation_id is not None:
        uow.emit(orders.TableOrderChanged(order_id=order.id, house_id=order.house_id))
    return paid


async def collect_table(uow: UnitOfWork, reservation_id: str, method: PaymentMethod) -> None:
    """All that a party owes, in one transaction; a deposit pays first. The door has checked whose
    party it is. Raises what `collect` raises.
    """
    taken = await deposits.take_off_bills(uow, reservation_id)
    rounds = (await orders.list_rounds(uow, [reservation_id])).get(reservation_id, [])
    owed = [one.id for one in rounds if one.due_minor]
    if taken is None and (method is PaymentMethod.DEPOSIT or not owed):
        raise payments.NothingDue("Nothing is due at this table any more.")
    if method is PaymentMethod.DEPOSIT:
        return
    for order_id in owed:
        await collect(uow, await orders.load_visible(uow, order_id), method)


def deposit_among(tenders: Sequence[Payment], taken: Money | None) -> Payment:
    """What the deposit has just paid. Raises NothingDue."""
    if taken is None:
        raise payments.NothingDue("Nothing is due here that a deposit could pay.")
    return [one for one in tenders if one.method is PaymentMethod.DEPOSIT][-1]


def rounding_of(due_minor: int, tendered_minor: int | None, step_minor: int) -> int:
    if tendered_minor is None:
        return orders.totals.round_cash(due_minor, step_minor) - due_minor
    laid_down = orders.totals.Tender(orders.totals.TenderKind.CASH, "cash", tendered_minor)
    return orders.totals.settle(due_minor, [laid_down], cash_step_minor=step_minor).rounding_minor
