"""Messages as the providers would send them, for tests."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import datetime
from typing import Any

from basis.ids import new_id

SECRET = "whsec_testtesttesttesttesttest"


def stripe_event(kind: str, thing: dict[str, Any], **more: Any) -> bytes:
    event = {"id": f"evt_{new_id()}", "object": "event", "type": kind, "livemode": False}
    return json.dumps({**event, "data": {"object": thing}, **more}).encode()


def stripe_session(ref: str, order_id: str, units: int, currency: str = "eur") -> dict[str, Any]:
    """A page on which was paid."""
    return {
        "id": ref,
        "object": "checkout.session",
        "payment_status": "paid",
        "status": "complete",
        "amount_total": units,
        "currency": currency,
        "payment_intent": f"pi_{ref}",
        "metadata": {"order_id": order_id},
    }


def sign(body: bytes, now: datetime, secret: str = SECRET) -> str:
    """Stripe's header for a body: https://docs.stripe.com/webhooks#verify-manually."""
    stamp = int(now.timestamp())
    mac = hmac.new(secret.encode(), b"%d." % stamp + body, hashlib.sha256)
    return f"t={stamp},v1={mac.hexdigest()}"
