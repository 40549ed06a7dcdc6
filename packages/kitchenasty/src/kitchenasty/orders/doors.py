"""The doors of orders, for the composition root."""

from kitchenasty.orders.occasions import OCCASIONS
from kitchenasty.orders.outward import TOPICS
from kitchenasty.orders.pushes import MOVED
from kitchenasty.orders.pushes import WRITERS as PUSHES
from kitchenasty.orders.routes import OrdersApi
from kitchenasty.orders.split_routes import SplitsApi
from kitchenasty.orders.texts import READY

SUBSCRIPTIONS = (READY, MOVED)

__all__ = [
    "OCCASIONS",
    "PUSHES",
    "SUBSCRIPTIONS",
    "TOPICS",
    "OrdersApi",
    "SplitsApi",
]
