"""Amounts in Stripe's units of their currency. Pure."""

from __future__ import annotations

from typing import Any

from basis.money import Money, exponent_of

HUNDREDTHS = {"UGX", "ISK", "HUF", "TWD"}
"""Charged by Stripe in hundredths although they have none: https://docs.stripe.com/currencies."""


def amount_of(amount: Money) -> dict[str, Any]:
    return {"amount": units_of(amount), "currency": amount.currency.lower()}


def units_of(amount: Money) -> int:
    """The amount in Stripe's units of its currency."""
    return amount.minor * factor_of(amount.currency)


def money_of(units: int, currency: str) -> Money:
    code = currency.upper()
    return Money(units // factor_of(code), code)


def factor_of(currency: str) -> int:
    return 100 if currency in HUNDREDTHS and exponent_of(currency) == 0 else 1
