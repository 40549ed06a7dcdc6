"""The doors of the kitchen, for the composition root."""

from kitchenasty.kitchen.jobs import REGULAR
from kitchenasty.kitchen.pages import KitchenPages
from kitchenasty.kitchen.pushes import NEW
from kitchenasty.kitchen.pushes import WRITERS as PUSHES
from kitchenasty.kitchen.subscriptions import BUSY, SCREENS

SUBSCRIPTIONS = (SCREENS, BUSY, NEW)

__all__ = ["PUSHES", "REGULAR", "SUBSCRIPTIONS", "KitchenPages"]
