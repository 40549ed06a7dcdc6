"""What a provider says of an attempt becomes true in our books, once, whoever tells it and when.

A capture is decided under the lock of its order. The first that makes the order paid releases it;
money that comes when nothing is due any more is surplus and goes back (docs/adr/0009).
"""

from __future__ import annotations

from enum import StrEnum

import structlog

from basis.money import Money
from kitchenasty import orders, payments
from kitchenasty.kit.books import UnitOfWork
from kitchenasty.payments import Attempt, Found, IntentState, PaymentMethod

logger = structlog.get_logger(__name__)

RETURN_JOB = "paying.return_surplus"


class Settled(StrEnum):
    """What telling it changed. NOTHING: it was known, or older than what is known. MOVED: the
    attempt stands elsewhere now. PAID: its money counts for the order. SURPLUS: its money came when
    nothing was due, and goes back. REVIEW: a person must look, since the sum is not the one we
    asked for; nothing counts as paid.
    """

    NOTHING = "NOTHING"
    MOVED = "MOVED"
    PAID = "PAID"
    SURPLUS = "SURPLUS"
    REVIEW = "REVIEW"


async def settle_told(
    uow: UnitOfWork,
    method: PaymentMethod,
    found: Found,
    *,
    ref: str | None = None,
    attempt_key: str | None = None,
) -> Settled | None:
    """What a provider told unasked. `ref` is its name for the attempt, `attempt_key` ours, which it
    keeps for us (`Wish.key`). None when no such attempt is in the books, perhaps not yet: then the
    message is to be kept and told again.
    """
    attempt = await payments.find_attempt(uow, attempt_key) if attempt_key else None
    if attempt is None and ref is not None:
        attempt = await payments.find_attempt_by_ref(uow, method, ref)
    if attempt is None or attempt.method is not method:
        return None
    return await settle(uow, attempt.id, found)


async def settle(uow: UnitOfWork, payment_id: str, found: Found) -> Settled:
    """Write down how an attempt stands: idempotent, and only ever forward (payments/states.py).

    `found.state` is one of those up to CAPTURED, FAILED or EXPIRED; giving money back is no matter
    of attempts. The attempt must be in the books.
    """
    attempt = await load_attempt(uow, payment_id)
    if not payments.may_become(attempt.state, found.state):
        return Settled.NOTHING
    if found.state is IntentState.CAPTURED:
        return await count_money(uow, attempt, found)
    # Somebody who moved it a moment ago knew as much, or more.
    moved = await payments.mark_attempt(uow, attempt, found.state, failure=found.failure)
    return Settled.MOVED if moved else Settled.NOTHING


async def count_money(uow: UnitOfWork, attempt: Attempt, found: Found) -> Settled:
    """Money came. Raises nothing: what is odd about it is written down."""
    if found.amount != attempt.amount:
        return await keep_for_review(uow, attempt, found.amount)
    order = await orders.hold_order(uow, attempt.order_id)
    # From here on nobody else counts money of this order, nor cancels it.
    attempt = await load_attempt(uow, attempt.id)
    if not payments.may_become(attempt.state, IntentState.CAPTURED):
        return Settled.NOTHING
    paid = await payments.sum_paid(uow, order.id) + attempt.amount.minor
    is_surplus = order.is_cancelled or paid > order.total_minor
    await payments.mark_attempt(
        uow,
        attempt,
        IntentState.CAPTURED,
        charge_ref=found.charge_ref,
        is_surplus=is_surplus,
    )
    if is_surplus:
        uow.enqueue(RETURN_JOB, {"payment_id": attempt.id}, key=f"{RETURN_JOB}:{attempt.id}")
        return Settled.SURPLUS
    if paid == order.total_minor:
        # Other tabs, other providers and the counter are to take no more for it.
        await payments.void_due(uow, order.id)
        await orders.release(uow, order)
        uow.emit(orders.OrderPaid(order_id=order.id, house_id=order.house_id))
    return Settled.PAID


async def keep_for_review(uow: UnitOfWork, attempt: Attempt, told: Money | None) -> Settled:
    said = "no amount" if told is None else f"{told.to_major_text()} {told.currency}"
    asked = f"{attempt.amount.to_major_text()} {attempt.amount.currency}"
    if await payments.keep_for_review(uow, attempt, f"{said} instead of {asked}"):
        logger.error("payment.review", payment_id=attempt.id, told=said, asked=asked)
    return Settled.REVIEW


async def load_attempt(uow: UnitOfWork, payment_id: str) -> Attempt:
    attempt = await payments.find_attempt(uow, payment_id)
    assert attempt is not None, "attempts are never deleted"
    return attempt
