"""Reading orders: one whole, tickets for the kitchen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any

import msgspec
from sqlalchemy import bindparam, select, text
from sqlalchemy.inspection import inspect

from basis.errors import NotFound
from basis.ids import hash_capability, is_id
from basis.kit.data.statements import Row, Statement, one_of
from kitchenasty.kit.books import Look
from kitchenasty.orders.models import OPEN, OrderHistoryRow, OrderLineRow, OrderRow
from kitchenasty.orders.sums import Sums, sums_of
from kitchenasty.orders.totals import Explanation, TaxTotal
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
CAPABILITY_LENGTH_MAX = 64


class OrderNotFound(NotFound):
    """There is no such order, or it is not for this person to know."""


HIDDEN = {
    "id",
    "capability_hash",
    "locale",
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
LETTER_BOX = Statement(
    select(OrderRow.guest_email, OrderRow.locale).where(
        OrderRow.id == bindparam("order_id", required=True), OrderRow.guest_email.is_not(None)
    )
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
        OrderRow.awaits_payment_until.is_(None),
    )
    .order_by(OrderRow.placed_at)
    .limit(TICKETS_MAX)
)


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


async def find_letter_box(look: Look, order_id: str) -> tuple[str, str | None] | None:
    """The address that the guest left, and the language they ordered in; None without one."""
    row = await look.row(LETTER_BOX, order_id=order_id)
    return None if row is None else (row[0], row[1])


async def load_sums(look: Look, order: Order) -> Sums:
    """What lies between the dishes and the total. Raises OrderNotFound."""
    return sums_of(order, await load_explanation(look, order.id))


async def list_taxes(look: Look, order_id: str) -> tuple[TaxTotal, ...]:
    """Each tax of an order at each rate; empty for an order older than the price engine.

    Raises OrderNotFound.
    """
    explanation = await load_explanation(look, order_id)
    return () if explanation is None else explanation.taxes


async def find_order_by_capability(look: Look, capability: str) -> Order | None:
    """The order that a link opens; None for a link that opens nothing."""
    order_id = await look.value(ID_OF_CAPABILITY, hashed=hash_capability(capability))
    return None if order_id is None else await load_order(look, order_id)


async def load_order_by_capability(look: Look, capability: str) -> Order:
    """The order that a link opens. Raises OrderNotFound for a link that opens nothing."""
    order = None
    if len(capability) <= CAPABILITY_LENGTH_MAX:
        order = await find_order_by_capability(look, capability)
    if order is None:
        raise OrderNotFound("This link opens no order. Please look at it again, or call us.")
    return order


async def load_visible(look: Look, order_id: str) -> Order:
    """The order, if it is of a house that the acting person may see; otherwise there is none.

    Raises OrderNotFound.
    """
    order = await load_order(look, checked_id(order_id))
    if not look.actor.may_see_house(order.house_id):
        raise OrderNotFound("There is no such order.")
    return order


async def may_open(look: Look, order: Order, capability: str | None) -> bool:
    """Whether whoever asks may see the order: staff of its house, the customer whose it is, and who
    has its link.
    """
    actor = look.actor
    if actor.may_see_house(order.house_id):
        return True
    if actor.is_customer and order.customer_id == actor.id:
        return True
    return capability is not None and await is_opened_by(look, order.id, capability)


async def is_opened_by(look: Look, order_id: str, capability: str) -> bool:
    """Whether this link opens this order."""
    found = await look.value(ID_OF_CAPABILITY, hashed=hash_capability(capability))
    return found is not None and found == order_id


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
    return Order(**values, contact=contact, lines=tuple(lines), history=tuple(history))


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
        table=order.table_name,
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
