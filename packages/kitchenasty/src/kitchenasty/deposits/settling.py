"""What a provider says of a deposit becomes true in our books, once, whoever tells it and when.

Money is counted under the lock of its reservation. A table that was given up meanwhile is booked
again if it is still free; otherwise, and when it came twice, the money goes back whole.
"""

from __future__ import annotations

from dataclasses import replace

import structlog

from basis.money import Money
from kitchenasty import payments, reservations
from kitchenasty.deposits import ledger
from kitchenasty.deposits.cards import forget_cards, settle_card
from kitchenasty.deposits.letters_due import LetterKind, write_to_guest
from kitchenasty.deposits.models import AttemptKind, ReturnReason
from kitchenasty.deposits.queries import find_attempt, find_attempt_by_ref, load_deposit
from kitchenasty.deposits.theirs import make_theirs
from kitchenasty.deposits.views import Attempt
from kitchenasty.kit.books import UnitOfWork
from kitchenasty.payments import (
    Found,
    IntentState,
    MessageOutcome,
    MessageRefused,
    PaymentMethod,
    Told,
)
from kitchenasty.reservations import Reservation

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
    if attempt.kind is AttemptKind.CARD:
        await settle_card(uow, attempt, found)
        return False
    if attempt.kind is AttemptKind.FEE:
        found = without_guest(found)
    if not payments.may_become(attempt.state, found.state):
        return False
    if found.state is not IntentState.CAPTURED:
        is_news = await ledger.mark_attempt(uow, attempt, found.state, failure=found.failure)
        if is_news and attempt.kind is AttemptKind.FEE:
            await reservations.tell_history(uow, attempt.reservation_id, "fee_declined", {})
        return False
    if found.amount != attempt.amount:
        await keep_for_review(uow, attempt, found)
        return True
    reservation = await reservations.hold_reservation(uow, attempt.reservation_id)
    # From here on nobody else counts money of this reservation, nor lets it lapse.
    attempt = await load_attempt(uow, payment_id)
    if payments.may_become(attempt.state, IntentState.CAPTURED):
        count = count_fee if attempt.kind is AttemptKind.FEE else count_money
        await count(uow, reservation, attempt, found)
    return False


def without_guest(found: Found) -> Found:
    """A card that is charged while its guest is away cannot be tried again by them: what waits for
    them is declined.
    """
    waits = found.state is IntentState.REQUIRES_ACTION
    return replace(found, state=IntentState.FAILED) if waits else found


async def count_money(
    uow: UnitOfWork, reservation: Reservation, attempt: Attempt, found: Found
) -> None:
    before = await load_deposit(uow, reservation.id, attempt.amount.currency)
    await ledger.mark_attempt(uow, attempt, IntentState.CAPTURED, charge_ref=found.charge_ref)
    await ledger.told(uow, reservation, "PAID", attempt.amount)
    is_first = before.account.paid_minor == 0
    if is_first and await make_theirs(uow, reservation, "deposit"):
        await write_to_guest(uow, reservation, LetterKind.PAID, attempt.amount)
        await give_back_surplus(uow, await reservations.hold_reservation(uow, reservation.id))
        return
    await ledger.give_back_of(uow, attempt, attempt.amount, ReturnReason.TOO_LATE)
    await ledger.told(uow, reservation, "RETURNED", attempt.amount)
    await write_to_guest(uow, reservation, LetterKind.RETURNED, attempt.amount)


async def give_back_surplus(uow: UnitOfWork, reservation: Reservation) -> None:
    """What was paid for more people than come, while they could still have cancelled for nothing
    (`Agreed.resized`). Told twice it changes nothing more.
    """
    agreed = reservation.agreed
    if agreed is None or agreed.is_card or not reservation.is_held or reservation.awaits_deposit:
        return
    deposit = await load_deposit(uow, reservation.id, agreed.currency)
    surplus = Money(deposit.account.left_minor - agreed.amount_minor, agreed.currency)
    if surplus.minor > 0 and agreed.party:
        await ledger.give_back(uow, reservation, deposit, surplus.minor, ReturnReason.FEWER)
        await write_to_guest(uow, reservation, LetterKind.RETURNED, surplus)


async def count_fee(
    uow: UnitOfWork, reservation: Reservation, attempt: Attempt, found: Found
) -> None:
    """It is the house's at once, and may be given back like a deposit that was kept."""
    await ledger.mark_attempt(uow, attempt, IntentState.CAPTURED, charge_ref=found.charge_ref)
    await ledger.write_kept(uow, reservation, attempt.amount)
    await ledger.told(uow, reservation, "CHARGED", attempt.amount)
    await write_to_guest(uow, reservation, LetterKind.CHARGED, attempt.amount)
    await forget_cards(uow, reservation)


async def keep_for_review(uow: UnitOfWork, attempt: Attempt, found: Found) -> None:
    told = found.amount
    said = "no amount" if told is None else f"{told.to_major_text()} {told.currency}"
    asked = f"{attempt.amount.to_major_text()} {attempt.amount.currency}"
    if await ledger.keep_for_review(uow, attempt, found, f"{said} instead of {asked}"):
        logger.error("deposit.review", payment_id=attempt.id, told=said, asked=asked)


async def load_attempt(uow: UnitOfWork, payment_id: str) -> Attempt:
    attempt = await find_attempt(uow, payment_id)
    assert attempt is not None, "attempts are never deleted"
    return attempt
