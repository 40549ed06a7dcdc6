"""The fee that a card is charged which was left for it: somebody of the house says so, once."""

from __future__ import annotations

from kitchenasty import reservations
from kitchenasty.deposits import ledger
from kitchenasty.deposits.cards import KEPT_FOR, may_be_charged
from kitchenasty.deposits.models import AttemptKind
from kitchenasty.deposits.queries import load_deposit
from kitchenasty.deposits.service import NothingToDecide, own
from kitchenasty.deposits.views import Attempt, Deposit
from kitchenasty.kit.books import Look, UnitOfWork
from kitchenasty.reservations import Reservation, Status

CHARGE_JOB = "deposits.charge_fee"


async def charge_fee(uow: UnitOfWork, reservation_id: str) -> None:
    """Have the card charged that was left, after the commit; what the bank says is shown with the
    reservation. Raises NothingToDecide, ReservationNotFound, NotYourHouse.
    """
    # Locked: of two who press at once, the second sees that the first did.
    reservation = await own(uow, reservation_id)
    deposit = await load_deposit(uow, reservation.id, "")
    card = await check_chargeable(uow, reservation, deposit)
    assert reservation.agreed is not None, "a card is left for what was agreed"
    fee = await ledger.open_attempt(
        uow, reservation, card.method, reservation.agreed.amount, kind=AttemptKind.FEE
    )
    uow.enqueue(CHARGE_JOB, {"payment_id": fee.id}, key=f"{CHARGE_JOB}:{fee.id}")
    details = {"amount_minor": fee.amount.minor, "currency": fee.amount.currency}
    await reservations.tell_history(uow, reservation.id, "fee_asked", details)


async def check_chargeable(look: Look, reservation: Reservation, deposit: Deposit) -> Attempt:
    """The card. Raises NothingToDecide."""
    if deposit.fee is not None and (deposit.fee.is_open or deposit.fee.is_paid):
        raise NothingToDecide("The fee was charged already, or is being charged.")
    card = deposit.kept_card
    if card is None:
        raise NothingToDecide("No card is kept for this reservation.")
    if reservation.status not in (Status.NO_SHOW, Status.CANCELLED):
        raise NothingToDecide("A fee is for those who did not come, or cancelled late.")
    if not await may_be_charged(look, reservation):
        raise NothingToDecide("They cancelled in time, so nothing is owed.")
    if look.now > reservation.starts_at + KEPT_FOR:
        raise NothingToDecide("It is too late: the time in which they allowed it is over.")
    return card


async def may_charge(look: Look, reservation: Reservation, deposit: Deposit) -> bool:
    """Whether the button is there."""
    try:
        await check_chargeable(look, reservation, deposit)
    except NothingToDecide:
        return False
    return True
