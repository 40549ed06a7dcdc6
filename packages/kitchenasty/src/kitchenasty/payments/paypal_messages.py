"""PayPal's messages: what they say. Who sent them is asked of PayPal, see paypal_port.py.

https://developer.paypal.com/api/rest/webhooks/
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Annotated

import msgspec

from kitchenasty.payments.paypal_port import money_of
from kitchenasty.payments.port import Found
from kitchenasty.payments.states import IntentState
from kitchenasty.payments.told import MessageUnreadable, SignatureWrong, Told, check_age

Name = Annotated[str, msgspec.Meta(max_length=255)]


class Event(msgspec.Struct):
    """What every message of PayPal has."""

    id: Annotated[str, msgspec.Meta(min_length=1, max_length=255)]
    event_type: Annotated[str, msgspec.Meta(max_length=80)]
    resource: msgspec.Raw


class Amount(msgspec.Struct):
    currency_code: Annotated[str, msgspec.Meta(pattern="^[A-Z]{3}$")]
    value: Annotated[str, msgspec.Meta(pattern=r"^[0-9]{1,12}(\.[0-9]{1,3})?$")]


class RelatedIds(msgspec.Struct):
    order_id: Name | None = None


class SupplementaryData(msgspec.Struct):
    related_ids: RelatedIds | None = None


class Order(msgspec.Struct):
    """An order at PayPal: what we call an attempt."""

    id: Name


class Capture(msgspec.Struct):
    id: Name
    amount: Amount
    custom_id: Name | None = None
    supplementary_data: SupplementaryData | None = None


@dataclass(frozen=True, slots=True)
class Seal:
    """What PayPal signs a message with, from its headers."""

    auth_algo: str
    cert_url: str
    transmission_id: str
    transmission_sig: str
    transmission_time: str


AGE_MAX = timedelta(days=4)
"""PayPal repeats for three days what was not answered, without signing it anew."""
LENGTHS = {"auth_algo": 100, "cert_url": 500, "transmission_id": 50, "transmission_sig": 500,
           "transmission_time": 100}  # fmt: skip


def read_seal(headers: Mapping[str, str], now: datetime) -> Seal:
    """Raises SignatureWrong, MessageOld."""
    given = {name: headers.get(f"paypal-{name.replace('_', '-')}", "") for name in LENGTHS}
    if any(not 0 < len(text) <= LENGTHS[name] for name, text in given.items()):
        raise SignatureWrong("PayPal did not sign this.")
    try:
        sent_at = datetime.fromisoformat(given["transmission_time"])
        check_age(sent_at, now, AGE_MAX)
    except (ValueError, TypeError) as error:
        raise SignatureWrong("PayPal did not sign this.") from error
    return Seal(**given)


def read_message(body: bytes) -> Told:
    """What a message says. Raises MessageUnreadable."""
    try:
        event = msgspec.json.decode(body, type=Event)
        reader = READERS.get(event.event_type)
        if reader is None:
            return Told(message_id=event.id, kind=event.event_type)
        return reader(event)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise MessageUnreadable("This message has a shape that we do not know.") from error


def read_hint(event: Event) -> Told:
    """The guest said yes or took it back; the money is still theirs until we take it."""
    order = msgspec.json.decode(event.resource, type=Order)
    return Told(message_id=event.id, kind=event.event_type, ref=order.id, is_hint=True)


def read_taken(event: Event) -> Told:
    capture = msgspec.json.decode(event.resource, type=Capture)
    amount = money_of(msgspec.to_builtins(capture.amount))
    if Decimal(amount.to_major_text()) != Decimal(capture.amount.value):
        raise MessageUnreadable("This amount has more decimals than its currency.")
    return tell(event, capture, Found(IntentState.CAPTURED, capture.id, amount))


def read_refused(event: Event) -> Told:
    capture = msgspec.json.decode(event.resource, type=Capture)
    return tell(event, capture, Found(IntentState.FAILED))


def tell(event: Event, capture: Capture, found: Found) -> Told:
    related = capture.supplementary_data and capture.supplementary_data.related_ids
    return Told(
        message_id=event.id,
        kind=event.event_type,
        ref=related.order_id if related else None,
        order_id=capture.custom_id,
        found=found,
    )


READERS: dict[str, Callable[[Event], Told]] = {
    "CHECKOUT.ORDER.APPROVED": read_hint,
    "CHECKOUT.PAYMENT-APPROVAL.REVERSED": read_hint,
    "PAYMENT.CAPTURE.COMPLETED": read_taken,
    "PAYMENT.CAPTURE.DECLINED": read_refused,
    "PAYMENT.CAPTURE.DENIED": read_refused,
}
"""Other kinds are taken and change nothing."""
