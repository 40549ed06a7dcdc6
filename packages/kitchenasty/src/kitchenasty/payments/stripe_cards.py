"""Cards that Stripe keeps for a house: a page in setup mode makes a customer with one card, which
is charged when its guest is away, and deleted afterwards.
https://docs.stripe.com/payments/save-and-reuse.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kitchenasty.payments.port import CardFee, Found, Wish
from kitchenasty.payments.states import IntentState
from kitchenasty.payments.stripe_amounts import amount_of, money_of

if TYPE_CHECKING:
    import stripe

NO_SUCH_THING = 404
WANTS_ITS_GUEST = "The bank wants the guest to confirm it, and the guest is not here."


def session_of(wish: Wish, metadata: dict[str, str]) -> Any:
    """What is agreed stands beside the button too."""
    given: dict[str, Any] = {
        "mode": "setup",
        "payment_method_types": ["card"],
        "customer_creation": "always",
        "client_reference_id": wish.order_id,
        "success_url": wish.paid_url,
        "cancel_url": wish.back_url,
        "expires_at": int(wish.expires_at.timestamp()),
        "metadata": metadata,
        "setup_intent_data": {"metadata": metadata},
        "custom_text": {"submit": {"message": wish.words}},
    }
    return given | ({"customer_email": wish.email} if wish.email else {})


async def look_at(client: stripe.StripeClient, session: Any) -> Found:
    """AUTHORIZED with the customer and the card, once there is one."""
    if session.status != "complete" or session.setup_intent is None:
        return Found(IntentState.REQUIRES_ACTION)
    intent = await client.v1.setup_intents.retrieve_async(str(session.setup_intent))
    if intent.status != "succeeded":
        return Found(IntentState.REQUIRES_ACTION)
    return Found(IntentState.AUTHORIZED, charge_ref=f"{session.customer} {intent.payment_method}")


async def charge(client: stripe.StripeClient, fee: CardFee) -> Found:
    """Whoever must confirm it is away, so what is not taken at once is not taken at all."""
    import stripe  # noqa: PLC0415  # see StripePort

    customer, card = fee.card_ref.split()
    asked: Any = {
        **amount_of(fee.amount),
        "customer": customer,
        "payment_method": card,
        "off_session": True,
        "confirm": True,
        "metadata": {"order_id": fee.order_id, "attempt": fee.key},
    }
    try:
        made = await client.v1.payment_intents.create_async(asked, {"idempotency_key": fee.key})
    except stripe.CardError as declined:
        return Found(IntentState.FAILED, failure=(declined.user_message or "")[:200])
    if made.status == "succeeded":
        amount = money_of(made.amount, made.currency)
        return Found(IntentState.CAPTURED, charge_ref=made.id, amount=amount)
    if made.status == "processing":
        return Found(IntentState.REQUIRES_ACTION)
    await client.v1.payment_intents.cancel_async(
        made.id, options={"idempotency_key": f"{fee.key}:close"}
    )
    return Found(IntentState.FAILED, failure=WANTS_ITS_GUEST)


async def forget(client: stripe.StripeClient, card_ref: str) -> None:
    """The customer was made for this one card, and goes with it."""
    import stripe  # noqa: PLC0415  # see StripePort

    try:
        await client.v1.customers.delete_async(card_ref.split(maxsplit=1)[0])
    except stripe.InvalidRequestError as error:
        if error.http_status != NO_SUCH_THING:
            raise
