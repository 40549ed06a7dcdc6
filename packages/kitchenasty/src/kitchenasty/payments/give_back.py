"""Money on its way back to where it came from: one row for each tender that it is shared out to.

Who gets how much back, and why, is decided above (`refunds`); here it is only moved, and never
more of it than came in.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, not_, select, update

from basis.errors import Conflict
from basis.ids import new_id
from basis.kit.data.statements import Statement, insert_into
from basis.money import Money
from basis.sentences import Sentence
from kitchenasty import gift_cards
from kitchenasty.kit.books import Look, UnitOfWork
from kitchenasty.payments.models import (
    PaymentMethod,
    PaymentReturnRow,
    PaymentRow,
    ReturnState,
)
from kitchenasty.payments.states import PAID, IntentState

RETURN_JOB = "payments.give_back"


class MoreThanWasPaid(Conflict):
    """Less money came in for the order, or less of it is left, than is to go back."""


@dataclass(frozen=True, slots=True)
class PaidTender:
    """What came in by one tender, and what of it has gone back or is on its way."""

    payment_id: str
    method: PaymentMethod
    paid_minor: int
    returned_minor: int

    @property
    def left_minor(self) -> int:
        return self.paid_minor - self.returned_minor


@dataclass(frozen=True, slots=True)
class PaymentReturn:
    """A row of `payment_returns`, with the way of paying that it goes back to."""

    id: str
    payment_id: str
    refund_id: str
    method: PaymentMethod
    amount_minor: int
    currency: str
    state: ReturnState
    created_at: datetime
    failure: str | None
    rounding_minor: int


def exactly(_tender: PaidTender, _minor: int) -> int:
    """No rounding: every amount can be handed back."""
    return 0


OF_ORDER = (
    PaymentRow.order_id == bindparam("order_id", required=True),
    PaymentRow.state.in_(PAID),
    # What came too late goes back by itself.
    not_(PaymentRow.is_surplus),
)
TENDERS = select(PaymentRow.id, PaymentRow.method, PaymentRow.amount_minor).where(*OF_ORDER)
LIST_PAID = Statement(TENDERS.order_by(PaymentRow.id))
LOCK_PAID = Statement(TENDERS.order_by(PaymentRow.id).with_for_update())
RETURNED = Statement(
    select(PaymentReturnRow.payment_id, func.sum(PaymentReturnRow.amount_minor))
    .where(PaymentReturnRow.order_id == bindparam("order_id", required=True))
    .group_by(PaymentReturnRow.payment_id)
)
INSERT = insert_into(PaymentReturnRow)
MARK = Statement(
    update(PaymentRow)
    .where(PaymentRow.id == bindparam("payment_id", required=True))
    .values(state=bindparam("after", required=True), updated_at=bindparam("now", required=True))
)
RETURNS = Statement(
    select(
        PaymentReturnRow.id,
        PaymentReturnRow.payment_id,
        PaymentReturnRow.refund_id,
        PaymentRow.method,
        PaymentReturnRow.amount_minor,
        PaymentReturnRow.currency,
        PaymentReturnRow.state,
        PaymentReturnRow.created_at,
        PaymentReturnRow.failure,
        PaymentReturnRow.rounding_minor,
    )
    .join(PaymentRow, PaymentRow.id == PaymentReturnRow.payment_id)
    .where(PaymentReturnRow.order_id == bindparam("order_id", required=True))
    .order_by(PaymentReturnRow.id)
)


async def list_paid(look: Look, order_id: str) -> list[PaidTender]:
    """The tenders that money came in by, as far as one can see without waiting for anybody."""
    return await read_paid(look, LIST_PAID, order_id)


async def lock_paid(uow: UnitOfWork, order_id: str) -> list[PaidTender]:
    """The same, and nobody else gives anything of this order back before the commit. Whoever
    decides on a refund asks for this first and reads the rest afterwards.
    """
    return await read_paid(uow, LOCK_PAID, order_id)


async def read_paid(look: Look, statement: Statement, order_id: str) -> list[PaidTender]:
    paid = await look.rows(statement, order_id=order_id)
    returned = {row[0]: int(row[1]) for row in await look.rows(RETURNED, order_id=order_id)}
    return [
        PaidTender(payment_id, PaymentMethod(method), minor, returned.get(payment_id, 0))
        for payment_id, method, minor in paid
    ]


async def give_back(
    uow: UnitOfWork,
    order_id: str,
    amount: Money,
    refund_id: str,
    *,
    coins: Callable[[PaidTender, int], int] = exactly,
) -> list[tuple[str, int]]:
    """Share an amount out to the order's tenders and move it; answers payment ids and amounts.
    `coins` tells by how much an amount is rounded when it is handed back in cash.

    What was laid on the counter goes back over it at once, and onto a gift card; providers are
    asked afterwards, since nobody is asked over the network inside a transaction. Raises
    MoreThanWasPaid.
    """
    tenders = await lock_paid(uow, order_id)
    shares = spread(tenders, amount)
    for tender, minor in shares:
        await keep_return(
            uow,
            tender,
            Money(minor, amount.currency),
            order_id=order_id,
            refund_id=refund_id,
            rounding_minor=coins(tender, minor) if tender.method is PaymentMethod.CASH else 0,
        )
        if tender.method is PaymentMethod.GIFT_CARD:
            await gift_cards.give_back(uow, order_id, most_minor=minor)
        is_all = minor == tender.left_minor
        after = IntentState.REFUNDED if is_all else IntentState.PARTLY_REFUNDED
        await uow.run(MARK, payment_id=tender.payment_id, after=after, now=uow.now)
    return [(tender.payment_id, minor) for tender, minor in shares]


async def keep_return(
    uow: UnitOfWork,
    tender: PaidTender,
    amount: Money,
    *,
    order_id: str,
    refund_id: str,
    rounding_minor: int,
) -> None:
    """Write down what goes back to one tender, and have its provider asked."""
    return_id, is_online = new_id(), tender.method.is_online
    if is_online:
        uow.enqueue(RETURN_JOB, {"return_id": return_id, "key": return_id})
    await uow.run(
        INSERT,
        id=return_id,
        order_id=order_id,
        payment_id=tender.payment_id,
        refund_id=refund_id,
        amount_minor=amount.minor,
        rounding_minor=rounding_minor,
        currency=amount.currency,
        state=ReturnState.PENDING if is_online else ReturnState.DONE,
        provider_ref=None,
        failure=None,
        created_at=uow.now,
        done_at=None if is_online else uow.now,
    )


def spread(tenders: Sequence[PaidTender], amount: Money) -> list[tuple[PaidTender, int]]:
    """The newest tender first: what was paid last was the part that exceeded the others.

    Raises MoreThanWasPaid.
    """
    left = amount.minor
    shares: list[tuple[PaidTender, int]] = []
    for tender in reversed(tenders):
        minor = min(left, tender.left_minor)
        if minor > 0:
            shares.append((tender, minor))
            left -= minor
    if left:
        most = Money(amount.minor - left, amount.currency)
        raise MoreThanWasPaid(
            Sentence.of("At most {most} can be given back of what was paid.", most=most),
            leftMinor=most.minor,
        )
    return shares


async def list_returns(look: Look, order_id: str) -> list[PaymentReturn]:
    """What went back of an order, or is on its way, oldest first."""
    return [PaymentReturn(*row) for row in await look.rows(RETURNS, order_id=order_id)]
