"""The rows of deposits: attempts move on, money that moves is a new row. Whoever calls this holds
the reservation (`reservations.hold_reservation`).
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import bindparam, update

from basis.ids import new_id
from basis.kit.data.statements import Statement, insert_into, insert_unless_there
from basis.money import Money
from kitchenasty import payments, reservations
from kitchenasty.deposits.events import DepositChanged
from kitchenasty.deposits.models import (
    AttemptKind,
    DepositKeptRow,
    DepositPaymentRow,
    DepositReturnRow,
    ReturnReason,
)
from kitchenasty.deposits.queries import list_open_attempts
from kitchenasty.deposits.views import Attempt, Deposit
from kitchenasty.kit.books import UnitOfWork
from kitchenasty.payments import FAILURE_LENGTH_MAX, Found, IntentState, PaymentMethod, ReturnState
from kitchenasty.reservations import Reservation

RETURN_JOB = "deposits.give_back"
P = DepositPaymentRow
BEGIN = insert_unless_there(DepositPaymentRow)
INSERT_RETURN = insert_into(DepositReturnRow)
INSERT_KEPT = insert_into(DepositKeptRow)
NAME = payments.naming(P)
MARK = Statement(
    update(P)
    .where(
        P.id == bindparam("payment_id", required=True),
        P.state == bindparam("before", required=True),
    )
    .values(
        state=bindparam("after", required=True),
        charge_ref=bindparam("charge", required=True),
        failure=bindparam("why", required=True),
        captured_at=bindparam("taken_at", required=True),
        updated_at=bindparam("now", required=True),
    )
)
REVIEW = Statement(
    update(P)
    .where(P.id == bindparam("payment_id", required=True), P.review.is_(None))
    .values(
        review=bindparam("why", required=True),
        told_minor=bindparam("told", required=True),
        charge_ref=bindparam("charge", required=True),
        updated_at=bindparam("now", required=True),
    )
)
REVIEWED = Statement(
    update(P)
    .where(P.id == bindparam("payment_id", required=True), P.reviewed_at.is_(None))
    .values(
        amount_minor=bindparam("minor", required=True),
        reviewed_at=bindparam("now", required=True),
        updated_at=bindparam("now", required=True),
    )
)
FORGET = Statement(
    update(P)
    .where(P.id == bindparam("payment_id", required=True))
    .values(
        state=IntentState.EXPIRED,
        charge_ref=None,
        forgotten_at=bindparam("now", required=True),
        updated_at=bindparam("now", required=True),
    )
)


async def open_attempt(
    uow: UnitOfWork,
    reservation: Reservation,
    method: PaymentMethod,
    amount: Money,
    *,
    kind: AttemptKind = AttemptKind.PAYMENT,
) -> Attempt:
    """The open attempt of this reservation in this way; a new one where there is none. Of two tabs
    that ask at once, both get the same: a unique index keeps the second from beginning another.
    """
    await uow.run(
        BEGIN,
        id=new_id(),
        reservation_id=reservation.id,
        house_id=reservation.house_id,
        method=method,
        kind=kind,
        state=IntentState.CREATED,
        amount_minor=amount.minor,
        currency=amount.currency,
        provider_ref=None,
        charge_ref=None,
        failure=None,
        review=None,
        told_minor=None,
        reviewed_at=None,
        forgotten_at=None,
        captured_at=None,
        created_at=uow.now,
        updated_at=uow.now,
    )
    found = await list_open_attempts(uow, reservation.id)
    return next(one for one in found if one.method is method and one.kind is kind)


async def name_attempt(uow: UnitOfWork, attempt: Attempt, ref: str) -> None:
    """Note what the provider calls it, whatever became of it meanwhile."""
    await uow.run(NAME, payment_id=attempt.id, ref=ref, now=uow.now)


async def mark_attempt(
    uow: UnitOfWork,
    attempt: Attempt,
    state: IntentState,
    *,
    charge_ref: str | None = None,
    failure: str | None = None,
) -> bool:
    """Move it on; False when somebody else did a moment ago."""
    return bool(
        await uow.run(
            MARK,
            payment_id=attempt.id,
            before=attempt.state,
            after=state,
            charge=charge_ref or attempt.charge_ref,
            why=failure and failure[:FAILURE_LENGTH_MAX],
            taken_at=uow.now if state is IntentState.CAPTURED else None,
            now=uow.now,
        )
    )


async def keep_for_review(uow: UnitOfWork, attempt: Attempt, found: Found, why: str) -> bool:
    """A person must look at it; the first reason stays. False when there was one already."""
    is_ours = found.amount is not None and found.amount.currency == attempt.amount.currency
    return bool(
        await uow.run(
            REVIEW,
            payment_id=attempt.id,
            why=why[:FAILURE_LENGTH_MAX],
            told=found.amount.minor if is_ours and found.amount else None,
            charge=found.charge_ref or attempt.charge_ref,
            now=uow.now,
        )
    )


async def review(uow: UnitOfWork, attempt: Attempt, amount: Money) -> bool:
    """Somebody looked at it, and the sum is this. False when somebody did before."""
    return bool(await uow.run(REVIEWED, payment_id=attempt.id, minor=amount.minor, now=uow.now))


async def forget_card(uow: UnitOfWork, payment_id: str) -> None:
    """The provider keeps it no more, and we its name neither."""
    await uow.run(FORGET, payment_id=payment_id, now=uow.now)


async def give_back(
    uow: UnitOfWork,
    reservation: Reservation,
    deposit: Deposit,
    minor: int,
    reason: ReturnReason,
) -> None:
    """Out of what is left, to where it came from. Raises NotSoMuchLeft."""
    deposit.account.give_back(minor)
    for attempt, part in shares(deposit, minor):
        await give_back_of(uow, attempt, Money(part, attempt.amount.currency), reason)
    await told(uow, reservation, "RETURNED", Money(minor, deposit.account.currency))


def shares(deposit: Deposit, minor: int) -> Sequence[tuple[Attempt, int]]:
    """The newest payment first."""
    found: list[tuple[Attempt, int]] = []
    for attempt in reversed(deposit.attempts):
        part = min(minor, deposit.left_of(attempt))
        if part > 0:
            found.append((attempt, part))
            minor -= part
    assert minor == 0, "the account was asked before"
    return found


async def give_back_of(
    uow: UnitOfWork, attempt: Attempt, amount: Money, reason: ReturnReason
) -> None:
    """Write down what goes back, and have the provider asked after the commit."""
    return_id = new_id()
    uow.enqueue(RETURN_JOB, {"return_id": return_id, "key": return_id})
    await uow.run(
        INSERT_RETURN,
        id=return_id,
        reservation_id=attempt.reservation_id,
        payment_id=attempt.id,
        amount_minor=amount.minor,
        currency=amount.currency,
        reason=reason,
        state=ReturnState.PENDING,
        provider_ref=None,
        failure=None,
        created_at=uow.now,
        done_at=None,
    )


async def keep(uow: UnitOfWork, reservation: Reservation, deposit: Deposit, minor: int) -> None:
    """It is the house's. Raises NotSoMuchLeft."""
    deposit.account.keep(minor)
    await write_kept(uow, reservation, Money(minor, deposit.account.currency))
    await told(uow, reservation, "KEPT", Money(minor, deposit.account.currency))


async def let_go(uow: UnitOfWork, reservation: Reservation, deposit: Deposit, minor: int) -> None:
    """It is the guest's again. Raises NotSoMuchLeft."""
    deposit.account.let_go(minor)
    await write_kept(uow, reservation, Money(-minor, deposit.account.currency))
    await told(uow, reservation, "LET_GO", Money(minor, deposit.account.currency))


async def write_kept(uow: UnitOfWork, reservation: Reservation, amount: Money) -> None:
    await uow.run(
        INSERT_KEPT,
        id=new_id(),
        reservation_id=reservation.id,
        house_id=reservation.house_id,
        amount_minor=amount.minor,
        currency=amount.currency,
        created_at=uow.now,
    )


async def told(uow: UnitOfWork, reservation: Reservation, what: str, amount: Money) -> None:
    """To the history of the reservation, the trail of the house, and who shows it."""
    details = {"amount_minor": amount.minor, "currency": amount.currency}
    await reservations.tell_history(uow, reservation.id, f"deposit_{what.lower()}", details)
    uow.emit(
        DepositChanged(
            reservation_id=reservation.id,
            house_id=reservation.house_id,
            what=what,
            amount_minor=amount.minor,
            currency=amount.currency,
        )
    )
