"""Whoever was told at the checkout is a customer once the food was handed over."""

from __future__ import annotations

from collections.abc import Sequence

from basis.kit.data.outbox import StoredEvent, Subscription
from kitchenasty import orders
from kitchenasty.adverts.service import sell
from kitchenasty.kit.books import UnitOfWork


async def hear(uow: UnitOfWork, events: Sequence[StoredEvent]) -> None:
    sold = [
        event.payload["order_id"]
        for event in events
        if event.payload["after"] in orders.HANDED_OVER
    ]
    if sold:
        await sell(uow, sold)


CUSTOMERS = Subscription("adverts.sold", (orders.OrderMoved.topic,), hear)
