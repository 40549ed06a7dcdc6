"""What phones are told about an order: those that follow it when it is there, or will not come;
those of a guest who signed in on them at every step.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import bindparam, select

from basis.kit.data.outbox import StoredEvent, Subscription
from basis.kit.data.statements import Statement
from basis.sentences import word
from kitchenasty import locations, push
from kitchenasty.kit.books import UnitOfWork
from kitchenasty.kit.http.i18n import translate
from kitchenasty.kit.principals import Kind
from kitchenasty.orders.events import OrderMoved
from kitchenasty.orders.models import OrderRow
from kitchenasty.orders.place import capability_of
from kitchenasty.orders.queries import OrderNotFound, load_order
from kitchenasty.orders.states import OrderStatus, OrderType
from kitchenasty.push import About, PushDraft, PushWords, Subject

KIND = "orders.pushed"
USEFUL_FOR = timedelta(hours=1)
"""Whoever is told later has come by then, or asked."""
SAID = {
    OrderStatus.CONFIRMED: word("Your order is confirmed."),
    OrderStatus.PREPARING: word("Your order is being prepared."),
    OrderStatus.READY: word("Your order is ready."),
    OrderStatus.OUT_FOR_DELIVERY: word("Your order is on its way to you."),
    OrderStatus.DELIVERED: word("Your order was delivered."),
    OrderStatus.PICKED_UP: word("Your order was picked up."),
    OrderStatus.CANCELLED: word("Your order was cancelled."),
}
ASKED_FOR = {
    (OrderStatus.READY, OrderType.PICKUP),
    (OrderStatus.OUT_FOR_DELIVERY, OrderType.DELIVERY),
}
GUEST = Statement(
    select(OrderRow.customer_id).where(OrderRow.id == bindparam("order_id", required=True))
)
OF_THE_HOUSE = (f"{Kind.STAFF}:", f"{Kind.KEY}:")


async def tell_phones(uow: UnitOfWork, events: Sequence[StoredEvent]) -> None:
    """One that was called back from the pass and is ready again is told once."""
    for event in events:
        facts = event.payload
        order_id, after = facts["order_id"], OrderStatus(facts["after"])
        if facts.get("was_unpaid") or after not in SAID:
            continue
        if is_asked_for(event, after):
            await tell(uow, Subject(About.ORDER, order_id), order_id, after)
        guest_id = await uow.value(GUEST, order_id=order_id)
        if guest_id is not None:
            await tell(uow, Subject(About.ACCOUNT, guest_id), order_id, after)


def is_asked_for(event: StoredEvent, after: OrderStatus) -> bool:
    """Who follows one order wants to know when it is there; and that it will not be, unless they
    cancelled it themselves.
    """
    if after is OrderStatus.CANCELLED:
        return event.actor.startswith(OF_THE_HOUSE)
    return (after, OrderType(event.payload["order_type"])) in ASKED_FOR


async def tell(uow: UnitOfWork, subject: Subject, order_id: str, after: OrderStatus) -> None:
    await push.send_push(
        uow,
        PushDraft(
            kind=KIND,
            key=f"{order_id}:{after}",
            subject=subject,
            facts={"order_id": order_id, "after": after.value},
            useful_for=USEFUL_FOR,
        ),
    )


async def write_moved(uow: UnitOfWork, facts: dict[str, Any]) -> PushWords | None:
    """Nothing if it was moved on before the message was sent."""
    try:
        order = await load_order(uow, facts["order_id"])
    except OrderNotFound:
        return None
    if order.status != facts["after"]:
        return None
    house = await locations.load_house(uow, order.house_id)
    return PushWords(
        title=f"{translate('Order')} {order.number} · {house.name}",
        body=translate(SAID[order.status]),
        link=f"/t/{capability_of(uow.secret, order.id)}",
        tag=f"order:{order.id}",
        facts={"orderId": order.id, "status": order.status.value},
    )


MOVED = Subscription("orders.pushed", (OrderMoved.topic,), tell_phones)
WRITERS = {KIND: write_moved}
