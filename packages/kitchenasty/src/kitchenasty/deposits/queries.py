"""Reading deposits: attempts, what went back, and what is left."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, func, select

from basis.kit.data.statements import Row, Statement, one_of
from basis.money import Money
from kitchenasty import payments
from kitchenasty.deposits.models import (
    AttemptKind,
    DepositKeptRow,
    DepositPaymentRow,
    DepositReturnRow,
    ReturnReason,
)
from kitchenasty.deposits.states import Account
from kitchenasty.deposits.views import Attempt, Deposit, Return
from kitchenasty.kit.books import Look
from kitchenasty.payments import PAID, IntentState, PaymentMethod, ReturnState

REVIEWS_MAX = 100
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
    P.kind,
    P.review,
    P.told_minor,
    P.reviewed_at,
    P.forgotten_at,
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


KEPT_BETWEEN = Statement(
    select(K.currency, func.sum(K.amount_minor))
    .where(
        one_of(K.house_id, "house_ids"),
        K.created_at >= bindparam("since", required=True),
        K.created_at < bindparam("until", required=True),
    )
    .group_by(K.currency)
)
TO_REVIEW = Statement(
    select(P.reservation_id)
    .where(
        P.house_id == bindparam("house_id", required=True),
        P.review.is_not(None),
        P.reviewed_at.is_(None),
        P.state.not_in(PAID),
    )
    .order_by(P.id)
    .limit(REVIEWS_MAX)
)


async def list_to_review(look: Look, house_id: str) -> list[str]:
    """Reservations of which a provider took another sum than was asked for, the oldest first."""
    found = await look.rows(TO_REVIEW, house_id=house_id)
    return list(dict.fromkeys(reservation_id for (reservation_id,) in found))


async def sum_kept(
    look: Look, house_ids: Sequence[str], since: datetime, until: datetime
) -> dict[str, int]:
    """What these houses kept of deposits and fees, less what they let go of, by currency."""
    found = await look.rows(KEPT_BETWEEN, house_ids=house_ids, since=since, until=until)
    return {currency: int(minor) for currency, minor in found}


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
    """The same of many, in four questions."""
    attempts: dict[str, list[Attempt]] = defaultdict(list)
    returns: dict[str, list[Return]] = defaultdict(list)
    for row in await look.rows(OF_RESERVATIONS, reservation_ids=reservation_ids):
        attempts[row[1]].append(attempt_of(row))
    for row in await look.rows(RETURNS, reservation_ids=reservation_ids):
        returns[row[0]].append(return_of(row[1:]))
    kept: dict[str, int] = dict(await look.rows(KEPT, reservation_ids=reservation_ids))
    used = await payments.sum_taken_off(look, reservation_ids)
    spent = {one: (int(kept.get(one, 0)), used.get(one, 0)) for one in reservation_ids}
    return {
        one: deposit_of(attempts[one], returns[one], spent[one], currency)
        for one in reservation_ids
    }


def deposit_of(
    attempts: Sequence[Attempt], returns: Sequence[Return], spent: tuple[int, int], currency: str
) -> Deposit:
    """`spent` is what the house kept, and what paid bills."""
    kept_minor, used_minor = spent
    account = Account(
        currency=attempts[0].amount.currency if attempts else currency,
        paid_minor=sum(one.amount.minor for one in attempts if one.is_paid),
        returned_minor=sum(one.amount.minor for one in returns),
        kept_minor=kept_minor,
        used_minor=used_minor,
    )
    return Deposit(account=account, attempts=tuple(attempts), returns=tuple(returns))


def attempt_of(row: Row) -> Attempt:
    own, reservation_id, house_id, method, state, minor, currency, *rest = row
    provider_ref, charge_ref, failure, created_at, kind, *of_people = rest
    return Attempt(
        own,
        reservation_id,
        house_id,
        PaymentMethod(method),
        IntentState(state),
        Money(minor, currency),
        provider_ref,
        charge_ref,
        failure,
        created_at,
        AttemptKind(kind),
        *of_people,
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
