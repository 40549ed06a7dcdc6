"""W2: only the provider is believed, and only what it says now. What it says is read strictly."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from basis.money import Money
from kitchenasty.payments import IntentState, paypal_messages, stripe_messages
from kitchenasty.payments.tests.signed import SECRET, sign, stripe_event, stripe_session
from kitchenasty.payments.told import MessageOld, MessageUnreadable, SignatureWrong

NOW = datetime(2030, 5, 17, 16, 0, tzinfo=UTC)
OTHER = "whsec_of_another_address_0000000"
S = IntentState


def whole_event() -> bytes:
    """About as long as Stripe's own."""
    thing = stripe_session("cs_test_1", "order", 2390) | {"filler": "x" * 1_700}
    return stripe_event("checkout.session.completed", thing)


def is_believed(
    body: bytes, *headers: str, secrets: tuple[str, ...] = (SECRET,), now: datetime = NOW
) -> bool:
    try:
        stripe_messages.check_signature(body, headers, secrets, now)
    except (SignatureWrong, MessageOld):
        return False
    return True


def forgeries(body: bytes, header: str) -> Iterator[tuple[bytes, tuple[str, ...]]]:
    """A true message with one thing wrong."""
    for index in range(len(body)):
        flipped = bytearray(body)
        flipped[index] ^= 1 << index % 8
        yield bytes(flipped), (header,)
    for index in range(len(header)):
        if header[index].isalnum():
            yield body, (header[:index] + chr(ord(header[index]) ^ 1) + header[index + 1 :],)
    stamp, _, mac = header.partition(",v1=")
    for seconds in (-301, 301, -86_400, 86_400):
        yield body, (sign(body, NOW + timedelta(seconds=seconds)),)
    for start, end in (("v1=", mac), (f"{stamp},v0=", mac), (f"{stamp},v1=", f"{mac}é"),
                       (f"{header},", "t=1"), (" ", header), (f"{stamp},{stamp},v1=", mac),
                       (f"{stamp},v1=", mac.upper()), (stamp, ""), ("", "")):  # fmt: skip
        yield body, (start + end,)
    yield body, ()
    yield body, (header, header)
    yield body, (sign(body, NOW, OTHER),)
    yield json.dumps(json.loads(body), indent=1).encode(), (header,)
    yield body + b"\n", (header,)
    yield b"", (header,)


def test_of_two_thousand_forged_messages_none_is_believed() -> None:
    body = whole_event()
    header = sign(body, NOW)
    verdicts = [is_believed(forged, *headers) for forged, headers in forgeries(body, header)]
    print(f"W2: {len(verdicts)} forged messages of Stripe, {sum(verdicts)} accepted")
    assert len(verdicts) >= 2_100
    assert not any(verdicts)
    assert is_believed(body, header)


@pytest.mark.parametrize("seconds", [-300, 0, 300])
def test_five_minutes_are_granted_either_way(seconds: int) -> None:
    body = whole_event()
    assert is_believed(body, sign(body, NOW), now=NOW + timedelta(seconds=seconds))


def test_while_the_secret_is_changed_both_count() -> None:
    body = whole_event()
    old, new = sign(body, NOW, OTHER), sign(body, NOW)
    both = f"{old},v1={new.rpartition('=')[2]}"
    assert [is_believed(body, one, secrets=(SECRET, OTHER)) for one in (old, new)] == [True, True]
    assert is_believed(body, both)
    assert not is_believed(body, new, secrets=())


@pytest.mark.parametrize(
    ("kind", "change", "expected"),
    [
        ("checkout.session.completed", {}, S.CAPTURED),
        ("checkout.session.async_payment_succeeded", {}, S.CAPTURED),
        ("checkout.session.completed", {"payment_status": "unpaid"}, None),
        ("checkout.session.async_payment_failed", {}, S.FAILED),
        ("checkout.session.expired", {"payment_status": "unpaid"}, S.EXPIRED),
        ("payment_intent.succeeded", {"amount_received": 2390}, S.CAPTURED),
        ("payment_intent.payment_failed", {"amount_received": 0}, S.REQUIRES_ACTION),
        ("payment_intent.canceled", {"amount_received": 0}, S.EXPIRED),
        ("customer.created", {}, None),
    ],
)
def test_stripes_kinds_are_read_as_states(
    kind: str, change: dict[str, Any], expected: IntentState | None
) -> None:
    body = stripe_event(kind, stripe_session("cs_test_1", "order-1", 2390) | change)
    told = stripe_messages.read_message(body, is_live=False)
    assert (told.found and told.found.state) == expected
    if expected is S.CAPTURED:
        assert told.found is not None
        assert told.found.amount == Money(2390, "EUR")
        assert (told.ref, told.order_id) == ("cs_test_1", "order-1")


