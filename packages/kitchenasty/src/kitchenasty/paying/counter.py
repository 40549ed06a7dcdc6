"""Paying at the counter or the door: the smallest coin decides what cash can pay."""

from __future__ import annotations

from kitchenasty import locations, orders, payments
from kitchenasty.kit.books import UnitOfWork
from kitchenasty.payments import Payment, PaymentMethod


async def collect(
    uow: UnitOfWork,
    order: orders.Order,
    method: PaymentMethod,
    *,
    tendered_minor: int | None = None,
) -> Payment:
    """What is due was paid by CASH or by CARD. Cash is rounded to the house's smallest coin; with
    what was laid on the counter the payment says what change is due. The door has checked whose
    order it is.

    Raises NothingDue, TooLittle, PaymentMethodOff.
    """
    due = payments.find_due_at_the_counter(await payments.list_payments(uow, order.id))
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


def rounding_of(due_minor: int, tendered_minor: int | None, step_minor: int) -> int:
    if tendered_minor is None:
        return orders.totals.round_cash(due_minor, step_minor) - due_minor
    laid_down = orders.totals.Tender(orders.totals.TenderKind.CASH, "cash", tendered_minor)
    return orders.totals.settle(due_minor, [laid_down], cash_step_minor=step_minor).rounding_minor
