"""A house with keys that the twins know, and the twins; for tests of the slices above too."""

from __future__ import annotations

from kitchenasty import settings
from kitchenasty.kit.books import UnitOfWork
from kitchenasty.payments import PAYMENT
from kitchenasty.payments.tests import paypal_twin
from kitchenasty.payments.tests.paypal_twin import KNOWN
from kitchenasty.payments.tests.signed import SECRET, sign, stripe_event, stripe_session
from kitchenasty.payments.tests.twins import running_twin

__all__ = [
    "DECLINED",
    "GOOD",
    "SECRET",
    "paypal_twin",
    "running_twin",
    "sign",
    "stripe_event",
    "stripe_session",
    "take_money_online",
]

GOOD, DECLINED = "4242424242424242", "4000000000000002"


async def take_money_online(uow: UnitOfWork) -> None:
    """Keys saved, both ways of paying switched on."""
    await settings.change(
        uow,
        PAYMENT,
        {
            "stripeSecretKey": "sk_test_right0000000",
            "paypalClientId": KNOWN[0],
            "paypalClientSecret": KNOWN[1],
            "stripeEnabled": True,
            "paypalEnabled": True,
        },
    )
