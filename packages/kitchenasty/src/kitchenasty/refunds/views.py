"""A refund as others see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from basis.errors import NotFound
from kitchenasty import orders
from kitchenasty.refunds.states import Cause


class RefundNotFound(NotFound):
    """The order had no such refund."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refund:
    """A refund as it was decided."""

    id: str
    order_id: str
    house_id: str
    cause: Cause
    amount_minor: int
    tax_minor: int
    currency: str
    reason: str
    parts: orders.totals.Refund
    made_at: datetime
    made_by_name: str
