"""Everything of this slice that the composition root opens."""

from kitchenasty.adverts.jobs import REGULAR
from kitchenasty.adverts.pages import AdvertPages, AgreePages
from kitchenasty.adverts.subscriptions import CUSTOMERS

DOORS = (AdvertPages, AgreePages)

__all__ = ["CUSTOMERS", "DOORS", "REGULAR"]
