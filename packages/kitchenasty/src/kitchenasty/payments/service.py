"""What is due and what was paid: cash and card at the counter or the door, and what an order still
owes. Attempts to pay online are in attempts.py.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Exists,
    bindparam,
    exists,
    func,
    insert,
    not_,
    select,
    update,
)

from basis.errors import Conflict, Invalid
from basis.ids import new_id
from basis.kit.data.statements import Statement, insert_into, one_of
from basis.money import Money
from basis.sentences import Sentence, word
from kitchenasty import audit, gift_cards, settings
from kitchenasty.kit.books import Books, Look, UnitOfWork
from kitchenasty.kit.principals import Principal
from kitchenasty.payments.give_back import PaymentReturn, list_returns
from kitchenasty.payments.keys import CASH_SWITCH, PAYMENT, load_keys
from kitchenasty.payments.models import PaymentMethod, PaymentRow, PaymentStatus
from kitchenasty.payments.states import LIVE, PAID, IntentState, status_word

CLOSE_JOB = "payments.close"
AT_THE_COUNTER = (PaymentMethod.CASH, PaymentMethod.CARD)


class KeysMissing(Conflict):
    """The provider cannot be asked before its keys are saved."""


class PaymentMethodOff(Invalid):
    """The house does not take this way of paying."""


class NothingDue(Conflict):
    """The order is paid already, or nothing is owed for it any more."""


class TooLittle(Invalid):
    """Less was laid on the counter than is due."""


@dataclass(frozen=True, slots=True)
class Payment:
    """A tender. Amounts are minor units of `currency`; `tendered_minor` is what was laid on the
    counter, where somebody counted it.
    """

    id: str
    method: PaymentMethod
    state: IntentState
    amount_minor: int
    currency: str
    created_at: datetime
    is_surplus: bool = False
    failure: str | None = None
    review: str | None = None
    tendered_minor: int | None = None
    rounding_minor: int = 0
    returns: tuple[PaymentReturn, ...] = ()

    @property
    def returned_minor(self) -> int:
        """What of it went back, or is on its way."""
        return sum(one.amount_minor for one in self.returns)

    @property
    def status(self) -> PaymentStatus:
        """The contract's word."""
        return PaymentStatus(status_word(self.state))

    @property
    def counts_as_paid(self) -> bool:
        """Whether the order was paid by it. Money that is going back by itself never was."""
        return self.state in PAID and not self.is_surplus

    @property
    def change_minor(self) -> int | None:
        if self.tendered_minor is None:
            return None
        return self.tendered_minor - self.amount_minor - self.rounding_minor


def is_cash_off() -> Exists:
    return exists(select(1).where(settings.is_saved_as(PAYMENT, CASH_SWITCH, value=False)))


def insert_unless_cash_is_off() -> Statement:
    """One statement for the check and the row: most orders are paid in cash."""
    columns = PaymentRow.__table__.columns
    values = [bindparam(column.key, type_=column.type, required=True) for column in columns]
    return Statement(
        insert(PaymentRow).from_select(
            [column.key for column in columns], select(*values).where(not_(is_cash_off()))
        )
    )


