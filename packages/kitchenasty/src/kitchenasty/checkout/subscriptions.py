"""Points are earned by what was handed over, not by what was merely ordered."""

from __future__ import annotations

from collections.abc import Sequence

from kitchenasty import loyalty, orders
from kitchenasty.checkout.points import paid_for_dishes_minor
from kitchenasty.kit.data.outbox import StoredEvent, Subscription
from kitchenasty.kit.data.work import UnitOfWork
from kitchenasty.orders import OrderMoved, OrderStatus

HANDED_OVER = (OrderStatus.DELIVERED, OrderStatus.PICKED_UP)


async def earn_points(uow: UnitOfWork, events: Sequence[StoredEvent]) -> None:
    """For guests with an account, each order once. Sorted by guest: two who hold the points of
    several guests hold them in the same order.
    """
    order_ids = {e.payload["order_id"] for e in events if e.payload["after"] in HANDED_OVER}
    if not order_ids:
        return
    programme = await loyalty.load_programme(uow)
    if not programme.is_on:
        return
    tickets = await orders.load_tickets(uow, order_ids)
    known = [ticket for ticket in tickets.values() if ticket.customer_id is not None]
    for ticket in sorted(known, key=lambda one: (one.customer_id or "", one.id)):
        await earn(uow, programme, ticket)


async def earn(uow: UnitOfWork, programme: loyalty.Programme, ticket: orders.Ticket) -> None:
    order = await orders.load_order(uow, ticket.id)
    explanation = await orders.load_explanation(uow, ticket.id)
    if explanation is None or order.customer_id is None:
        return  # an order older than the price engine is older than the points too
    if programme.holds_for(order.currency):
        points = programme.earned_for(paid_for_dishes_minor(explanation.shares))
        about = loyalty.About(order.id, order.number)
        await loyalty.earn(uow, order.customer_id, about, points)


POINTS = Subscription("checkout.points", (OrderMoved.topic,), earn_points)
