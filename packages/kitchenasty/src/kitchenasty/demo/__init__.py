"""A living restaurant to look at: the invented group Juniper & Rye, its menu and five weeks of
orders.
"""

from kitchenasty.demo.people import PASSWORD, PEOPLE
from kitchenasty.demo.service import prepare_demo

__all__ = ["PASSWORD", "PEOPLE", "prepare_demo"]
