"""How old a ticket is, measured against what its guest was promised. Pure."""

from __future__ import annotations

from datetime import datetime

from kitchenasty.orders import OrderStatus, Ticket

WARN_PERCENT = 70
LATE_PERCENT = 100
SECONDS_PER_MINUTE = 60


def is_for_later(ticket: Ticket, now: datetime) -> bool:
    """Ordered for a time whose cooking has not begun and need not yet."""
    waits = ticket.status in (OrderStatus.PENDING, OrderStatus.CONFIRMED)
    return waits and ticket.scheduled_at is not None and now < ticket.fire_at


def minutes_left(ticket: Ticket, now: datetime) -> int:
    """Whole minutes until the promise; negative once it is broken."""
    return int((ticket.promised_at - now).total_seconds() // SECONDS_PER_MINUTE)


def used_percent(ticket: Ticket, now: datetime) -> int:
    """How much of the time between firing and the promise is gone, 0 to 100 and beyond."""
    start = min(ticket.fire_at, ticket.promised_at)
    if start == ticket.promised_at:
        start = min(ticket.placed_at, start)
    whole = (ticket.promised_at - start).total_seconds()
    if whole <= 0:
        return LATE_PERCENT if now >= ticket.promised_at else 0
    return max(0, int(100 * (now - start).total_seconds() // whole))


def tone_of(percent: int) -> str:
    """`calm`, `soon` from 70 %, `late` from 100 %."""
    if percent >= LATE_PERCENT:
        return "late"
    return "soon" if percent >= WARN_PERCENT else "calm"


def order_of(ticket: Ticket) -> tuple[datetime, datetime, str]:
    """Where a ticket stands: by when it is fired, and nothing that ever changes."""
    return ticket.fire_at, ticket.placed_at, ticket.id
