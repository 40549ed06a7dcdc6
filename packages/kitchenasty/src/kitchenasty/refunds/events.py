from dataclasses import dataclass
from typing import ClassVar

from basis.events import Event
from kitchenasty.refunds.states import Cause


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundMade(Event):
    """Money of an order was given back, or is on its way. `given_back_minor` is all of it so far,
    this refund included.
    """

    topic: ClassVar[str] = "refund.made"
    refund_id: str
    order_id: str
    house_id: str
    cause: Cause
    amount_minor: int
    tax_minor: int
    given_back_minor: int
    currency: str
