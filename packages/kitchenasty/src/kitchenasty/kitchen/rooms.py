"""Who may follow a kitchen or an order, and what the existing clients are told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kitchenasty import locations, orders
from kitchenasty.kit.books import Look
from kitchenasty.kit.live import Message, Rule
from kitchenasty.kitchen.topics import ORDER_MOVED, ORDER_PLACED

CONTRACT_EVENTS = {ORDER_PLACED: "order:new", ORDER_MOVED: "order:statusUpdate"}


async def may_watch_kitchen(look: Look, house_id: str, _capability: str | None) -> bool:
    """Staff of the house, of any role."""
    return look.actor.may_see_house(house_id)


async def may_follow_order(look: Look, order_id: str, capability: str | None) -> bool:
    """Who holds its capability, the customer whose order it is, or staff of its house."""
    if capability is not None and await orders.is_opened_by(look, order_id, capability):
        return True
    actor = look.actor
    if not (actor.is_staff or actor.is_customer):
        return False
    try:
        order = await orders.load_order(look, order_id)
    except orders.OrderNotFound:
        return False
    if actor.is_customer:
        return order.customer_id is not None and order.customer_id == actor.id
    return actor.may_see_house(order.house_id)


async def list_kitchens(look: Look) -> list[str]:
    """The houses whose kitchens `look.actor` may watch."""
    houses = await locations.list_houses(look)
    return [house.id for house in houses if look.actor.may_see_house(house.id)]


def translate(message: Message) -> tuple[str, dict[str, Any]] | None:
    """Our messages in the contract's words: `order:new` goes to kitchens only."""
    event = CONTRACT_EVENTS.get(message.name)
    return None if event is None else (event, message.body["order"])


ROOM_RULES: Mapping[str, Rule] = {"kitchen": may_watch_kitchen, "order": may_follow_order}
