"""From what happened to orders to what screens are told, exactly once for each event."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from basis.kit.data.outbox import StoredEvent, Subscription
from kitchenasty import locations, orders
from kitchenasty.kit.books import UnitOfWork
from kitchenasty.kit.live import Told, append, append_all
from kitchenasty.kitchen.queries import KEEP_CANCELLED
from kitchenasty.kitchen.topics import (
    HOUSE_BUSY,
    ORDER_MOVED,
    ORDER_PLACED,
    ORDER_RELEASED,
    kitchen_topic,
    order_topic,
)
from kitchenasty.kitchen.views import show_busy, show_ticket
from kitchenasty.orders import OrderStatus, Ticket


async def tell_screens(uow: UnitOfWork, events: Sequence[StoredEvent]) -> None:
    """Append to the kitchen's and the order's topic. The ticket is as of now: newer is fine."""
    order_ids = {event.payload["order_id"] for event in events}
    tickets = await orders.load_tickets(uow, order_ids)
    told: list[Told] = []
    for event in events:
        ticket = tickets.get(event.payload["order_id"])
        if ticket is None:
            continue  # deleted since, which only a person at the database can do
        order = order_words(event, ticket)
        if event.payload.get("was_unpaid"):
            # The kitchen never heard of it; its guest did.
            told.append((order_topic(ticket.id), event.topic, {"order": order}))
            continue
        column = await keep_cancelled(uow, event)
        body = {
            "order": order,
            "ticket": msgspec.to_builtins(show_ticket(ticket, column=column)),
        }
        told.append((kitchen_topic(event.payload["house_id"]), event.topic, body))
        if event.topic == ORDER_MOVED:
            told.append((order_topic(ticket.id), event.topic, {"order": order}))
        elif event.payload["version"] > 1:
            told.append((order_topic(ticket.id), ORDER_RELEASED, {"order": order}))
    await append_all(uow, told)


async def keep_cancelled(uow: UnitOfWork, event: StoredEvent) -> OrderStatus | None:
    """Where a cancelled ticket stood, if the kitchen had it: there it stays until it is seen."""
    if event.payload.get("after") != OrderStatus.CANCELLED:
        return None
    before = OrderStatus(event.payload["before"])
    if before not in orders.KITCHEN_STATUSES:
        return None
    await uow.run(
        KEEP_CANCELLED,
        order_id=event.payload["order_id"],
        house_id=event.payload["house_id"],
        before=before,
        cancelled_at=uow.now,
    )
    return before


def order_words(event: StoredEvent, ticket: Ticket) -> dict[str, Any]:
    """The order as the contract's events name it. Of the guest, rooms are told the account's id
    and nothing else, and only with a move.
    """
    words = {
        "id": ticket.id,
        "orderNumber": ticket.number,
        "status": event.payload.get("after") or OrderStatus.PENDING.value,
        "orderType": ticket.order_type.value,
        "version": event.payload["version"],
    }
    return words | {"customerId": ticket.customer_id} if event.topic == ORDER_MOVED else words


async def tell_how_busy(uow: UnitOfWork, events: Sequence[StoredEvent]) -> None:
    """Append how busy each house is now to its kitchen's topic, whoever said so and where."""
    for house_id in dict.fromkeys(event.payload["house_id"] for event in events):
        try:
            house = await locations.load_house(uow, house_id)
        except locations.HouseNotFound:
            continue
        body = {"busy": msgspec.to_builtins(show_busy(house))}
        await append(uow, kitchen_topic(house_id), HOUSE_BUSY, body)


SCREENS = Subscription("kitchen.screens", (ORDER_PLACED, ORDER_MOVED), tell_screens)
BUSY = Subscription("kitchen.busy", (HOUSE_BUSY,), tell_how_busy)