INSERT = insert_into(PaymentRow)
INSERT_CASH = insert_unless_cash_is_off()
OF_ORDER = Statement(
    select(
        PaymentRow.id,
        PaymentRow.method,
        PaymentRow.state,
        PaymentRow.amount_minor,
        PaymentRow.currency,
        PaymentRow.created_at,
        PaymentRow.is_surplus,
        PaymentRow.failure,
        PaymentRow.review,
        PaymentRow.tendered_minor,
        PaymentRow.rounding_minor,
    )
    .where(PaymentRow.order_id == bindparam("order_id", required=True))
    .order_by(PaymentRow.id)
)
DUE_OF_ORDERS = Statement(
    select(PaymentRow.order_id, PaymentRow.amount_minor).where(
        one_of(PaymentRow.order_id, "order_ids"),
        PaymentRow.state.in_(LIVE),
        PaymentRow.method.in_(AT_THE_COUNTER),
    )
)
OPEN_ONLINE = Statement(
    select(PaymentRow.id).where(
        PaymentRow.order_id == bindparam("order_id", required=True),
        PaymentRow.state.in_(LIVE),
        PaymentRow.method.not_in(AT_THE_COUNTER),
    )
)
VOID = Statement(
    update(PaymentRow)
    .where(
        PaymentRow.order_id == bindparam("of_order", required=True),
        PaymentRow.state.in_(LIVE),
    )
    .values(state=IntentState.EXPIRED, updated_at=bindparam("now", required=True))
)
VOID_GIFT_CARD = Statement(
    update(PaymentRow)
    .where(
        PaymentRow.order_id == bindparam("of_order", required=True),
        PaymentRow.method == PaymentMethod.GIFT_CARD,
        PaymentRow.state == IntentState.CAPTURED,
    )
    .values(state=IntentState.EXPIRED, updated_at=bindparam("now", required=True))
)
STEP = bindparam("step", required=True, type_=BigInteger)
COLLECT_CASH = Statement(
    update(PaymentRow)
    .where(
        PaymentRow.order_id == bindparam("of_order", required=True),
        PaymentRow.state.in_(LIVE),
        PaymentRow.method == PaymentMethod.CASH,
    )
    .values(
        state=IntentState.CAPTURED,
        # To the nearest coin, halves up, as orders.totals.round_cash.
        rounding_minor=(PaymentRow.amount_minor * 2 + STEP) // (STEP * 2) * STEP
        - PaymentRow.amount_minor,
        collected_at=bindparam("now", required=True),
        updated_at=bindparam("now", required=True),
    )
)
COLLECT = Statement(
    update(PaymentRow)
    .where(PaymentRow.id == bindparam("payment_id", required=True), PaymentRow.state.in_(LIVE))
    .values(
        state=IntentState.CAPTURED,
        method=bindparam("by", required=True),
        tendered_minor=bindparam("tendered", required=True),
        rounding_minor=bindparam("rounding", required=True),
        collected_at=bindparam("now", required=True),
        updated_at=bindparam("now", required=True),
    )
)
SUM_PAID = Statement(
    select(func.coalesce(func.sum(PaymentRow.amount_minor), 0)).where(
        PaymentRow.order_id == bindparam("order_id", required=True),
        PaymentRow.state.in_(PAID),
        not_(PaymentRow.is_surplus),
    )
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


def parse_method(text: str | None) -> PaymentMethod:
    """A method that guests may choose, in any case of letters; nothing means cash. Whether the
    house takes it is seen when the order is placed. Raises PaymentMethodOff.
    """
    wanted = (text or PaymentMethod.CASH).upper()
    known = {PaymentMethod.CASH, PaymentMethod.STRIPE, PaymentMethod.PAYPAL}
    if wanted not in {method.value for method in known}:
        raise method_off()
    return PaymentMethod(wanted)


def method_off() -> PaymentMethodOff:
    return PaymentMethodOff(
        word("This house does not take this way of paying. Please choose another.")
    )


async def record_due(
    uow: UnitOfWork, order_id: str, method: PaymentMethod, amount: Money
) -> Payment:
    """Note what is to be paid for an order. Raises PaymentMethodOff for a house without cash."""
    statement = INSERT_CASH if method is PaymentMethod.CASH else INSERT
    due = await record(uow, statement, order_id, method, amount, IntentState.CREATED)
    if due is None:
        raise method_off()
    return due


async def record_tender(
    uow: UnitOfWork, order_id: str, method: PaymentMethod, amount: Money
) -> Payment:
    """Note what is paid by now, in this transaction: a gift card's part of an order."""
    paid = await record(uow, INSERT, order_id, method, amount, IntentState.CAPTURED)
    assert paid is not None
    return paid


async def record(  # each is a part of the row
    uow: UnitOfWork,
    statement: Statement,
    order_id: str,
    method: PaymentMethod,
    amount: Money,
    state: IntentState,
) -> Payment | None:
    payment = Payment(new_id(), method, state, amount.minor, amount.currency, uow.now)
    row = row_of(payment, order_id)
    return payment if await uow.run(statement, **row) else None


def row_of(payment: Payment, order_id: str) -> dict[str, Any]:
    return {
        "id": payment.id,
        "order_id": order_id,
        "method": payment.method,
        "state": payment.state,
        "amount_minor": payment.amount_minor,
        "currency": payment.currency,
        "is_hosted": payment.method.is_online,
        "is_surplus": False,
        **dict.fromkeys(("provider_ref", "charge_ref", "failure", "review", "tendered_minor")),
        "rounding_minor": 0,
        "collected_at": None,
        "created_at": payment.created_at,
        "updated_at": payment.created_at,
    }


async def void_due(uow: UnitOfWork, order_id: str) -> None:
    """Nothing is owed any more for an order that was cancelled or paid. Providers are told
    afterwards; what they take nevertheless goes back.
    """
    for (payment_id,) in await uow.rows(OPEN_ONLINE, order_id=order_id):
        uow.enqueue(CLOSE_JOB, {"payment_id": payment_id}, key=f"{CLOSE_JOB}:{payment_id}")
    await uow.run(VOID, of_order=order_id, now=uow.now)


async def void_gift_card(uow: UnitOfWork, order_id: str) -> None:
    """What a gift card paid for an order that was cancelled is on it again at once, as if it had
    never been used. Where a part went back before, the rest goes back as a refund too.
    """
    if await uow.run(VOID_GIFT_CARD, of_order=order_id, now=uow.now):
        await gift_cards.give_back(uow, order_id)


async def collect_cash(uow: UnitOfWork, order_id: str, *, step_minor: int = 1) -> None:
    """Food is handed over against cash: what was due at the counter or the door is paid, rounded to
    the house's smallest coin.
    """
    await uow.run(COLLECT_CASH, of_order=order_id, step=step_minor, now=uow.now)


async def collect(
    uow: UnitOfWork,
    order_id: str,
    method: PaymentMethod,
    *,
    tendered_minor: int | None = None,
    rounding_minor: int = 0,
) -> Payment:
    """What is due was paid at the counter or the door, by CASH or by CARD. With `tendered_minor`
    the payment says what change is due, once coins have rounded what is due by `rounding_minor`.

    Raises NothingDue (also when it was collected a moment ago), TooLittle, PaymentMethodOff.
    """
    if method not in AT_THE_COUNTER:
        raise PaymentMethodOff("At the counter one pays in cash or by card.")
    due = find_due_at_the_counter(await list_payments(uow, order_id))
    if due is None:
        raise nothing_due()
    payable = due.amount_minor + rounding_minor
    if tendered_minor is not None and tendered_minor < payable:
        amount = Money(payable, due.currency)
        raise TooLittle(Sentence.of("At least {amount} is due.", amount=amount))
    tendered = tendered_minor if method is PaymentMethod.CASH else None
    values = {"by": method, "tendered": tendered, "rounding": rounding_minor, "now": uow.now}
    if not await uow.run(COLLECT, payment_id=due.id, **values):
        raise nothing_due()
    await audit.record(
        uow,
        action="collect",
        entity="Order",
        entity_id=order_id,
        after={"method": method.value, "minor": payable, "currency": due.currency},
    )
    collected = [one for one in await list_payments(uow, order_id) if one.id == due.id]
    return collected[0]


def find_due_at_the_counter(payments: Iterable[Payment]) -> Payment | None:
    """What is still to be paid at the counter or the door."""
    found = (one for one in payments if one.state in LIVE and one.method in AT_THE_COUNTER)
    return next(found, None)


async def list_due_at_the_counter(look: Look, order_ids: Collection[str]) -> dict[str, int]:
    """What is still to be paid at the counter or the table, by order, in minor units."""
    if not order_ids:
        return {}
    return {row[0]: row[1] for row in await look.rows(DUE_OF_ORDERS, order_ids=list(order_ids))}


def nothing_due() -> NothingDue:
    return NothingDue(word("Nothing is due for this order any more."))


async def sum_paid(look: Look, order_id: str) -> int:
    """What came in for the order, in minor units, whatever went back since."""
    return int(await look.value(SUM_PAID, order_id=order_id))


async def list_payments(look: Look, order_id: str) -> list[Payment]:
    """What is due or was paid for an order, each with what went back of it."""
    found = [
        Payment(row[0], PaymentMethod(row[1]), IntentState(row[2]), *row[3:])
        for row in await look.rows(OF_ORDER, order_id=order_id)
    ]
    if not any(payment.state in PAID for payment in found):
        return found
    returns = await list_returns(look, order_id)
    return [
        replace(one, returns=tuple(back for back in returns if back.payment_id == one.id))
        for one in found
    ]
