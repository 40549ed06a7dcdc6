"""Stripe's messages: who sent them, and what they say. https://docs.stripe.com/webhooks."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated

import msgspec

from kitchenasty.payments.port import Found
from kitchenasty.payments.shapes import FAILURE_LENGTH_MAX
from kitchenasty.payments.states import IntentState
from kitchenasty.payments.stripe_amounts import money_of
from kitchenasty.payments.told import MessageUnreadable, SignatureWrong, Told, check_age

SIGNATURE = re.compile(r"t=(\d{1,11})((?:,v\d=[0-9a-f]{64})+)", re.ASCII)

Name = Annotated[str, msgspec.Meta(max_length=255)]
Words = Annotated[str, msgspec.Meta(max_length=5_000)]
Units = Annotated[int, msgspec.Meta(ge=0, le=10**14)]
Currency = Annotated[str, msgspec.Meta(pattern="^[a-zA-Z]{3}$")]


class Data(msgspec.Struct):
    object: msgspec.Raw


class Event(msgspec.Struct):
    """What every message of Stripe has. `account` is set where it tells of another's account."""

    id: Annotated[str, msgspec.Meta(min_length=1, max_length=255)]
    type: Annotated[str, msgspec.Meta(max_length=80)]
    livemode: bool
    data: Data
    account: Name | None = None


class Metadata(msgspec.Struct):
    """What we gave Stripe to keep when we began."""

    order_id: Name | None = None
    attempt: Name | None = None


class Session(msgspec.Struct):
    """A page on which a guest pays."""

    id: Name
    payment_status: Name
    amount_total: Units | None = None
    currency: Currency | None = None
    payment_intent: Name | None = None
    metadata: Metadata | None = None
    mode: Name | None = None


class Failure(msgspec.Struct):
    message: Words | None = None


class Intent(msgspec.Struct):
    """A payment as such, with or without a page."""

    id: Name
    amount_received: Units
    currency: Currency
    metadata: Metadata
    last_payment_error: Failure | None = None


def check_signature(
    body: bytes, headers: Sequence[str], secrets: Sequence[str], now: datetime
) -> None:
    """One header, signed with one of the secrets (two while they are changed), just now.

    Raises SignatureWrong, MessageOld.
    """
    form = SIGNATURE.fullmatch(headers[0]) if len(headers) == 1 else None
    if form is None or not any(is_signed(body, headers[0], secret) for secret in secrets):
        raise SignatureWrong("Stripe did not sign this with the secret that we know.")
    check_age(datetime.fromtimestamp(int(form[1]), UTC), now)


def is_signed(body: bytes, header: str, secret: str) -> bool:
    """By Stripe's own library, but for the age: it takes what comes from the future."""
    import stripe  # noqa: PLC0415  # for houses that have to do with Stripe

    try:
        return bool(stripe.WebhookSignature.verify_header(body, header, secret))
    except (stripe.SignatureVerificationError, UnicodeDecodeError):
        return False


def read_message(body: bytes, *, is_live: bool) -> Told:
    """What a signed message says. Raises MessageUnreadable."""
    try:
        event = msgspec.json.decode(body, type=Event)
        reader = READERS.get(event.type)
        if reader is None or event.account is not None or event.livemode != is_live:
            return Told(message_id=event.id, kind=event.type)
        return reader(event)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise MessageUnreadable("This message has a shape that we do not know.") from error


def read_paid_session(event: Event) -> Told:
    session = msgspec.json.decode(event.data.object, type=Session)
    if session.mode == "setup":
        # A card was kept; which one the message does not say.
        return replace(tell(event, session.id, session.metadata, None), is_hint=True)
    if session.payment_status != "paid" or session.amount_total is None or not session.currency:
        return tell(event, session.id, session.metadata, None)
    found = Found(
        IntentState.CAPTURED,
        charge_ref=session.payment_intent,
        amount=money_of(session.amount_total, session.currency),
    )
    return tell(event, session.id, session.metadata, found)


def read_lost_session(event: Event) -> Told:
    session = msgspec.json.decode(event.data.object, type=Session)
    state = IntentState.EXPIRED if event.type.endswith(".expired") else IntentState.FAILED
    return tell(event, session.id, session.metadata, Found(state))


def read_paid_intent(event: Event) -> Told:
    intent = msgspec.json.decode(event.data.object, type=Intent)
    taken = money_of(intent.amount_received, intent.currency)
    found = Found(IntentState.CAPTURED, charge_ref=intent.id, amount=taken)
    return tell(event, intent.id, intent.metadata, found)


def read_declined_intent(event: Event) -> Told:
    """Another card may still do."""
    intent = msgspec.json.decode(event.data.object, type=Intent)
    said = intent.last_payment_error and intent.last_payment_error.message
    found = Found(IntentState.REQUIRES_ACTION, failure=(said or "")[:FAILURE_LENGTH_MAX])
    return tell(event, intent.id, intent.metadata, found)


def read_closed_intent(event: Event) -> Told:
    intent = msgspec.json.decode(event.data.object, type=Intent)
    return tell(event, intent.id, intent.metadata, Found(IntentState.EXPIRED))


def tell(event: Event, ref: str, metadata: Metadata | None, found: Found | None) -> Told:
    kept = metadata or Metadata()
    return Told(
        message_id=event.id,
        kind=event.type,
        ref=ref,
        attempt_key=kept.attempt,
        order_id=kept.order_id,
        found=found,
    )


READERS: dict[str, Callable[[Event], Told]] = {
    "checkout.session.completed": read_paid_session,
    "checkout.session.async_payment_succeeded": read_paid_session,
    "checkout.session.async_payment_failed": read_lost_session,
    "checkout.session.expired": read_lost_session,
    "payment_intent.succeeded": read_paid_intent,
    "payment_intent.payment_failed": read_declined_intent,
    "payment_intent.canceled": read_closed_intent,
}
"""Other kinds are taken and change nothing."""
