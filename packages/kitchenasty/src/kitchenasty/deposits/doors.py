"""The doors of deposits, for the composition root."""

from kitchenasty.deposits.jobs import ERRANDS
from kitchenasty.deposits.letters import WRITERS
from kitchenasty.deposits.pages import DepositPages, show_beside
from kitchenasty.deposits.routes import DepositsApi
from kitchenasty.deposits.subscriptions import SUBSCRIPTIONS

DOORS = (DepositPages, DepositsApi)

__all__ = ["DOORS", "ERRANDS", "SUBSCRIPTIONS", "WRITERS", "show_beside"]
