"""Paying on the wire. Amounts and currencies never come in: they are the order's."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from basis.kit.http.wire import Form, Price, WireStruct

OrderIdText = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
Ref = Annotated[str, msgspec.Meta(min_length=1, max_length=255)]


class OrderToPay(Form, kw_only=True):
    order_id: OrderIdText


class PayPalApproved(Form, kw_only=True):
    """Both must name the same attempt."""

    paypal_order_id: Ref
    order_id: OrderIdText


class CounterPayment(Form, kw_only=True):
    """`tendered` is the cash that was laid on the counter; left out when nobody counted."""

    order_id: OrderIdText
    method: Literal["CASH", "CARD"] = "CASH"
    tendered: Price | None = None


class WaysToPay(WireStruct, kw_only=True):
    """What a guest may choose from, and what an app needs to show Stripe's own fields."""

    methods: list[str]
    stripe_publishable_key: str | None
    hold_minutes: int


class IntentView(WireStruct, kw_only=True):
    client_secret: str


class SessionView(WireStruct, kw_only=True):
    """Where the guest pays, and the provider's name for that page."""

    url: str
    session_id: str


class PayPalOrderView(WireStruct, kw_only=True):
    paypal_order_id: str
    approval_url: str


class PaymentState(WireStruct, kw_only=True):
    """`COMPLETED` when the order is paid, `PENDING` while money may still come, else `FAILED`."""

    status: str
