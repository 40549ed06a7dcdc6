"""The names of what can be followed, and of what is told there."""

ORDER_PLACED = "order.placed"
ORDER_RELEASED = "order.released"
"""Told to its guest: it waited for its payment, and is paid."""
ORDER_MOVED = "order.moved"
TICKET_SEEN = "ticket.seen"
DISH_CHANGED = "dish.changed"
HOUSE_BUSY = "house.busy"


def kitchen_topic(house_id: str) -> str:
    return f"kitchen:{house_id}"


def order_topic(order_id: str) -> str:
    return f"order:{order_id}"
