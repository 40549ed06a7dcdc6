"""The tickets that were cancelled and not yet seen."""

from __future__ import annotations

from sqlalchemy import bindparam, delete, select

from basis.kit.data.statements import Statement, insert_unless_there
from kitchenasty.kit.books import Look
from kitchenasty.kitchen.models import CancelledTicketRow
from kitchenasty.orders import OrderStatus

CANCELLED_MAX = 100

KEEP_CANCELLED = insert_unless_there(CancelledTicketRow)
UNSEEN = Statement(
    select(CancelledTicketRow.order_id, CancelledTicketRow.before)
    .where(CancelledTicketRow.house_id == bindparam("of_house", required=True))
    .order_by(CancelledTicketRow.cancelled_at.desc())
    .limit(CANCELLED_MAX)
)
SEE = Statement(
    delete(CancelledTicketRow).where(
        CancelledTicketRow.order_id == bindparam("of_order", required=True),
        CancelledTicketRow.house_id == bindparam("of_house", required=True),
    )
)
FORGET = Statement(
    delete(CancelledTicketRow).where(
        CancelledTicketRow.cancelled_at < bindparam("before_then", required=True)
    )
)


async def list_cancelled(look: Look, house_id: str) -> dict[str, OrderStatus]:
    """Orders by id with the status they had when they were cancelled."""
    rows = await look.rows(UNSEEN, of_house=house_id)
    return {order_id: OrderStatus(before) for order_id, before in rows}
