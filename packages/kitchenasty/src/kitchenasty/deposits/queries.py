"""Reading deposits: attempts, what went back, and what is left."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, select

from basis.money import Money
from kitchenasty.deposits.models import (
    DepositKeptRow,
    DepositPaymentRow,
    DepositReturnRow,
    ReturnReason,
)
from kitchenasty.deposits.states import Account
from kitchenasty.kit.data.statements import Row, Statement, one_of
from kitchenasty.kit.data.work import Look
from kitchenasty.payments import LIVE, PAID, IntentState, PaymentMethod, ReturnState


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt to pay a deposit. Its id is its name towards the provider too (`Wish.key`)."""

    id: str
    reservation_id: str
    house_id: str
    method: PaymentMethod
    state: IntentState
    amount: Money
    provider_ref: str | None
    charge_ref: str | None
    failure: str | None
    created_at: datetime

    @property
    def is_open(self) -> bool:
        return self.state in LIVE

    @property
    def is_paid(self) -> bool:
        return self.state in PAID


@dataclass(frozen=True, slots=True)
class Return:
    """Money on its way back, or there."""

    id: str
    payment_id: str
    amount: Money
    reason: ReturnReason
    state: ReturnState
    failure: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Deposit:
    """All money of one reservation."""

    account: Account
    attempts: tuple[Attempt, ...]
    returns: tuple[Return, ...]

    @property
    def on_its_way(self) -> Money:
        pending = [one for one in self.returns if one.state is ReturnState.PENDING]
        return Money(sum(one.amount.minor for one in pending), self.account.currency)

    def left_of(self, attempt: Attempt) -> int:
        """What of the money of one payment has not gone back."""
        back = sum(one.amount.minor for one in self.returns if one.payment_id == attempt.id)
        return attempt.amount.minor - back if attempt.is_paid else 0


P, B, K = DepositPaymentRow, DepositReturnRow, DepositKeptRow
ATTEMPTS = select(
    P.id,
    P.reservation_id,
    P.house_id,
    P.method,
    P.state,
    P.amount_minor,
    P.currency,
    P.provider_ref,
    P.charge_ref,
    P.failure,
    P.created_at,
)
BY_ID = Statement(ATTEMPTS.where(P.id == bindparam("payment_id", required=True)))
BY_REF = Statement(
    ATTEMPTS.where(
        P.provider_ref == bindparam("ref", required=True),
        P.method == bindparam("of_method", required=True),
    )
)
OF_RESERVATIONS = Statement(
    ATTEMPTS.where(one_of(P.reservation_id, "reservation_ids")).order_by(P.id)
)
RETURNS = Statement(
    select(
        B.reservation_id,
        B.id,
        B.payment_id,
        B.amount_minor,
        B.currency,
        B.reason,
        B.state,
        B.failure,
        B.created_at,
    )
    .where(one_of(B.reservation_id, "reservation_ids"))
    .order_by(B.id)
)
KEPT = Statement(
    select(K.reservation_id, func.sum(K.amount_minor))
    .where(one_of(K.reservation_id, "reservation_ids"))
    .group_by(K.reservation_id)
)


async def find_attempt(look: Look, payment_id: str) -> Attempt | None:
    row = await look.row(BY_ID, payment_id=payment_id)
    return None if row is None else attempt_of(row)


async def find_attempt_by_ref(look: Look, method: PaymentMethod, ref: str) -> Attempt | None:
    row = await look.row(BY_REF, ref=ref, of_method=method)
    return None if row is None else attempt_of(row)


async def list_open_attempts(look: Look, reservation_id: str) -> list[Attempt]:
    rows = await look.rows(OF_RESERVATIONS, reservation_ids=[reservation_id])
    return [one for one in map(attempt_of, rows) if one.is_open]


async def load_deposit(look: Look, reservation_id: str, currency: str) -> Deposit:
    """All money of a reservation; nothing where none was asked for."""
    return (await load_deposits(look, [reservation_id], currency))[reservation_id]


async def load_deposits(
    look: Look, reservation_ids: Sequence[str], currency: str
) -> dict[str, Deposit]:
    """The same of many, in three questions."""
    attempts: dict[str, list[Attempt]] = defaultdict(list)
    returns: dict[str, list[Return]] = defaultdict(list)
    for row in await look.rows(OF_RESERVATIONS, reservation_ids=reservation_ids):
        attempts[row[1]].append(attempt_of(row))
    for row in await look.rows(RETURNS, reservation_ids=reservation_ids):
        returns[row[0]].append(return_of(row[1:]))
    kept: dict[str, int] = dict(await look.rows(KEPT, reservation_ids=reservation_ids))
    return {
        one: deposit_of(attempts[one], returns[one], int(kept.get(one, 0)), currency)
        for one in reservation_ids
    }


def deposit_of(
    attempts: Sequence[Attempt], returns: Sequence[Return], kept_minor: int, currency: str
) -> Deposit:
    account = Account(
        currency=attempts[0].amount.currency if attempts else currency,
        paid_minor=sum(one.amount.minor for one in attempts if one.is_paid),
        returned_minor=sum(one.amount.minor for one in returns),
        kept_minor=kept_minor,
    )
    return Deposit(account=account, attempts=tuple(attempts), returns=tuple(returns))


def attempt_of(row: Row) -> Attempt:
    own, reservation_id, house_id, method, state, minor, currency, *rest = row
    return Attempt(
        own,
        reservation_id,
        house_id,
        PaymentMethod(method),
        IntentState(state),
        Money(minor, currency),
        *rest,
    )


def return_of(row: Row) -> Return:
    own, payment_id, minor, currency, reason, state, failure, created_at = row
    return Return(
        own,
        payment_id,
        Money(minor, currency),
        ReturnReason(reason),
        ReturnState(state),
        failure,
        created_at,
    )
