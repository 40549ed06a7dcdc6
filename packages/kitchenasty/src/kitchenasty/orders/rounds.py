"""What a party at a table ordered: one order for each round, until they leave."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import bindparam, select, update

from basis.kit.data.statements import Statement, one_of
from kitchenasty import payments
from kitchenasty.kit.books import Look, UnitOfWork
from kitchenasty.orders.events import OrderMoved, TableOrderChanged
from kitchenasty.orders.models import OrderRow
from kitchenasty.orders.states import OPEN_STATUSES, OrderStatus, OrderType

ROUNDS = Statement(
    select(
        OrderRow.id,
        OrderRow.reservation_id,
        OrderRow.number,
        OrderRow.status,
        OrderRow.version,
        OrderRow.total_minor,
    )
    .where(
        one_of(OrderRow.reservation_id, "parties"),
        OrderRow.reservation_id.is_not(None),
        OrderRow.status != OrderStatus.CANCELLED,
    )
    .order_by(OrderRow.placed_at, OrderRow.id)
)
STILL_CARRIED = Statement(
    select(OrderRow.id, OrderRow.number, OrderRow.status, OrderRow.version).where(
        OrderRow.reservation_id == bindparam("of_party", required=True),
        OrderRow.status.in_(OPEN_STATUSES),
    )
)
CARRY_ELSEWHERE = Statement(
    update(OrderRow)
    .where(OrderRow.id == bindparam("order_id", required=True))
    .values(
        table_id=bindparam("to_table", required=True),
        table_name=bindparam("to_name", required=True),
        version=OrderRow.version + 1,
        updated_at=bindparam("now", required=True),
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """An order of a party. `due_minor` is what of it nobody paid yet."""

    id: str
    number: str
    status: OrderStatus
    version: int
    total_minor: int
    due_minor: int

    @property
    def is_served(self) -> bool:
        return self.status is OrderStatus.DELIVERED


async def list_rounds(look: Look, reservation_ids: Collection[str]) -> dict[str, list[Round]]:
    """By party, oldest first, in two questions however many parties there are; what was cancelled
    is left out, and so are parties that ordered nothing.
    """
    if not reservation_ids:
        return {}
    rows = await look.rows(ROUNDS, parties=list(reservation_ids))
    due = await payments.list_due_at_the_counter(look, [row[0] for row in rows])
    found: dict[str, list[Round]] = defaultdict(list)
    for order_id, reservation_id, number, status, version, total in rows:
        found[reservation_id].append(
            Round(
                id=order_id,
                number=number,
                status=OrderStatus(status),
                version=version,
                total_minor=total,
                due_minor=due.get(order_id, 0),
            )
        )
    return dict(found)


async def carry_elsewhere(
    uow: UnitOfWork, house_id: str, reservation_id: str, table_id: str, table_name: str
) -> None:
    """The party sits at another table: what was not served yet is carried there, and the kitchen
    is told.
    """
    for order_id, number, status, version in await uow.rows(STILL_CARRIED, of_party=reservation_id):
        await uow.run(
            CARRY_ELSEWHERE,
            order_id=order_id,
            to_table=table_id,
            to_name=table_name,
            now=uow.now,
        )
        here = OrderStatus(status)
        # Nobody moved it on: it only says the new table to whoever shows it.
        uow.emit(
            OrderMoved(
                order_id=order_id,
                house_id=house_id,
                number=number,
                order_type=OrderType.DINE_IN,
                before=here,
                after=here,
                reason=None,
                version=version + 1,
            )
        )
        uow.emit(TableOrderChanged(order_id=order_id, house_id=house_id))
