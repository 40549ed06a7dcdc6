"""Orders that were accepted go to the market, and what happens there comes back to them."""

from __future__ import annotations

from collections.abc import Sequence

from basis.kit.data.outbox import StoredEvent, Subscription
from kitchenasty.handoff import service
from kitchenasty.handoff.events import HandoffMoved
from kitchenasty.handoff.states import UNDER_WAY, HandoffState
from kitchenasty.kit.books import UnitOfWork
from kitchenasty.kit.live import append
from kitchenasty.orders import OrderMoved, OrderStatus, OrderType

BROUGHT_OTHERWISE = frozenset({OrderStatus.CANCELLED, OrderStatus.DELIVERED})


async def follow_orders(uow: UnitOfWork, events: Sequence[StoredEvent]) -> None:
    for event in events:
        facts = event.payload
        if facts["order_type"] != OrderType.DELIVERY:
            continue
        if facts["after"] == OrderStatus.CONFIRMED and facts["before"] == OrderStatus.PENDING:
            await service.begin_handoff(uow, facts["order_id"], facts["house_id"])
        elif facts["after"] in BROUGHT_OTHERWISE:
            await service.take_back(uow, facts["order_id"])


async def follow_market(uow: UnitOfWork, events: Sequence[StoredEvent]) -> None:
    for event in events:
        order_id, state = event.payload["order_id"], HandoffState(event.payload["state"])
        if state in UNDER_WAY:
            is_delivered = state is HandoffState.DELIVERED
            await service.bring_order_along(uow, order_id, is_delivered=is_delivered)
        # The page of the order shows what couriers do, whether or not its own step has changed.
        await append(uow, f"order:{order_id}", event.topic, {"order": {"id": order_id}})


SUBSCRIPTIONS = (
    Subscription("handoff.orders", (OrderMoved.topic,), follow_orders),
    Subscription("handoff.market", (HandoffMoved.topic,), follow_market),
)
