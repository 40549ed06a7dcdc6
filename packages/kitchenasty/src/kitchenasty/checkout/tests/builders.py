"""Valid orders; a test names only what matters to it."""

from __future__ import annotations

from typing import Any

from kitchenasty import checkout, locations, orders, payments

ANNA = orders.Contact(name="Anna Berg", email="anna@guest.example", phone="+49 30 5550101")
ADDRESS = {"line1": "Torstrasse 1", "line2": None, "city": "Berlin", "postalCode": "10119"}


def draft_of(house_id: str, *lines: checkout.CartLine, **fields: Any) -> checkout.OrderDraft:
    """A pickup as soon as possible, paid in cash."""
    defaults = {"contact": ANNA, "payment_method": payments.PaymentMethod.CASH, "address": ADDRESS}
    given = {**defaults, **fields}
    where = given["address"] or {}
    cart = checkout.CartDraft(
        house_id=house_id,
        order_type=given.pop("order_type", orders.OrderType.PICKUP),
        lines=lines,
        scheduled_at=given.pop("scheduled_at", None),
        coupon_code=given.pop("coupon_code", None),
        points=given.pop("points", 0),
        gift_card=given.pop("gift_card", None),
        tip=given.pop("tip", None),
        where=locations.Whereabouts.of(where.get("postalCode"), where.get("lat"), where.get("lng")),
    )
    return checkout.OrderDraft(cart=cart, **given)
