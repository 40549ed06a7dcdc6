"""Reading orders: one whole, lists, tickets for the kitchen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, and_, bindparam, func, or_, select, text
from sqlalchemy.inspection import inspect

from basis.errors import NotFound
from basis.ids import hash_capability, is_id
from kitchenasty.kit.paging import Cursor, Keyset, Page
from kitchenasty.kit.statements import Row, Statement, one_of
from kitchenasty.kit.work import Look
from kitchenasty.orders.models import OPEN, OrderHistoryRow, OrderLineRow, OrderRow
from kitchenasty.orders.place import name_key, phone_key
from kitchenasty.orders.states import OrderStatus, OrderType
from kitchenasty.orders.totals import Explanation
from kitchenasty.orders.views import (
    Contact,
    HistoryEntry,
    Line,
    LineOption,
    Order,
    Ticket,
    TicketLine,
)

TICKETS_MAX = 500
COUNTED_MAX = 10_000


class OrderNotFound(NotFound):
    """There is no such order, or it is not for this person to know."""


HIDDEN = {
    "id",
    "capability_hash",
    "stock_taken",
    "kitchen_slot",
    "work_minutes",
    "name_key",
    "phone_key",
    "explanation",
}
COLUMNS = ("id", *(c.key for c in inspect(OrderRow).column_attrs if c.key not in HIDDEN))
SELECTED = tuple(getattr(OrderRow, name) for name in COLUMNS)
BY_ID = Statement(select(*SELECTED).where(OrderRow.id == bindparam("order_id", required=True)))
BY_IDS = Statement(select(*SELECTED).where(one_of(OrderRow.id, "ids")))
ID_OF_CAPABILITY = Statement(
    select(OrderRow.id).where(OrderRow.capability_hash == bindparam("hashed", required=True))
)
EXPLANATION = Statement(
    select(OrderRow.explanation).where(OrderRow.id == bindparam("order_id", required=True))
)
LINES = Statement(
    select(
        OrderLineRow.order_id,
        OrderLineRow.id,
        OrderLineRow.dish_id,
        OrderLineRow.name,
        OrderLineRow.quantity,
        OrderLineRow.unit_minor,
        OrderLineRow.total_minor,
        OrderLineRow.note,
        OrderLineRow.allergens,
        OrderLineRow.options,
    )
    .where(one_of(OrderLineRow.order_id, "ids"))
    .order_by(OrderLineRow.order_id, OrderLineRow.position)
)
HISTORY = Statement(
    select(
        OrderHistoryRow.happened_at,
        OrderHistoryRow.actor,
        OrderHistoryRow.actor_name,
        OrderHistoryRow.before,
        OrderHistoryRow.after,
        OrderHistoryRow.reason,
    )
    .where(OrderHistoryRow.order_id == bindparam("order_id", required=True))
    .order_by(OrderHistoryRow.id)
)
# The statuses are written out, so that the planner can use the partial index on open orders.
OPEN_OF_HOUSE = Statement(
    select(*SELECTED)
    .where(
        OrderRow.house_id == bindparam("of_house", required=True),
        text(OPEN),
    )
    .order_by(OrderRow.placed_at)
    .limit(TICKETS_MAX)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderFilter:
    """Which orders of a list; everything that is None or empty lets all through."""

    house_ids: frozenset[str] | None = None
    statuses: tuple[OrderStatus, ...] = ()
    order_type: OrderType | None = None
    customer_id: str | None = None
    placed_from: datetime | None = None
    placed_before: datetime | None = None
    search: str = ""


def checked_id(order_id: str) -> str:
    """The id, if the text is one. Raises OrderNotFound: PostgreSQL would call it an error."""
    if not is_id(order_id):
        raise OrderNotFound("There is no such order.")
    return order_id


async def load_order(look: Look, order_id: str) -> Order:
    """The whole order with lines and history. Raises OrderNotFound."""
    row = await look.row(BY_ID, order_id=order_id)
    if row is None:
        raise OrderNotFound("There is no such order.")
    lines = await lines_of(look, [order_id])
    history = [
        HistoryEntry(
            happened_at=at, actor=actor, actor_name=name, before=before, after=after, reason=reason
        )
        for at, actor, name, before, after, reason in await look.rows(HISTORY, order_id=order_id)
    ]
    return order_of(row, lines[order_id], history)


async def load_explanation(look: Look, order_id: str) -> Explanation | None:
    """How the order's total came about; None for an order older than the price engine.

    Raises OrderNotFound.
    """
    row = await look.row(EXPLANATION, order_id=order_id)
    if row is None:
        raise OrderNotFound("There is no such order.")
    return None if row[0] is None else msgspec.convert(row[0], Explanation)


async def find_order_by_capability(look: Look, capability: str) -> Order | None:
    """The order that a link opens; None for a link that opens nothing."""
    order_id = await look.value(ID_OF_CAPABILITY, hashed=hash_capability(capability))
    return None if order_id is None else await load_order(look, order_id)


async def is_opened_by(look: Look, order_id: str, capability: str) -> bool:
    """Whether this link opens this order."""
    found = await look.value(ID_OF_CAPABILITY, hashed=hash_capability(capability))
    return found is not None and found == order_id


async def list_orders(
    look: Look, wanted: OrderFilter, place: Keyset | Page, *, with_lines: bool = False
) -> list[Order]:
    """Newest first. A keyset costs the same on every page; numbered pages are for the contract."""
    limit = place.limit
    statement = (
        select(*SELECTED)
        .where(*conditions(wanted))
        .order_by(OrderRow.placed_at.desc(), OrderRow.id.desc())
        .limit(limit)
    )
    if isinstance(place, Page):
        statement = statement.offset(place.offset)
    elif place.after is not None:
        statement = statement.where(after(place.after))
    rows = await look.rows(Statement(statement))
    lines = await lines_of(look, [row[0] for row in rows]) if with_lines else {}
    return [order_of(row, lines.get(row[0], []), []) for row in rows]


async def count_orders(look: Look, wanted: OrderFilter) -> int:
    """How many there are, counted up to 10,000: beyond that nobody turns the pages."""
    some = select(OrderRow.id).where(*conditions(wanted)).limit(COUNTED_MAX).subquery()
    return int(await look.value(Statement(select(func.count()).select_from(some))))


def after(cursor: Cursor) -> ColumnElement[bool]:
    return or_(
        OrderRow.placed_at < cursor.at,
        and_(OrderRow.placed_at == cursor.at, OrderRow.id < cursor.id),
    )


def conditions(wanted: OrderFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.house_ids is not None:
        found.append(OrderRow.house_id.in_(sorted(wanted.house_ids)))
    if wanted.statuses:
        found.append(OrderRow.status.in_(wanted.statuses))
    if wanted.order_type is not None:
        found.append(OrderRow.order_type == wanted.order_type)
    if wanted.customer_id is not None:
        found.append(OrderRow.customer_id == wanted.customer_id)
    if wanted.placed_from is not None:
        found.append(OrderRow.placed_at >= wanted.placed_from)
    if wanted.placed_before is not None:
        found.append(OrderRow.placed_at < wanted.placed_before)
    if wanted.search.strip():
        found.append(matches(wanted.search.strip()))
    return found


def matches(search: str) -> ColumnElement[bool]:
    """The beginning of a number, a name or a phone number: each is found through its index."""
    ways = [begins(OrderRow.number, search), begins(OrderRow.name_key, name_key(search))]
    digits = phone_key(search)
    if len(digits) >= 3:
        ways.append(begins(OrderRow.phone_key, digits))
    return or_(*ways)


def begins(column: Any, prefix: str) -> ColumnElement[bool]:
    """A range and not LIKE, so that any collation and any character in it stay harmless."""
    return and_(column >= prefix, column < prefix + "\U0010ffff")


async def list_open_tickets(look: Look, house_id: str) -> list[Ticket]:
    """What the kitchen of a house has before it, oldest first."""
    return await tickets_of(look, await look.rows(OPEN_OF_HOUSE, of_house=house_id))


async def load_tickets(look: Look, order_ids: Collection[str]) -> dict[str, Ticket]:
    """Tickets by order id; ids that are not there are left out."""
    rows = await look.rows(BY_IDS, ids=list(order_ids))
    return {ticket.id: ticket for ticket in await tickets_of(look, rows)}


async def tickets_of(look: Look, rows: Sequence[Row]) -> list[Ticket]:
    lines = await lines_of(look, [row[0] for row in rows])
    return [ticket_of(order_of(row, lines[row[0]], [])) for row in rows]


async def lines_of(look: Look, order_ids: Sequence[str]) -> dict[str, list[Line]]:
    found: dict[str, list[Line]] = defaultdict(list)
    if not order_ids:
        return found
    for (
        order_id,
        line_id,
        dish_id,
        name,
        quantity,
        unit,
        total,
        note,
        allergens,
        options,
    ) in await look.rows(LINES, ids=list(order_ids)):
        found[order_id].append(
            Line(
                id=line_id,
                dish_id=dish_id,
                name=name,
                quantity=quantity,
                unit_minor=unit,
                total_minor=total,
                note=note,
                allergens=None if allergens is None else tuple(allergens),
                options=tuple(LineOption(**option) for option in options),
            )
        )
    return found


def order_of(row: Row, lines: Sequence[Line], history: Sequence[HistoryEntry]) -> Order:
    values: dict[str, Any] = dict(zip(COLUMNS, row, strict=True))
    contact = Contact(
        name=values.pop("guest_name"),
        email=values.pop("guest_email"),
        phone=values.pop("guest_phone"),
    )
    for name, kind in ENUMS.items():
        values[name] = kind(values[name])
    return Order(**values, contact=contact, lines=tuple(lines), history=tuple(history))


ENUMS: dict[str, type[OrderStatus | OrderType]] = {
    "status": OrderStatus,
    "order_type": OrderType,
    "guest_may_cancel_until": OrderStatus,
}


def ticket_of(order: Order) -> Ticket:
    return Ticket(
        id=order.id,
        number=order.number,
        version=order.version,
        status=order.status,
        order_type=order.order_type,
        customer_id=order.customer_id,
        guest_name=order.contact.name,
        placed_at=order.placed_at,
        promised_at=order.promised_at,
        scheduled_at=order.scheduled_at,
        fire_at=order.fire_at,
        note=order.note,
        lines=tuple(ticket_line(line) for line in order.lines),
    )


def ticket_line(line: Line) -> TicketLine:
    return TicketLine(
        dish_id=line.dish_id,
        quantity=line.quantity,
        name=line.name,
        note=line.note,
        options=tuple(
            option.name if option.quantity == 1 else f"{option.quantity} x {option.name}"
            for option in line.options
        ),
        allergens=line.allergens,
    )
