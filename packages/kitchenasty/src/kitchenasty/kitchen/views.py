"""Tickets as the board gets them: the page, the snapshot and the live messages say the same."""

from __future__ import annotations

import msgspec

from basis.kit.http.wire import stamp
from kitchenasty import menu, orders
from kitchenasty.locations import House
from kitchenasty.orders import OrderStatus, Ticket

COLUMNS = orders.KITCHEN_STATUSES


class LineView(msgspec.Struct, rename="camel", kw_only=True):
    dish_id: str
    quantity: int
    name: str
    note: str | None
    options: tuple[str, ...]
    allergens: tuple[str, ...] | None


class TicketView(msgspec.Struct, rename="camel", kw_only=True):
    """`column` is where a cancelled ticket stood and stands, None for all others."""

    id: str
    number: str
    version: int
    status: str
    column: str | None
    order_type: str
    table: str | None
    guest_name: str
    placed_at: str
    promised_at: str
    scheduled_at: str | None
    fire_at: str
    note: str | None
    lines: tuple[LineView, ...]


class BusyView(msgspec.Struct, rename="camel", kw_only=True):
    """`until` of None: until somebody says otherwise."""

    mode: str
    extra_minutes: int
    until: str | None


def show_busy(house: House) -> BusyView:
    until = house.busy_until
    return BusyView(
        mode=house.busy_mode.value,
        extra_minutes=house.busy_extra_minutes,
        until=None if until is None else stamp(until),
    )


def show_ticket(ticket: Ticket, *, column: OrderStatus | None = None) -> TicketView:
    return TicketView(
        id=ticket.id,
        number=ticket.number,
        version=ticket.version,
        status=ticket.status.value,
        column=None if column is None else column.value,
        order_type=ticket.order_type.value,
        table=ticket.table,
        guest_name=ticket.guest_name,
        placed_at=stamp(ticket.placed_at),
        promised_at=stamp(ticket.promised_at),
        scheduled_at=None if ticket.scheduled_at is None else stamp(ticket.scheduled_at),
        fire_at=stamp(ticket.fire_at),
        note=ticket.note,
        lines=tuple(
            LineView(
                dish_id=line.dish_id,
                quantity=line.quantity,
                name=line.name,
                note=line.note,
                options=line.options,
                allergens=in_words(line.allergens),
            )
            for line in ticket.lines
        ),
    )


def in_words(allergens: tuple[str, ...] | None) -> tuple[str, ...] | None:
    """Nobody should have to decode `nuts:walnut` at the pass; unknown stays unknown."""
    if allergens is None:
        return None
    return tuple(menu.ALLERGEN_NAMES.get(code, code) for code in allergens)
