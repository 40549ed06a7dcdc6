"""An order that is to be paid online is held back for a while, and given up when no money came."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog

from basis.errors import DomainError
from basis.money import Money
from basis.sentences import word
from kitchenasty import orders, payments
from kitchenasty.kit.books import Books, Look, UnitOfWork
from kitchenasty.paying.attempts import DEALINGS
from kitchenasty.payments import Payment, PaymentMethod

logger = structlog.get_logger(__name__)

EXPIRE_JOB = "paying.expire"
NOT_PAID = word("Not paid in time")


@dataclass(frozen=True, slots=True)
class Held:
    """How an order is to be paid, and how long it waits for that; `until` is None for one that the
    house is told of at once.
    """

    method: PaymentMethod
    until: datetime | None = None


async def hold_for(look: Look, method: PaymentMethod, due: Money) -> Held:
    """Whether an order is held back; for one that is paid at the counter nothing is read.

    Raises PaymentMethodOff for a way of paying online that the house does not offer.
    """
    if not method.is_online or due.minor == 0:
        return Held(method)
    keys = await payments.load_keys(look)
    if method not in keys.offered:
        raise payments.method_off()
    return Held(method, look.now + keys.hold)


async def record_due(uow: UnitOfWork, order_id: str, held: Held, due: Money) -> Payment:
    """Note what is due, and when the order is given up. Raises PaymentMethodOff."""
    if held.until is not None:
        payload = {"order_id": order_id}
        uow.enqueue(EXPIRE_JOB, payload, run_at=held.until, key=f"{EXPIRE_JOB}:{order_id}")
    elif held.method.is_online:
        return await payments.record_tender(uow, order_id, held.method, due)
    return await payments.record_due(uow, order_id, held.method, due)


async def expire(books: Books, payload: dict[str, Any]) -> None:
    """The time is over: no more money is taken for the order, and unless some came just now, it is
    cancelled. When the provider is away it is cancelled too: what it holds must be free.
    """
    order_id: str = payload["order_id"]
    async with books.reading() as look:
        open_attempts = await payments.list_open_attempts(look, order_id)
    for attempt in open_attempts:
        try:
            await DEALINGS.close(books, attempt)
        except DomainError as error:
            logger.warning("payment.close_failed", payment_id=attempt.id, why=error.code)
    async with books.writing() as uow:
        order = await orders.hold_order(uow, order_id)
        if order.awaits_payment:
            await orders.move_order(uow, order_id, orders.OrderStatus.CANCELLED, reason=NOT_PAID)
