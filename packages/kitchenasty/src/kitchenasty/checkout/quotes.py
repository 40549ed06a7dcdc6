"""Signed quotes: what a cart costs, for a short time, provable without keeping it anywhere.

A quote is `<expiry>.<digest>.<signature>`. The digest is of the cart and of every step of its
price; the signature says that this house made both. An order that brings a quote is priced like
any other: if it comes to the same digest in time, what is charged is what was quoted, to the last
step. Otherwise nothing is ordered and the answer has a new quote.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import msgspec

from basis.errors import Conflict, Invalid
from basis.money import Money
from basis.sentences import Sentence
from basis.signing import derive
from kitchenasty import orders
from kitchenasty.checkout.drafts import CartDraft, PricedCart

LIFE = timedelta(minutes=30)
PURPOSE = "quote"
QUOTE_LENGTH_MAX = 120
DIGEST_BYTES = 20


@dataclass(frozen=True, slots=True)
class Quote:
    """What the guest's device sends back with the order."""

    text: str
    expires_at: datetime


class QuoteForged(Invalid):
    """The text was not made by this server."""


class QuoteStale(Conflict):
    """The quote is too old, or of another cart or price. Nothing was ordered; `quote` is the new
    one for `breakdown`.
    """

    def __init__(self, message: str, *, breakdown: orders.totals.Breakdown, quote: Quote) -> None:
        super().__init__(message, totalMinor=breakdown.total_minor, currency=breakdown.currency)
        self.breakdown = breakdown
        self.quote = quote


def sign_quote(
    secret: str, cart: CartDraft, breakdown: orders.totals.Breakdown, now: datetime
) -> Quote:
    expiry = int((now + LIFE).timestamp())
    told = f"{expiry}.{digest_of(cart, breakdown)}"
    text = f"{told}.{derive(secret, purpose=PURPOSE, subject=told)}"
    return Quote(text, datetime.fromtimestamp(expiry, UTC))


def sign_priced(secret: str, priced: PricedCart, now: datetime) -> Quote | None:
    """A quote for a cart that can be ordered as it is; None while lines, coupon, points, tip or
    address have problems.
    """
    refusals = (
        priced.coupon_refusal, priced.points_refusal, priced.tip_refusal, priced.reach.refusal,
    )  # fmt: skip
    if priced.problems or any(refusal is not None for refusal in refusals):
        return None
    return sign_quote(secret, priced.cart, priced.breakdown, now)


def check_quote(
    secret: str, text: str, cart: CartDraft, breakdown: orders.totals.Breakdown, now: datetime
) -> None:
    """Raises QuoteForged, QuoteStale."""
    told, _, signature = text.rpartition(".")
    made = derive(secret, purpose=PURPOSE, subject=told)
    if not hmac.compare_digest(signature.encode(), made.encode()):
        raise QuoteForged("This quote was not made here. Please ask for a new one.")
    expiry, _, digest = told.partition(".")
    if now.timestamp() < int(expiry) and digest == digest_of(cart, breakdown):
        return
    raise QuoteStale(
        Sentence.of(
            "The total is now {total}. Please look at your order again.",
            total=Money(breakdown.total_minor, breakdown.currency),
        ),
        breakdown=breakdown,
        quote=sign_quote(secret, cart, breakdown, now),
    )


def digest_of(cart: CartDraft, breakdown: orders.totals.Breakdown) -> str:
    """Of all that is bought and every step of its price. Way, time and notes are free as long as
    they change no step: a form without script is sent with the quote of the page before it.
    """
    lines = [(line.dish_id, line.quantity, sorted(line.options)) for line in cart.lines]
    bought = (cart.house_id, cart.coupon_code, lines)
    priced = (breakdown.currency, breakdown.policy, breakdown.total_minor)
    content = msgspec.json.encode((bought, priced, orders.totals.explain(breakdown)))
    digest = hashlib.sha256(content).digest()[:DIGEST_BYTES]
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
