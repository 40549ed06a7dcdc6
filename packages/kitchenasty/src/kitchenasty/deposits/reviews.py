"""Where a provider took another sum than we asked for: somebody of the house says what it is."""

from __future__ import annotations

from enum import StrEnum

from kitchenasty import reservations
from kitchenasty.deposits import ledger
from kitchenasty.deposits.letters_due import LetterKind, write_to_guest
from kitchenasty.deposits.models import ReturnReason
from kitchenasty.deposits.queries import find_attempt
from kitchenasty.deposits.service import NothingToDecide, own
from kitchenasty.deposits.settling import count_money
from kitchenasty.kit.books import UnitOfWork
from kitchenasty.payments import Found, IntentState


class Verdict(StrEnum):
    """COUNT: what was taken is their deposit. RETURN: it goes back whole. SEEN: it was settled with
    the provider.
    """

    COUNT = "COUNT"
    RETURN = "RETURN"
    SEEN = "SEEN"


async def settle_review(
    uow: UnitOfWork, reservation_id: str, payment_id: str, verdict: Verdict
) -> None:
    """Raises NothingToDecide, ReservationNotFound, NotYourHouse."""
    reservation = await own(uow, reservation_id)
    attempt = await find_attempt(uow, payment_id)
    if attempt is None or attempt.reservation_id != reservation.id or not attempt.wants_review:
        raise NothingToDecide("Somebody has settled this payment already.")
    if verdict is Verdict.SEEN:
        await ledger.review(uow, attempt, attempt.amount)
        await reservations.tell_history(uow, reservation.id, "deposit_seen", {})
        return
    told = attempt.told
    if told is None or told.minor <= 0 or attempt.charge_ref is None:
        raise NothingToDecide("What was taken is not known here. Please settle it at the provider.")
    await ledger.review(uow, attempt, told)
    reviewed = await find_attempt(uow, payment_id)
    assert reviewed is not None, "attempts are never deleted"
    found = Found(IntentState.CAPTURED, charge_ref=attempt.charge_ref, amount=told)
    if verdict is Verdict.COUNT:
        await count_money(uow, reservation, reviewed, found)
        return
    await ledger.mark_attempt(uow, reviewed, found.state, charge_ref=found.charge_ref)
    await ledger.told(uow, reservation, "PAID", told)
    await ledger.give_back_of(uow, reviewed, told, ReturnReason.HOUSE)
    await ledger.told(uow, reservation, "RETURNED", told)
    await write_to_guest(uow, reservation, LetterKind.RETURNED, told)