@pytest.mark.parametrize("more", [{"account": "acct_other"}, {"livemode": True}])
def test_what_happens_to_others_does_not_concern_us(more: dict[str, Any]) -> None:
    thing = stripe_session("cs_test_1", "order-1", 2390)
    body = stripe_event("checkout.session.completed", thing, **more)
    assert stripe_messages.read_message(body, is_live=False).found is None


DEEP = b'{"data": ' + b"[" * 100_000
ODD_SESSIONS: list[dict[str, Any]] = [
    {"amount_total": -1},
    {"amount_total": 23.9},
    {"amount_total": "2390"},
    {"amount_total": 1e308},
    {"currency": "euro"},
    {"currency": 7},
    {"id": "x" * 300},
    {"metadata": {"order_id": ["a", "b"]}},
]


@pytest.mark.parametrize(
    "body",
    [b"", b"null", b"[]", b"paid", b"\xff\xfe", DEEP, b'{"id": "evt_1", "type": "x"}']
    + [
        stripe_event("checkout.session.completed", stripe_session("cs_1", "o", 1) | odd)
        for odd in ODD_SESSIONS
    ],
)
def test_a_shape_that_nobody_knows_is_refused(body: bytes) -> None:
    with pytest.raises(MessageUnreadable):
        stripe_messages.read_message(body, is_live=False)


def capture_event(kind: str, value: str = "23.90", currency: str = "EUR") -> bytes:
    resource = {
        "id": "CAP1",
        "status": "COMPLETED",
        "amount": {"currency_code": currency, "value": value},
        "custom_id": "order-1",
        "supplementary_data": {"related_ids": {"order_id": "ORDER1"}},
    }
    return json.dumps({"id": "WH-1", "event_type": kind, "resource": resource}).encode()


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("PAYMENT.CAPTURE.COMPLETED", S.CAPTURED),
        ("PAYMENT.CAPTURE.DENIED", S.FAILED),
        ("CUSTOMER.DISPUTE.CREATED", None),
    ],
)
def test_paypals_kinds_are_read_as_states(kind: str, expected: IntentState | None) -> None:
    told = paypal_messages.read_message(capture_event(kind))
    assert (told.found and told.found.state) == expected
    if expected is S.CAPTURED:
        assert told.found is not None
        assert told.found.amount == Money(2390, "EUR")
        assert (told.ref, told.order_id) == ("ORDER1", "order-1")


def test_a_guests_yes_at_paypal_is_only_a_hint() -> None:
    event = {"id": "WH-1", "event_type": "CHECKOUT.ORDER.APPROVED", "resource": {"id": "ORDER1"}}
    told = paypal_messages.read_message(json.dumps(event).encode())
    assert (told.is_hint, told.ref, told.found) == (True, "ORDER1", None)


@pytest.mark.parametrize(
    ("value", "currency"), [("23.909", "EUR"), ("-1", "EUR"), ("1e3", "EUR"), ("1", "euro")]
)
def test_an_odd_amount_of_paypal_is_refused(value: str, currency: str) -> None:
    with pytest.raises(MessageUnreadable):
        paypal_messages.read_message(capture_event("PAYMENT.CAPTURE.COMPLETED", value, currency))


SEAL = {
    "paypal-auth-algo": "SHA256withRSA",
    "paypal-cert-url": "https://api.paypal.com/v1/notifications/certs/CERT-1",
    "paypal-transmission-id": "d938e770-8046-11e6",
    "paypal-transmission-sig": "c2ln",
    "paypal-transmission-time": "2030-05-17T15:59:00Z",
}


def test_a_seal_of_paypal_is_read_whole_or_not_at_all() -> None:
    assert paypal_messages.read_seal(SEAL, NOW).transmission_sig == "c2ln"
    for name in SEAL:
        for text in ("", "x" * 501):
            with pytest.raises(SignatureWrong):
                paypal_messages.read_seal(SEAL | {name: text}, NOW)


@pytest.mark.parametrize("time", ["yesterday", "2030-05-17T15:59:00"])
def test_a_seal_without_an_instant_is_none(time: str) -> None:
    with pytest.raises(SignatureWrong):
        paypal_messages.read_seal(SEAL | {"paypal-transmission-time": time}, NOW)


@pytest.mark.parametrize("time", ["2030-05-12T15:59:00Z", "2030-05-17T16:06:00Z"])
def test_paypal_repeats_for_days_and_not_for_ever(time: str) -> None:
    with pytest.raises(MessageOld):
        paypal_messages.read_seal(SEAL | {"paypal-transmission-time": time}, NOW)
