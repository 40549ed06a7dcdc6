"""The keys of the providers, as owners set them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

from basis.sentences import word
from kitchenasty import settings
from kitchenasty.kit.books import Look
from kitchenasty.payments.models import PaymentMethod
from kitchenasty.payments.paypal_port import PayPalPort
from kitchenasty.payments.port import Provider
from kitchenasty.payments.stripe_port import StripePort

CASH_SWITCH = "cashEnabled"
SWITCHES = {
    PaymentMethod.CASH: CASH_SWITCH,
    PaymentMethod.STRIPE: "stripeEnabled",
    PaymentMethod.PAYPAL: "paypalEnabled",
}
PAYMENT = settings.Group(
    "payment",
    (
        settings.Field(name=CASH_SWITCH, label="At the counter or the door", default=True),
        settings.Field(name="stripeEnabled", label="Card online", default=False),
        settings.Field(name="paypalEnabled", label="PayPal", default=False),
        settings.Field(
            name="holdMinutes",
            label="Minutes to pay",
            default="15",
            shape=re.compile(r"[5-9]|[1-5]\d|60"),
            hint=word("A whole number from 5 to 60."),
        ),
        settings.Field(
            name="stripePublishableKey",
            label="Publishable key",
            environment="STRIPE_PUBLISHABLE_KEY",
            shape=re.compile(r"pk_(test|live)_\w{8,200}"),
            hint=word("It begins with pk_ and is copied whole."),
        ),
        settings.Field(
            name="stripeSecretKey",
            label="Secret key",
            is_secret=True,
            environment="STRIPE_SECRET_KEY",
            shape=re.compile(r"(sk|rk)_(test|live)_\w{8,300}"),
            hint=word("It begins with sk_ or rk_ and is copied whole."),
        ),
        settings.Field(
            name="stripeWebhookSecret",
            label="Webhook secret",
            is_secret=True,
            environment="STRIPE_WEBHOOK_SECRET",
            shape=re.compile(r"whsec_\w{8,200}( whsec_\w{8,200})?"),
            hint=word("It begins with whsec_; of an old and a new one, both with a blank between."),
        ),
        settings.Field(
            name="paypalClientId",
            label="Client ID",
            environment="PAYPAL_CLIENT_ID",
            shape=re.compile(r"[\w-]{16,200}"),
            hint=word("Letters, digits and dashes, copied whole."),
        ),
        settings.Field(
            name="paypalClientSecret",
            label="Client secret",
            is_secret=True,
            environment="PAYPAL_CLIENT_SECRET",
            shape=re.compile(r"[\w-]{16,200}"),
            hint=word("Letters, digits and dashes, copied whole."),
        ),
        settings.Field(
            name="paypalWebhookId",
            label="Webhook ID",
            environment="PAYPAL_WEBHOOK_ID",
            shape=re.compile(r"[A-Za-z0-9]{8,50}"),
            hint=word("Letters and digits, copied whole."),
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

    @property
    def offered(self) -> tuple[PaymentMethod, ...]:
        """The ways of paying that a guest may choose from now."""
        return tuple(
            method
            for method, switch in SWITCHES.items()
            if self.values[switch] and (not method.is_online or self.provider(method) is not None)
        )

    @property
    def card_keepers(self) -> tuple[PaymentMethod, ...]:
        """The ways of paying by which a card can be left now and charged later."""
        providers = {method: self.provider(method) for method in self.offered if method.is_online}
        return tuple(method for method, one in providers.items() if one and one.keeps_cards)

    @property
    def hold(self) -> timedelta:
        """How long an order waits for its money, with all that it took."""
        return timedelta(minutes=int(str(self.values["holdMinutes"])))

    @property
    def stripe_webhook_secrets(self) -> tuple[str, ...]:
        """Both, while the owner changes it."""
        return tuple(str(self.values["stripeWebhookSecret"] or "").split())

    @property
    def is_stripe_live(self) -> bool:
        return "_live_" in str(self.values["stripeSecretKey"])

    @property
    def paypal_webhook_id(self) -> str | None:
        found = self.values["paypalWebhookId"]
        return str(found) if found else None

    @property
    def paypal(self) -> PayPalPort | None:
        values = self.values
        if not (values["paypalClientId"] and values["paypalClientSecret"]):
            return None
        return PayPalPort(
            str(values["paypalClientId"]),
            str(values["paypalClientSecret"]),
            sandbox=bool(values["paypalSandbox"]),
            api_base=self.given.get("PAYPAL_API_BASE"),
        )

    def provider(self, method: PaymentMethod) -> Provider | None:
        """Who moves the money of this method; None for those that lack their keys."""
        values, given = self.values, self.given
        if method is PaymentMethod.STRIPE and values["stripeSecretKey"]:
            return StripePort(str(values["stripeSecretKey"]), given.get("STRIPE_API_BASE"))
        return self.paypal if method is PaymentMethod.PAYPAL else None


async def load_keys(look: Look) -> Keys:
    """Read whenever they are needed: a change counts at once, in every process."""
    return Keys(await settings.load(look, PAYMENT), dict(look.given))
