"""Money over many orders: by which tenders they were paid, and what cash went through a house."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    bindparam,
    column,
    func,
    not_,
    or_,
    select,
    table,
)
from sqlalchemy.orm import InstrumentedAttribute

from basis.kit.data.columns import IdType, UtcDateTime
from basis.kit.data.statements import Statement, one_of
from kitchenasty.kit.books import Look
from kitchenasty.payments.models import (
    PaymentMethod,
    PaymentReturnRow,
    PaymentRow,
    ReturnState,
)
from kitchenasty.payments.states import PAID, IntentState

ORDERS = table(
    "orders",
    column("id", IdType),
    column("house_id", IdType),
    column("tip_minor", BigInteger),
    column("placed_at", UtcDateTime),
)
TENDERS = Statement(
    select(PaymentRow.order_id, PaymentRow.method, PaymentRow.amount_minor)
    .where(
        one_of(PaymentRow.order_id, "ids"), PaymentRow.state.in_(PAID), not_(PaymentRow.is_surplus)
    )
    .order_by(PaymentRow.id)
)
FAILING = Statement(
    select(func.count(PaymentRow.order_id.distinct()))
    .join(ORDERS, ORDERS.c.id == PaymentRow.order_id)
    .where(
        ORDERS.c.placed_at >= bindparam("since", required=True),
        or_(
            bindparam("everywhere", required=True, type_=PaymentRow.is_hosted.type),
            one_of(ORDERS.c.house_id, "houses"),
        ),
        PaymentRow.state == IntentState.FAILED,
        PaymentRow.method.in_((PaymentMethod.STRIPE, PaymentMethod.PAYPAL)),
    )
)


@dataclass(frozen=True, slots=True)
class CashFlow:
    """Cash of one house between two instants, coins' rounding included: what was laid on the
    counter less the change, and what was handed back. `tips_minor` are the tips of the orders that
    were paid so; they are in what was taken.
    """

    payments: int
    taken_minor: int
    tips_minor: int
    returns: int
    returned_minor: int


async def list_tenders(
    look: Look, order_ids: Sequence[str]
) -> dict[str, list[tuple[PaymentMethod, int]]]:
    """What came in for each of these orders, by way of paying, whatever went back since."""
    found: dict[str, list[tuple[PaymentMethod, int]]] = defaultdict(list)
    for order_id, method, minor in await look.rows(TENDERS, ids=order_ids):
        found[order_id].append((PaymentMethod(method), minor))
    return found


async def count_failing(look: Look, house_ids: frozenset[str] | None, *, since: datetime) -> int:
    """Orders placed since then, in these houses or in all, whose guests could not pay online."""
    return int(
        await look.value(
            FAILING, since=since, everywhere=house_ids is None, houses=sorted(house_ids or ())
        )
    )


async def sum_cash(
    look: Look, house_id: str, currency: str, since: datetime, until: datetime
) -> CashFlow:
    """The cash of the orders of a house in one currency, from `since` on and before `until`."""
    given = {"house_id": house_id, "currency": currency, "since": since, "until": until}
    taken = await look.row(TAKEN, **given)
    returned = await look.row(RETURNED, **given)
    assert taken is not None
    assert returned is not None
    return CashFlow(*(int(amount) for amount in (*taken, *returned)))


def of_house(
    counted: Select[*tuple[int, ...]], at: InstrumentedAttribute[datetime | None]
) -> Statement:
    """In cash, by orders of one house, in its currency, within the window."""
    return Statement(
        counted.join(ORDERS, ORDERS.c.id == PaymentRow.order_id).where(
            at >= bindparam("since", required=True),
            at < bindparam("until", required=True),
            PaymentRow.method == PaymentMethod.CASH,
            PaymentRow.currency == bindparam("currency", required=True),
            # Not the bare column: for that SQLite would go through all orders of the house.
            func.coalesce(ORDERS.c.house_id, ORDERS.c.id) == bindparam("house_id", required=True),
        )
    )


def total(minor: ColumnElement[int]) -> ColumnElement[int]:
    return func.coalesce(func.sum(minor), 0)


TAKEN = of_house(
    select(
        func.count(),
        total(PaymentRow.amount_minor + PaymentRow.rounding_minor),
        total(ORDERS.c.tip_minor),
    )
    .select_from(PaymentRow)
    .where(PaymentRow.state.in_(PAID)),
    PaymentRow.collected_at,
)
RETURNED = of_house(
    select(func.count(), total(PaymentReturnRow.amount_minor + PaymentReturnRow.rounding_minor))
    .select_from(PaymentReturnRow)
    .join(PaymentRow, PaymentRow.id == PaymentReturnRow.payment_id)
    .where(PaymentReturnRow.state == ReturnState.DONE),
    PaymentReturnRow.done_at,
)
