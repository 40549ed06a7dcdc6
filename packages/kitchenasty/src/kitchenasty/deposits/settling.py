"""What a provider says of a deposit becomes true in our books, once, whoever tells it and when.

Money is counted under the lock of its reservation. A table that was given up meanwhile is booked
again if it is still free; otherwise, and when it came twice, the money goes back whole.
"""

from __future__ import annotations

import structlog

from basis.money import Money
from kitchenasty import payments, reservations
from kitchenasty.deposits import ledger
from kitchenasty.deposits.letters_due import LetterKind, write_to_guest
from kitchenasty.deposits.models import ReturnReason
from kitchenasty.deposits.queries import (
    Attempt,
    find_attempt,
    find_attempt_by_ref,
    load_deposit,
)
from kitchenasty.kit.data.work import UnitOfWork
from kitchenasty.payments import (
    Found,
    IntentState,
    MessageOutcome,
    MessageRefused,
    PaymentMethod,
    Told,
)
from kitchenasty.reservations import Reservation, Status

logger = structlog.get_logger(__name__)

LOOK_JOB = "deposits.look"


async def hear(uow: UnitOfWork, method: PaymentMethod, told: Told) -> MessageOutcome | None:
    """What a provider told unasked; None when it speaks of no deposit. Raises MessageRefused."""
    attempt = await find_attempt(uow, told.attempt_key) if told.attempt_key else None
    if attempt is None and told.ref is not None:
        attempt = await find_attempt_by_ref(uow, method, told.ref)
    if attempt is None or attempt.method is not method:
        return None
    if told.order_id not in (None, attempt.reservation_id):
        raise MessageRefused("It names another reservation than the one it was begun for.")
    if told.found is None:
        uow.enqueue(LOOK_JOB, {"payment_id": attempt.id, "looks": 0})
        return MessageOutcome.APPLIED
    is_odd = await settle(uow, attempt.id, told.found)
    return MessageOutcome.REFUSED if is_odd else MessageOutcome.APPLIED


async def settle(uow: UnitOfWork, payment_id: str, found: Found) -> bool:
    """Write down how an attempt stands: idempotent, and only ever forward. True where a person must
    look, since the sum is not the one we asked for; then nothing counts as paid.
    """
    attempt = await load_attempt(uow, payment_id)
    if not payments.may_become(attempt.state, found.state):
        return False
    if found.state is not IntentState.CAPTURED:
        await ledger.mark_attempt(uow, attempt, found.state, failure=found.failure)
        return False
    if found.amount != attempt.amount:
        await keep_for_review(uow, attempt, found.amount)
        return True
    reservation = await reservations.hold_reservation(uow, attempt.reservation_id)
    # From here on nobody else counts money of this reservation, nor lets it lapse.
    attempt = await load_attempt(uow, payment_id)
    if payments.may_become(attempt.state, IntentState.CAPTURED):
        await count_money(uow, reservation, attempt, found)
    return False


async def count_money(
    uow: UnitOfWork, reservation: Reservation, attempt: Attempt, found: Found
) -> None:
    before = await load_deposit(uow, reservation.id, attempt.amount.currency)
    await ledger.mark_attempt(uow, attempt, IntentState.CAPTURED, charge_ref=found.charge_ref)
    await ledger.told(uow, reservation, "PAID", attempt.amount)
    is_theirs = before.account.paid_minor == 0 and await make_theirs(uow, reservation)
    if is_theirs:
        await write_to_guest(uow, reservation, LetterKind.PAID, attempt.amount)
        return
    await ledger.give_back_of(uow, attempt, attempt.amount, ReturnReason.TOO_LATE)
    await ledger.told(uow, reservation, "RETURNED", attempt.amount)
    await write_to_guest(uow, reservation, LetterKind.RETURNED, attempt.amount)


async def make_theirs(uow: UnitOfWork, reservation: Reservation) -> bool:
    """Whether the table is the guest's, now that it is paid."""
    if reservation.awaits_deposit:
        await reservations.release(uow, reservation, "deposit")
        return True
    if reservation.has_lapsed:
        return await reservations.revive(uow, reservation) is not None
    return reservation.status not in (Status.CANCELLED, Status.NO_SHOW)


async def keep_for_review(uow: UnitOfWork, attempt: Attempt, told: Money | None) -> None:
    said = "no amount" if told is None else f"{told.to_major_text()} {told.currency}"
    asked = f"{attempt.amount.to_major_text()} {attempt.amount.currency}"
    if await ledger.keep_for_review(uow, attempt, f"{said} instead of {asked}"):
        logger.error("deposit.review", payment_id=attempt.id, told=said, asked=asked)


async def load_attempt(uow: UnitOfWork, payment_id: str) -> Attempt:
    attempt = await find_attempt(uow, payment_id)
    assert attempt is not None, "attempts are never deleted"
    return attempt
