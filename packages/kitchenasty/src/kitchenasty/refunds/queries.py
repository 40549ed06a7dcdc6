"""Reading what was given back, and what a house lets its managers give."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import msgspec
from sqlalchemy import bindparam, select

from basis.kit.data.statements import Row, Statement, one_of
from kitchenasty import orders
from kitchenasty.kit.books import Look
from kitchenasty.refunds.models import RefundLimitRow, RefundRow
from kitchenasty.refunds.views import Refund

LIMIT_DEFAULT_MINOR = 10_000
"""100.00 EUR, 10,000 JPY, 10.000 KWD: a large dinner, whatever the currency."""


FIELDS = tuple(Refund.__dataclass_fields__)
OF_ORDER = Statement(
    select(*(getattr(RefundRow, name) for name in FIELDS))
    .where(RefundRow.order_id == bindparam("order_id", required=True))
    .order_by(RefundRow.position)
)
OF_ORDERS = Statement(
    select(*(getattr(RefundRow, name) for name in FIELDS))
    .where(one_of(RefundRow.order_id, "ids"))
    .order_by(RefundRow.order_id, RefundRow.position)
)
LIMIT = Statement(
    select(RefundLimitRow.most_minor).where(
        RefundLimitRow.house_id == bindparam("house_id", required=True)
    )
)


async def list_refunds(look: Look, order_id: str) -> list[Refund]:
    """All refunds of an order, oldest first."""
    return [refund_of(row) for row in await look.rows(OF_ORDER, order_id=order_id)]


async def list_refunds_of(look: Look, order_ids: Sequence[str]) -> dict[str, list[Refund]]:
    """All refunds of these orders by order, oldest first."""
    found: dict[str, list[Refund]] = defaultdict(list)
    for row in await look.rows(OF_ORDERS, ids=order_ids):
        refund = refund_of(row)
        found[refund.order_id].append(refund)
    return found


async def load_limit(look: Look, house_id: str) -> int:
    """What managers of the house may give back of one order, in minor units."""
    most = await look.value(LIMIT, house_id=house_id)
    return LIMIT_DEFAULT_MINOR if most is None else int(most)


def refund_of(row: Row) -> Refund:
    values = dict(zip(FIELDS, row, strict=True))
    parts = msgspec.convert(values.pop("parts"), tuple[orders.totals.RefundedPart, ...])
    return Refund(**values, parts=orders.totals.Refund(parts))
