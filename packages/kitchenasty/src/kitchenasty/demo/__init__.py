"""A living restaurant to look at: the invented group Juniper & Rye, its menu and five weeks of
orders.
"""

from kitchenasty.demo.people import PASSWORD, PEOPLE
from kitchenasty.demo.service import prepare_demo
from kitchenasty.demo.suppers import Supper, Table

__all__ = ["PASSWORD", "PEOPLE", "Supper", "Table", "prepare_demo"]
