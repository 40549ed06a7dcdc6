"""Attempts to pay an order online: one row each, of which one is open for each way of paying.

Rows only: who asks the provider, and what it means for the order, is in the slice `paying`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select, update
from sqlalchemy.inspection import inspect

from basis.ids import new_id
from basis.kit.data.statements import Statement, insert_unless_there
from basis.money import Money
from kitchenasty.kit.books import Look, UnitOfWork
from kitchenasty.payments.models import PaymentMethod, PaymentRow
from kitchenasty.payments.service import Payment, row_of
from kitchenasty.payments.shapes import FAILURE_LENGTH_MAX, naming
from kitchenasty.payments.states import LIVE, IntentState


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt. Its id is its name towards the provider too (`Wish.key`). `is_hosted` where the
    guest pays on a page of the provider's, else in an app of their own.
    """

    id: str
    order_id: str
    method: PaymentMethod
    state: IntentState
    amount: Money
    is_hosted: bool
    is_surplus: bool
    provider_ref: str | None
    charge_ref: str | None
    created_at: datetime

    @property
    def is_open(self) -> bool:
        return self.state in LIVE


NAMES = (
    "id",
    "order_id",
    "method",
    "state",
    "amount_minor",
    "currency",
    "is_hosted",
    "is_surplus",
    "provider_ref",
    "charge_ref",
    "created_at",
)
ATTEMPTS = select(*(getattr(PaymentRow, name) for name in NAMES))
ONLINE = PaymentRow.method.in_((PaymentMethod.STRIPE, PaymentMethod.PAYPAL))
BY_ID = Statement(ATTEMPTS.where(PaymentRow.id == bindparam("payment_id", required=True), ONLINE))
BY_REF = Statement(
    ATTEMPTS.where(
        PaymentRow.provider_ref == bindparam("ref", required=True),
        PaymentRow.method == bindparam("of_method", required=True),
    )
)
OPEN = Statement(
    ATTEMPTS.where(
        PaymentRow.order_id == bindparam("order_id", required=True),
        PaymentRow.state.in_(LIVE),
        ONLINE,
    ).order_by(PaymentRow.id)
)
BEGIN = insert_unless_there(PaymentRow)
NAME = naming(PaymentRow)
MARK = Statement(
    update(PaymentRow)
    .where(
        PaymentRow.id == bindparam("payment_id", required=True),
        PaymentRow.state == bindparam("before", required=True),
    )
    .values(
        state=bindparam("after", required=True),
        is_surplus=bindparam("surplus", required=True),
        charge_ref=bindparam("charge", required=True),
        failure=bindparam("why", required=True),
        updated_at=bindparam("now", required=True),
    )
)
REVIEW = Statement(
    update(PaymentRow)
    .where(PaymentRow.id == bindparam("payment_id", required=True), PaymentRow.review.is_(None))
    .values(review=bindparam("why", required=True), updated_at=bindparam("now", required=True))
)
assert {column.key for column in inspect(PaymentRow).columns} >= set(NAMES)


async def find_attempt(look: Look, payment_id: str) -> Attempt | None:
    row = await look.row(BY_ID, payment_id=payment_id)
    return None if row is None else attempt_of(row)


async def find_attempt_by_ref(look: Look, method: PaymentMethod, ref: str) -> Attempt | None:
    """The attempt that the provider calls so; None for one that is not in the books (yet)."""
    row = await look.row(BY_REF, ref=ref, of_method=method)
    return None if row is None else attempt_of(row)


async def list_open_attempts(look: Look, order_id: str) -> list[Attempt]:
    return [attempt_of(row) for row in await look.rows(OPEN, order_id=order_id)]


async def open_attempt(
    uow: UnitOfWork, order_id: str, method: PaymentMethod, amount: Money, *, is_hosted: bool
) -> Attempt:
    """The open attempt of this order in this way; a new one where there is none. Of two tabs that
    ask at once, both get the same: a unique index keeps the second from beginning another.
    """
    payment = Payment(new_id(), method, IntentState.CREATED, amount.minor, amount.currency, uow.now)
    await uow.run(BEGIN, **{**row_of(payment, order_id), "is_hosted": is_hosted})
    found = [
        one
        for one in await list_open_attempts(uow, order_id)
        if one.method is method and one.is_hosted is is_hosted
    ]
    return found[0]


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
    is_surplus: bool = False,
) -> bool:
    """Move it on; False when somebody else did a moment ago."""
    return bool(
        await uow.run(
            MARK,
            payment_id=attempt.id,
            before=attempt.state,
            after=state,
            surplus=is_surplus or attempt.is_surplus,
            charge=charge_ref or attempt.charge_ref,
            why=failure and failure[:FAILURE_LENGTH_MAX],
            now=uow.now,
        )
    )


async def keep_for_review(uow: UnitOfWork, attempt: Attempt, why: str) -> bool:
    """A person must look at it; the first reason stays. False when there was one already."""
    why = why[:FAILURE_LENGTH_MAX]
    return bool(await uow.run(REVIEW, payment_id=attempt.id, why=why, now=uow.now))


def attempt_of(row: tuple[object, ...]) -> Attempt:
    found = dict(zip(NAMES, row, strict=True))
    amount = Money(found.pop("amount_minor"), found.pop("currency"))  # type: ignore[arg-type]
    return Attempt(
        **{  # type: ignore[arg-type]  # as the columns say
            **found,
            "method": PaymentMethod(str(found["method"])),
            "state": IntentState(str(found["state"])),
            "amount": amount,
        }
    )
