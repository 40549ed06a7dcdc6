"""What becomes of deposits: when a reservation moves, when no money comes, and when the house
decides.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select

from basis.errors import Conflict, Invalid
from basis.ids import new_id
from basis.kit.data.statements import Statement
from basis.money import Money
from kitchenasty import locations, orders, reservation_terms, reservations
from kitchenasty.deposits import ledger
from kitchenasty.deposits.bills import take_off_bills
from kitchenasty.deposits.cards import forget_cards, may_be_charged
from kitchenasty.deposits.dealings import DEALINGS
from kitchenasty.deposits.fates import Fate, fate_of
from kitchenasty.deposits.letters_due import LetterKind, write_to_guest
from kitchenasty.deposits.models import DepositReturnRow, ReturnReason
from kitchenasty.deposits.queries import list_open_attempts, load_deposit
from kitchenasty.deposits.states import Account
from kitchenasty.kit.books import UnitOfWork
from kitchenasty.payments import ReturnState, answering
from kitchenasty.reservation_terms import Ask
from kitchenasty.reservations import Reservation, Status

ASK_HOURS_MAX = 14 * 24
BY_HAND = "by hand"
REFUSED = Statement(
    select(DepositReturnRow.id).where(
        DepositReturnRow.id == bindparam("return_id", required=True),
        DepositReturnRow.reservation_id == bindparam("of_reservation", required=True),
        DepositReturnRow.state == ReturnState.REFUSED,
    )
)
ANSWER = answering(DepositReturnRow)


class NothingToDecide(Conflict):
    """The money is elsewhere than the person thought; the sentence says so."""


class AskRefused(Invalid):
    """Money cannot be asked for so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A reservation went from one status to another at that moment."""

    reservation_id: str
    before: Status
    after: Status
    at: datetime
    is_by_house: bool


async def follow(uow: UnitOfWork, move: Move) -> None:
    """What a move means for the money. Told twice it changes nothing more, and what was true for a
    moment only is passed over.
    """
    try:
        reservation = await reservations.hold_reservation(uow, move.reservation_id)
    except reservations.ReservationNotFound:
        return
    agreed, status = reservation.agreed, move.after
    if agreed is None or reservation.status is not status:
        return
    if status is Status.COMPLETED:
        # Whoever left with an open bill has paid that much of it before.
        await take_off_bills(uow, reservation.id)
    if not await may_be_charged(uow, reservation):
        await forget_cards(uow, reservation)
    if status in (Status.CANCELLED, Status.NO_SHOW):
        for attempt in await list_open_attempts(uow, reservation.id):
            DEALINGS.close_later(uow, attempt)
    deposit = await load_deposit(uow, reservation.id, agreed.currency)
    account = deposit.account
    match fate_of(agreed, status, move.at, is_by_house=move.is_by_house):
        case Fate.RETURN if account.left_minor:
            left = account.left
            await ledger.give_back(uow, reservation, deposit, left.minor, ReturnReason.CANCELLED)
            await write_to_guest(uow, reservation, LetterKind.RETURNED, left)
        case Fate.KEEP if account.left_minor:
            await ledger.keep(uow, reservation, deposit, account.left_minor)
            await write_to_guest(uow, reservation, LetterKind.KEPT, account.left)
        case Fate.HOLD if account.kept_minor and move.before is Status.NO_SHOW:
            # They came after all.
            await ledger.let_go(uow, reservation, deposit, account.kept_minor)
        case _:
            pass


async def lapse(uow: UnitOfWork, reservation_id: str) -> bool:
    """The time to pay is over: the table is free. False where it was paid, or has more time."""
    reservation = await reservations.hold_reservation(uow, reservation_id)
    until = reservation.awaits_deposit_until
    if not reservation.awaits_deposit or until is None or until > uow.now:
        return False
    await reservations.lapse(uow, reservation)
    if reservation.agreed is not None:
        await write_to_guest(uow, reservation, LetterKind.LAPSED, reservation.agreed.amount)
    return True


async def ask(uow: UnitOfWork, reservation_id: str, each: Money, hours: int) -> Reservation:
    """The house asks for a deposit for a table that it wrote down itself; without it the table is
    free again after so many hours. Raises AskRefused, WishRefused, ReservationNotFound.
    """
    reservation = await own(uow, reservation_id)
    terms = await reservation_terms.load_terms(uow, reservation.house_id)
    if reservation.agreed is not None:
        deposit = await load_deposit(uow, reservation.id, each.currency)
        is_secured = bool(deposit.account.left_minor) or deposit.kept_card is not None
        if reservation.awaits_deposit or is_secured:
            raise NothingToDecide("A deposit was asked for already.")
    if not await reservation_terms.takes_money(uow):
        raise AskRefused("Guests cannot pay online here. Switch on a way to pay in the settings.")
    if each.minor <= 0 or not 1 <= hours <= ASK_HOURS_MAX:
        raise AskRefused("Please say how much for each guest, and for how many hours you wait.")
    until = min(uow.now + timedelta(hours=hours), reservation.starts_at)
    if until <= uow.now:
        raise AskRefused("Their time has come already.")
    asked = replace(terms, ask=Ask.DEPOSIT, ask_minor=each.minor, confirms_at_once=True)
    agreed = reservation_terms.agreed_of(
        asked, reservation.party, each.currency, reservation.starts_at
    )
    after = await reservations.ask_for_money(uow, reservation, agreed, until)
    await write_to_guest(uow, after, LetterKind.ASKED, agreed.amount)
    return after


async def waive(uow: UnitOfWork, reservation_id: str) -> Reservation:
    """The table is theirs without it. Raises NothingToDecide, ReservationNotFound."""
    reservation = await own(uow, reservation_id)
    if not reservation.awaits_deposit:
        raise NothingToDecide("This reservation waits for no deposit.")
    after = await reservations.release(uow, reservation, "deposit_waived")
    for attempt in await list_open_attempts(uow, reservation.id):
        DEALINGS.close_later(uow, attempt)
    return after


async def keep_deposit(uow: UnitOfWork, reservation_id: str) -> Account:
    """What is left of it is the house's. Raises NothingToDecide, ReservationNotFound."""
    reservation = await own(uow, reservation_id)
    if await orders.list_rounds(uow, [reservation.id]):
        raise NothingToDecide("Their bill is here: the deposit is taken off when they pay it.")
    deposit = await load_deposit(uow, reservation.id, "")
    if not deposit.account.left_minor:
        raise NothingToDecide("Nothing is left of a deposit here.")
    await ledger.keep(uow, reservation, deposit, deposit.account.left_minor)
    await write_to_guest(uow, reservation, LetterKind.KEPT, deposit.account.left)
    return deposit.account


