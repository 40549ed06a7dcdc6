"""Stripe through its own library: hosted Checkout, PaymentIntents, refunds."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from basis.money import Money
from kitchenasty.payments import stripe_cards
from kitchenasty.payments.port import (
    TIMEOUT_SECONDS,
    Begun,
    CardFee,
    Found,
    ProviderAway,
    ProviderRefused,
    Wish,
)
from kitchenasty.payments.states import IntentState
from kitchenasty.payments.stripe_amounts import amount_of, money_of, units_of

if TYPE_CHECKING:
    import stripe

API_BASE = "https://api.stripe.com"
SESSION = "cs_"
RETRY_SECONDS = 5
STATES = {
    "requires_payment_method": IntentState.REQUIRES_ACTION,
    "requires_confirmation": IntentState.REQUIRES_ACTION,
    "requires_action": IntentState.REQUIRES_ACTION,
    "processing": IntentState.REQUIRES_ACTION,
    "requires_capture": IntentState.AUTHORIZED,
    "succeeded": IntentState.CAPTURED,
    "canceled": IntentState.EXPIRED,
}


class StripePort:
    """One account. `api_base` is another than Stripe's in tests alone."""

    def __init__(self, secret_key: str, api_base: str | None = None) -> None:
        self._key = secret_key
        self._base = api_base or API_BASE

    @property
    def keeps_cards(self) -> bool:
        return True

    async def check_keys(self) -> str:
        async with self._open() as client:
            balance = await client.v1.balance.retrieve_async()
        return "live" if balance.livemode else "test"

    async def begin(self, wish: Wish, *, hosted: bool) -> Begun:
        options: Any = {"idempotency_key": wish.key}
        metadata = {"order_id": wish.order_id, "attempt": wish.key}
        async with self._open() as client:
            if not hosted:
                asked = {**amount_of(wish.amount), "metadata": metadata}
                made = await client.v1.payment_intents.create_async(
                    asked,  # type: ignore[arg-type]  # a plain dict with its two required keys
                    options,
                )
                return Begun(made.id, client_secret=made.client_secret)
            session = await client.v1.checkout.sessions.create_async(
                session_of(wish, metadata), options
            )
            return Begun(session.id, url=session.url)

    async def begin_card(self, wish: Wish) -> Begun:
        metadata = {"order_id": wish.order_id, "attempt": wish.key}
        async with self._open() as client:
            session = await client.v1.checkout.sessions.create_async(
                stripe_cards.session_of(wish, metadata), {"idempotency_key": wish.key}
            )
            return Begun(session.id, url=session.url)

    async def charge_card(self, fee: CardFee) -> Found:
        async with self._open() as client:
            return await stripe_cards.charge(client, fee)

    async def forget_card(self, card_ref: str) -> None:
        async with self._open() as client:
            await stripe_cards.forget(client, card_ref)

    async def find_out(self, ref: str, *, key: str) -> Found:  # nothing is moved
        async with self._open() as client:
            return await look_at(client, ref)

    async def close(self, ref: str, *, key: str) -> Found:
        import stripe  # noqa: PLC0415  # see _open

        async with self._open() as client:
            try:
                if ref.startswith(SESSION):
                    await client.v1.checkout.sessions.expire_async(
                        ref, options={"idempotency_key": f"{key}:close"}
                    )
                else:
                    await client.v1.payment_intents.cancel_async(
                        ref, options={"idempotency_key": f"{key}:close"}
                    )
            except stripe.InvalidRequestError:
                pass  # too late, or closed already: it is looked at either way
            return await look_at(client, ref)

    async def refund(self, charge_ref: str, amount: Money, *, key: str) -> str:
        async with self._open() as client:
            made = await client.v1.refunds.create_async(
                {"payment_intent": charge_ref, "amount": units_of(amount)},
                {"idempotency_key": key},
            )
            return made.id

    @asynccontextmanager
    async def _open(self) -> AsyncIterator[stripe.StripeClient]:
        """A line to Stripe for one errand; its errors become ours, without what was sent."""
        import stripe  # noqa: PLC0415  # 10 MB with what it needs, for houses that use it

        http = stripe.HTTPXClient(timeout=TIMEOUT_SECONDS)
        client = stripe.StripeClient(
            self._key, http_client=http, base_addresses={"api": self._base}, max_network_retries=0
        )
        try:
            yield client
        except (stripe.APIConnectionError, stripe.RateLimitError) as error:
            raise away() from error
        except stripe.AuthenticationError as error:
            raise ProviderRefused("Stripe does not know this secret key.") from error
        except stripe.StripeError as error:
            if error.http_status is None or error.http_status >= 500 or error.http_status == 409:
                raise away() from error
            said = (error.user_message or "without a reason")[:200]
            raise ProviderRefused(f"Stripe refused: {said}") from error
        finally:
            await http.close_async()  # type: ignore[no-untyped-call]


async def look_at(client: stripe.StripeClient, ref: str) -> Found:
    intent_ref: Any = ref
    if ref.startswith(SESSION):
        session = await client.v1.checkout.sessions.retrieve_async(ref)
        if session.status == "expired":
            return Found(IntentState.EXPIRED)
        if session.mode == "setup":
            return await stripe_cards.look_at(client, session)
        intent_ref = session.payment_intent
        if intent_ref is None:
            return Found(IntentState.REQUIRES_ACTION)
    intent = await client.v1.payment_intents.retrieve_async(str(intent_ref))
    state = STATES.get(intent.status, IntentState.REQUIRES_ACTION)
    if state is IntentState.EXPIRED and ref.startswith(SESSION):
        state = IntentState.REQUIRES_ACTION
    failure = intent.last_payment_error
    return Found(
        state,
        charge_ref=intent.id,
        amount=money_of(intent.amount, intent.currency),
        failure=None if failure is None else (failure.message or "")[:200],
    )


def session_of(wish: Wish, metadata: dict[str, str]) -> Any:
    """One line with the order's whole total: Stripe adds nothing up, so nothing can differ."""
    given: dict[str, Any] = {
        "mode": "payment",
        "client_reference_id": wish.order_id,
        "success_url": wish.paid_url,
        "cancel_url": wish.back_url,
        "expires_at": int(wish.expires_at.timestamp()),
        "metadata": metadata,
        "payment_intent_data": {"metadata": metadata},
        "line_items": [
            {
                "quantity": 1,
                "price_data": {
                    "currency": wish.amount.currency.lower(),
                    "unit_amount": units_of(wish.amount),
                    "product_data": {"name": wish.words},
                },
            }
        ],
    }
    return given | ({"customer_email": wish.email} if wish.email else {})


def away() -> ProviderAway:
    return ProviderAway(
        "Stripe does not answer at the moment. Nothing is charged twice: please try again.",
        retry_after=RETRY_SECONDS,
    )
