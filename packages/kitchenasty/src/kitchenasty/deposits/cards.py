"""Cards that guests leave for a fee: kept once, charged never by itself, and forgotten."""

from __future__ import annotations

from datetime import datetime, timedelta

from kitchenasty import payments, reservations
from kitchenasty.deposits import ledger
from kitchenasty.deposits.letters_due import LetterKind, write_to_guest
from kitchenasty.deposits.queries import find_attempt, load_deposit
from kitchenasty.deposits.theirs import make_theirs
from kitchenasty.deposits.views import Attempt
from kitchenasty.kit.books import Look, UnitOfWork
from kitchenasty.payments import Found, IntentState
from kitchenasty.reservation_terms import CARD_KEPT_DAYS
from kitchenasty.reservations import Reservation, Status

FORGET_JOB = "deposits.forget_card"
KEPT_FOR = timedelta(days=CARD_KEPT_DAYS)
A_WHILE = timedelta(hours=1)


async def settle_card(uow: UnitOfWork, attempt: Attempt, found: Found) -> None:
    """Write down how it stands with a card that is to be left: idempotent. One that comes too late,
    or after another, is forgotten at once.
    """
    if found.state is not IntentState.AUTHORIZED:
        if attempt.is_open and payments.may_become(attempt.state, found.state):
            await ledger.mark_attempt(uow, attempt, found.state, failure=found.failure)
        return
    reservation = await reservations.hold_reservation(uow, attempt.reservation_id)
    # From here on nobody else keeps a card for this reservation, nor lets it lapse.
    now = await find_attempt(uow, attempt.id)
    assert now is not None, "attempts are never deleted"
    if now.is_kept_card or now.charge_ref is not None or now.forgotten_at is not None:
        return
    before = await load_deposit(uow, reservation.id, attempt.amount.currency)
    is_first = before.kept_card is None
    if is_first and await make_theirs(uow, reservation, "card"):
        await ledger.mark_attempt(uow, now, IntentState.AUTHORIZED, charge_ref=found.charge_ref)
        await write_to_guest(uow, reservation, LetterKind.CARD_KEPT, attempt.amount)
        forget_later(uow, now, at=reservation.starts_at + KEPT_FOR)
        return
    await ledger.mark_attempt(uow, now, IntentState.EXPIRED, charge_ref=found.charge_ref)
    forget_later(uow, now, at=uow.now)


async def forget_cards(uow: UnitOfWork, reservation: Reservation) -> None:
    """Nothing is to be charged (any more) for this reservation."""
    deposit = await load_deposit(uow, reservation.id, "")
    if deposit.kept_card is not None:
        forget_later(uow, deposit.kept_card, at=uow.now)


def forget_later(uow: UnitOfWork, attempt: Attempt, *, at: datetime) -> None:
    """Nobody asks twice for the same moment."""
    key = f"{FORGET_JOB}:{attempt.id}:{at.isoformat()}"
    uow.enqueue(FORGET_JOB, {"payment_id": attempt.id}, run_at=at, key=key)


async def kept_until(look: Look, attempt: Attempt) -> datetime | None:
    """Until when this card may still be needed; None: no longer. A fee that is being charged needs
    it until it is settled.
    """
    if not attempt.is_kept_card:
        return None
    try:
        reservation = await reservations.load_reservation(look, attempt.reservation_id)
    except reservations.ReservationNotFound:
        return None
    deposit = await load_deposit(look, reservation.id, attempt.amount.currency)
    if deposit.fee is not None and deposit.fee.is_open:
        return look.now + A_WHILE
    is_over = deposit.fee is not None and deposit.fee.is_paid
    if is_over or not await may_be_charged(look, reservation):
        return None
    until = reservation.starts_at + KEPT_FOR
    return until if until > look.now else None


async def may_be_charged(look: Look, reservation: Reservation) -> bool:
    """Whether a fee may come of it still: they are expected, or did not come, or cancelled late."""
    status, agreed = reservation.status, reservation.agreed
    if agreed is None or status is Status.COMPLETED:
        return False
    if status is not Status.CANCELLED:
        return True
    told = await reservations.list_history(look, reservation.id)
    cancelled = [one.happened_at for one in told if one.what == Status.CANCELLED.value.lower()]
    return bool(cancelled) and not agreed.is_free(cancelled[-1])
