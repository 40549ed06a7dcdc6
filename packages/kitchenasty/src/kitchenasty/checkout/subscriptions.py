"""Points are earned by what was handed over, not by what was merely ordered."""

from __future__ import annotations

from collections.abc import Sequence

from kitchenasty.checkout.points import earn_points
from kitchenasty.kit.data.outbox import StoredEvent, Subscription
from kitchenasty.kit.data.work import UnitOfWork
from kitchenasty.orders import HANDED_OVER, OrderMoved


async def tell_points(uow: UnitOfWork, events: Sequence[StoredEvent]) -> None:
    moved = {e.payload["order_id"] for e in events if e.payload["after"] in HANDED_OVER}
    await earn_points(uow, moved)


POINTS = Subscription("checkout.points", (OrderMoved.topic,), tell_points)
