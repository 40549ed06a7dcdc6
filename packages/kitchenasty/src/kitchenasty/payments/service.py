"""Cash at the counter or at the door. Other ways to pay come in by the same functions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select, update

from basis.errors import Conflict, Invalid
from basis.ids import new_id
from basis.money import Money
from kitchenasty.kit.data.books import Books
from kitchenasty.kit.data.statements import Statement, insert_into
from kitchenasty.kit.data.work import Look, UnitOfWork
from kitchenasty.kit.principals import Principal
from kitchenasty.payments.keys import load_keys
from kitchenasty.payments.models import PaymentMethod, PaymentRow, PaymentStatus


class KeysMissing(Conflict):
    """The provider cannot be asked before its keys are saved."""


class PaymentMethodOff(Invalid):
    """The house does not take this way of paying."""


@dataclass(frozen=True, slots=True)
class Payment:
    id: str
    method: PaymentMethod
    status: PaymentStatus
    amount_minor: int
    currency: str
    created_at: datetime


INSERT = insert_into(PaymentRow)
OF_ORDER = Statement(
    select(
        PaymentRow.id,
        PaymentRow.method,
        PaymentRow.status,
        PaymentRow.amount_minor,
        PaymentRow.currency,
        PaymentRow.created_at,
    )
    .where(PaymentRow.order_id == bindparam("order_id", required=True))
    .order_by(PaymentRow.id)
)
VOID = Statement(
    update(PaymentRow)
    .where(
        PaymentRow.order_id == bindparam("of_order", required=True),
        PaymentRow.status == PaymentStatus.PENDING,
    )
    .values(status=PaymentStatus.FAILED, updated_at=bindparam("now", required=True))
)

COLLECT_CASH = Statement(
    update(PaymentRow)
    .where(
        PaymentRow.order_id == bindparam("of_order", required=True),
        PaymentRow.status == PaymentStatus.PENDING,
        PaymentRow.method == PaymentMethod.CASH,
    )
    .values(status=PaymentStatus.COMPLETED, updated_at=bindparam("now", required=True))
)


async def check_keys(books: Books, actor: Principal, method: PaymentMethod) -> str:
    """Try the saved keys at the provider; answers `live` or `test`.

    Raises KeysMissing, ProviderRefused, ProviderAway.
    """
    async with books.reading(actor) as look:
        provider = (await load_keys(look)).provider(method)
    if provider is None:
        raise KeysMissing("Save the keys first, then test them.")
    return await provider.check_keys()


def offered_methods() -> tuple[PaymentMethod, ...]:
    """The ways of paying that a guest may choose from."""
    return (PaymentMethod.CASH,)


def parse_method(text: str | None) -> PaymentMethod:
    """The method of the contract, in any case of letters; nothing means cash.

    Raises PaymentMethodOff.
    """
    wanted = (text or PaymentMethod.CASH).upper()
    if wanted not in {method.value for method in offered_methods()}:
        raise PaymentMethodOff("This house takes cash only, at the counter or at the door.")
    return PaymentMethod(wanted)


async def record_due(
    uow: UnitOfWork, order_id: str, method: PaymentMethod, amount: Money
) -> Payment:
    """Note what is to be paid for an order."""
    due = Payment(
        id=new_id(),
        method=method,
        status=PaymentStatus.PENDING,
        amount_minor=amount.minor,
        currency=amount.currency,
        created_at=uow.now,
    )
    await uow.run(
        INSERT,
        id=due.id,
        order_id=order_id,
        method=due.method,
        status=due.status,
        amount_minor=due.amount_minor,
        currency=due.currency,
        created_at=due.created_at,
        updated_at=due.created_at,
    )
    return due


async def void_due(uow: UnitOfWork, order_id: str) -> None:
    """Nothing is owed for an order that was cancelled before it was paid."""
    await uow.run(VOID, of_order=order_id, now=uow.now)


async def collect_cash(uow: UnitOfWork, order_id: str) -> None:
    """Food is handed over against cash: what was due at the counter or the door is paid."""
    await uow.run(COLLECT_CASH, of_order=order_id, now=uow.now)


async def list_payments(look: Look, order_id: str) -> list[Payment]:
    return [
        Payment(row[0], PaymentMethod(row[1]), PaymentStatus(row[2]), *row[3:])
        for row in await look.rows(OF_ORDER, order_id=order_id)
    ]
