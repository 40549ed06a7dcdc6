"""The keys of the providers, as owners set them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kitchenasty import settings
from kitchenasty.kit.data.work import Look
from kitchenasty.payments.models import PaymentMethod
from kitchenasty.payments.paypal_port import PayPalPort
from kitchenasty.payments.port import Provider
from kitchenasty.payments.stripe_port import StripePort

PAYMENT = settings.Group(
    "payment",
    (
        settings.Field(
            name="stripePublishableKey",
            label="Publishable key",
            environment="STRIPE_PUBLISHABLE_KEY",
            shape=re.compile(r"pk_(test|live)_\w{8,200}"),
            hint="It begins with pk_ and is copied whole.",
        ),
        settings.Field(
            name="stripeSecretKey",
            label="Secret key",
            is_secret=True,
            environment="STRIPE_SECRET_KEY",
            shape=re.compile(r"(sk|rk)_(test|live)_\w{8,300}"),
            hint="It begins with sk_ or rk_ and is copied whole.",
        ),
        settings.Field(
            name="stripeWebhookSecret",
            label="Webhook secret",
            is_secret=True,
            environment="STRIPE_WEBHOOK_SECRET",
            shape=re.compile(r"whsec_\w{8,200}( whsec_\w{8,200})?"),
            hint="It begins with whsec_; of an old and a new one, both with a blank between.",
        ),
        settings.Field(
            name="paypalClientId",
            label="Client ID",
            environment="PAYPAL_CLIENT_ID",
            shape=re.compile(r"[\w-]{16,200}"),
            hint="Letters, digits and dashes, copied whole.",
        ),
        settings.Field(
            name="paypalClientSecret",
            label="Client secret",
            is_secret=True,
            environment="PAYPAL_CLIENT_SECRET",
            shape=re.compile(r"[\w-]{16,200}"),
            hint="Letters, digits and dashes, copied whole.",
        ),
        settings.Field(
            name="paypalSandbox", label="Sandbox", default=False, environment="PAYPAL_SANDBOX"
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Keys:
    """What counts now."""

    values: dict[str, settings.Value]
    given: dict[str, str]

    def provider(self, method: PaymentMethod) -> Provider | None:
        """Who moves the money of this method; None for those that lack their keys."""
        values, given = self.values, self.given
        if method is PaymentMethod.STRIPE and values["stripeSecretKey"]:
            return StripePort(str(values["stripeSecretKey"]), given.get("STRIPE_API_BASE"))
        if (
            method is PaymentMethod.PAYPAL
            and values["paypalClientId"]
            and values["paypalClientSecret"]
        ):
            return PayPalPort(
                str(values["paypalClientId"]),
                str(values["paypalClientSecret"]),
                sandbox=bool(values["paypalSandbox"]),
                api_base=given.get("PAYPAL_API_BASE"),
            )
        return None


async def load_keys(look: Look) -> Keys:
    """Read whenever they are needed: a change counts at once, in every process."""
    return Keys(await settings.load(look, PAYMENT), dict(look.given))
