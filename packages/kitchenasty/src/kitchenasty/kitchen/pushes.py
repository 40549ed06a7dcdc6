"""New orders, told to the phones of those who work in a kitchen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from basis.kit.data.outbox import StoredEvent, Subscription
from kitchenasty import locations, orders, push
from kitchenasty.kit.books import UnitOfWork
from kitchenasty.kit.http.i18n import translate, translate_plural
from kitchenasty.kit.http.pages import show_money
from kitchenasty.kitchen.topics import ORDER_PLACED
from kitchenasty.orders import OrderStatus
from kitchenasty.push import About, PushDraft, PushWords, Subject

KIND = "kitchen.new_order"
USEFUL_FOR = timedelta(minutes=30)


async def tell_cooks(uow: UnitOfWork, events: Sequence[StoredEvent]) -> None:
    for event in events:
        order_id, house_id = event.payload["order_id"], event.payload["house_id"]
        await push.send_push(
            uow,
            PushDraft(
                kind=KIND,
                key=f"{KIND}:{order_id}",
                subject=Subject(About.KITCHEN, house_id),
                facts={"order_id": order_id},
                useful_for=USEFUL_FOR,
            ),
        )


async def write_new_order(uow: UnitOfWork, facts: dict[str, Any]) -> PushWords | None:
    """Nothing of the guest. None once somebody has seen to it."""
    try:
        order = await orders.load_order(uow, facts["order_id"])
    except orders.OrderNotFound:
        return None
    if order.status is not OrderStatus.PENDING:
        return None
    house = await locations.load_house(uow, order.house_id)
    count = sum(line.quantity for line in order.lines)
    dishes = translate_plural("{count} dish", "{count} dishes", count).format(count=count)
    return PushWords(
        title=translate("New order {number}").format(number=order.number),
        body=f"{house.name}: {dishes}, {show_money(order.total_minor, order.currency)}",
        link=f"/kitchen/{house.id}",
        tag=f"new:{order.id}",
    )


NEW = Subscription("kitchen.pushed", (ORDER_PLACED,), tell_cooks)
WRITERS = {KIND: write_new_order}
