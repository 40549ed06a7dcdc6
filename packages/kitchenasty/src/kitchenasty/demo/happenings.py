"""What rules know of the last week, so that an owner who tries one sees what it would have done."""

from __future__ import annotations

from datetime import timedelta

from basis.ids import new_id
from basis.kit.data.outbox import StoredEvent
from basis.kit.data.paging import Page
from kitchenasty import automation, orders
from kitchenasty.kit.books import UnitOfWork
from kitchenasty.kit.principals import SYSTEM

A_WEEK = timedelta(days=7)
ORDERS_MAX = 500
ENGINE = automation.Engine(orders.OCCASIONS, ())


async def remember_orders(uow: UnitOfWork) -> None:
    """As the rules would have seen them, had there been any."""
    wanted = orders.OrderFilter(placed_from=uow.now - A_WEEK)
    found = await orders.list_orders(uow, wanted, Page(limit=ORDERS_MAX))
    events = [event for one in found for event in await events_of(uow, one.id)]
    await automation.remember(uow, ENGINE, events, 0)


async def events_of(uow: UnitOfWork, order_id: str) -> list[StoredEvent]:
    order = await orders.load_order(uow, order_id)
    return [event_of(order_id, entry) for entry in order.history if entry.before != entry.after]


def event_of(order_id: str, entry: orders.HistoryEntry) -> StoredEvent:
    """The first line of a history is its placing."""
    payload = {
        "order_id": order_id,
        "before": entry.before,
        "after": entry.after,
        "reason": entry.reason,
    }
    if entry.before is None:
        payload = {"order_id": order_id}
    topic = (orders.OrderPlaced if entry.before is None else orders.OrderMoved).topic
    return StoredEvent(new_id(), topic, payload, entry.happened_at, SYSTEM.label)