async def return_deposit(uow: UnitOfWork, reservation_id: str, minor: int) -> Account:
    """So much goes back, also of what was kept. Raises NotSoMuchLeft, ReservationNotFound."""
    reservation = await own(uow, reservation_id)
    deposit = await load_deposit(uow, reservation.id, "")
    account = deposit.account
    missing = minor - account.left_minor
    if 0 < missing <= account.kept_minor:
        await ledger.let_go(uow, reservation, deposit, missing)
        deposit = replace(deposit, account=account.let_go(missing))
    await ledger.give_back(uow, reservation, deposit, minor, ReturnReason.HOUSE)
    await write_to_guest(uow, reservation, LetterKind.RETURNED, Money(minor, account.currency))
    return deposit.account


async def ask_again(uow: UnitOfWork, reservation_id: str, return_id: str) -> None:
    """The provider refused, and what was wrong has been mended. Raises NothingToDecide."""
    reservation = await own(uow, reservation_id)
    await check_refused(uow, reservation, return_id)
    await answer(uow, return_id, ReturnState.REFUSED, ReturnState.PENDING)
    # A provider repeats its refusal to the same key, and has moved nothing under it.
    uow.enqueue(ledger.RETURN_JOB, {"return_id": return_id, "key": new_id()})
    await reservations.tell_history(uow, reservation.id, "deposit_again", {"return_id": return_id})


async def give_by_hand(uow: UnitOfWork, reservation_id: str, return_id: str) -> None:
    """The provider refused, and the guest has the money otherwise. Raises NothingToDecide."""
    reservation = await own(uow, reservation_id)
    await check_refused(uow, reservation, return_id)
    await answer(uow, return_id, ReturnState.REFUSED, ReturnState.DONE, ref=BY_HAND)
    await reservations.tell_history(
        uow, reservation.id, "deposit_by_hand", {"return_id": return_id}
    )


async def answer(
    uow: UnitOfWork,
    return_id: str,
    before: ReturnState,
    after: ReturnState,
    *,
    ref: str | None = None,
    why: str | None = None,
) -> bool:
    """Write down how a return ended, unless somebody did before."""
    at = uow.now if after is ReturnState.DONE else None
    return bool(
        await uow.run(
            ANSWER, return_id=return_id, before=before, after=after, ref=ref, why=why, at=at
        )
    )


async def check_refused(uow: UnitOfWork, reservation: Reservation, return_id: str) -> None:
    found = await uow.value(REFUSED, return_id=return_id, of_reservation=reservation.id)
    if found is None:
        raise NothingToDecide("This money is back, or on its way.")


async def own(uow: UnitOfWork, reservation_id: str) -> Reservation:
    """Held, for somebody of its house. Raises ReservationNotFound, NotYourHouse."""
    found = await reservations.hold_reservation(uow, reservation_id)
    await locations.load_own_house(uow, found.house_id)
    return found
