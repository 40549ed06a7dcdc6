"""Valid orders; a test names only what matters to it."""

from __future__ import annotations

from typing import Any

from kitchenasty import checkout, orders, payments

ANNA = orders.Contact(name="Anna Berg", email="anna@guest.example", phone="+49 30 5550101")
ADDRESS = {"line1": "Torstrasse 1", "line2": None, "city": "Berlin", "postalCode": "10119"}


def draft_of(house_id: str, *lines: checkout.CartLine, **fields: Any) -> checkout.OrderDraft:
    """A pickup as soon as possible, paid in cash."""
    cart = checkout.CartDraft(
        house_id=house_id,
        order_type=fields.pop("order_type", orders.OrderType.PICKUP),
        lines=lines,
        scheduled_at=fields.pop("scheduled_at", None),
        coupon_code=fields.pop("coupon_code", None),
        points=fields.pop("points", 0),
    )
    defaults = {"contact": ANNA, "payment_method": payments.PaymentMethod.CASH, "address": ADDRESS}
    return checkout.OrderDraft(cart=cart, **{**defaults, **fields})
