"""The doors for providers, as strangers and as the providers themselves knock (W2)."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import func, select

from basis.ids import new_id
from basis.kit.data.statements import Statement
from basis.kit.testing import HandClock
from kitchenasty import payments, settings
from kitchenasty.kit.books import Books
from kitchenasty.kit.config import Config
from kitchenasty.kit.tables import every_table
from kitchenasty.payments.tests.builders import (
    SECRET,
    paypal_twin,
    sign,
    stripe_event,
    stripe_session,
)

STRIPE, PAYPAL = "/api/payments/webhook", "/api/payments/paypal/webhook"
KEPT = Statement(select(func.count()).select_from(every_table()["provider_messages"]))
OTHER = "whsec_of_another_address_0000000"


@pytest.fixture
def config(config: Config) -> Config:
    return replace(config, rate_limits=False)


@pytest.fixture
async def _with_secret(books: Books) -> None:
    await save(books, stripeWebhookSecret=SECRET)


async def save(books: Books, **given: settings.Value) -> None:
    async with books.writing() as uow:
        await settings.change(uow, payments.PAYMENT, given)


async def count_kept(books: Books) -> int:
    async with books.reading() as look:
        return int(await look.value(KEPT))


def event() -> bytes:
    return stripe_event("checkout.session.completed", stripe_session("cs_1", new_id(), 2390))


async def knock(
    client: httpx.AsyncClient, body: bytes, *signatures: str, path: str = STRIPE
) -> tuple[int, str]:
    """The status, and the code of a refusal."""
    headers = [("content-type", "application/json")]
    headers += [("stripe-signature", one) for one in signatures]
    answer = await client.post(path, content=body, headers=headers)
    return answer.status_code, answer.json().get("code", "")


@pytest.mark.usefixtures("_with_secret")
async def test_what_stripe_signed_is_taken_and_a_repetition_too(
    client: httpx.AsyncClient, books: Books, clock: HandClock
) -> None:
    body = event()
    answer = await client.post(
        STRIPE, content=body, headers={"stripe-signature": sign(body, clock())}
    )
    assert answer.status_code == 200
    assert answer.json()["received"] is True
    clock.advance(hours=2)
    assert await knock(client, body, sign(body, clock())) == (200, "")
    assert await count_kept(books) == 1


@pytest.mark.usefixtures("_with_secret")
async def test_what_stripe_did_not_sign_is_refused_and_leaves_nothing(
    client: httpx.AsyncClient, books: Books, clock: HandClock
) -> None:
    body, now = event(), clock()
    right = sign(body, now)
    chance, refused = random.Random(2), 0
    for index in chance.sample(range(len(body)), 60):
        flipped = body[:index] + bytes([body[index] ^ 1]) + body[index + 1 :]
        refused += await knock(client, flipped, right) == (400, "SignatureWrong")
    for signatures in ([], [""], [right, right], [sign(body, now, OTHER)], [right[:-1]]):
        refused += await knock(client, body, *signatures) == (400, "SignatureWrong")
    for seconds in (-301, 301):
        old = sign(body, now + timedelta(seconds=seconds))
        refused += await knock(client, body, old) == (400, "MessageOld")
    print(f"W2: 67 forged messages at the door, {67 - refused} accepted")
    assert refused == 67
    assert await count_kept(books) == 0


async def test_the_secret_that_is_saved_is_the_one_that_counts(
    client: httpx.AsyncClient, books: Books, clock: HandClock
) -> None:
    body = event()
    assert await knock(client, body, sign(body, clock())) == (400, "SignatureWrong")
    await save(books, stripeWebhookSecret=f"{OTHER} {SECRET}")
    assert await knock(client, body, sign(body, clock())) == (200, "")
    assert await knock(client, body, sign(body, clock(), OTHER)) == (200, "")
    await save(books, stripeWebhookSecret=OTHER)
    assert await knock(client, body, sign(body, clock())) == (400, "SignatureWrong")


@pytest.mark.usefixtures("_with_secret")
@pytest.mark.parametrize("body", [b"", b"paid", b"\xff", b"[" * 50_000, b'{"id": "evt_1"}'])
async def test_what_nobody_can_read_is_refused_though_it_is_signed(
    client: httpx.AsyncClient, books: Books, clock: HandClock, body: bytes
) -> None:
    code = "SignatureWrong" if body == b"\xff" else "MessageUnreadable"
    assert await knock(client, body, sign(body, clock())) == (400, code)
    assert await count_kept(books) == 0


@pytest.mark.usefixtures("_with_secret")
@pytest.mark.parametrize("path", [STRIPE, PAYPAL])
async def test_a_huge_message_is_refused_unread(
    client: httpx.AsyncClient, clock: HandClock, path: str
) -> None:
    body = stripe_event("customer.created", {"id": "x" * 300_000})
    status, _ = await knock(client, body, sign(body, clock()), path=path)
    assert status == 413


def paypal_event() -> bytes:
    return json.dumps(
        {"id": f"WH-{new_id()}", "event_type": "CUSTOMER.DISPUTE.CREATED", "resource": {}}, indent=1
    ).encode()


def seal(body: bytes, now: str, webhook_id: str = paypal_twin.WEBHOOK_ID) -> dict[str, str]:
    name = new_id()
    return {
        "paypal-auth-algo": "SHA256withRSA",
        "paypal-cert-url": "https://api.paypal.com/v1/notifications/certs/CERT-1",
        "paypal-transmission-id": name,
        "paypal-transmission-time": now,
        "paypal-transmission-sig": paypal_twin.sign(body, name, now, webhook_id),
    }


async def knock_as_paypal(client: httpx.AsyncClient, body: bytes, headers: dict[str, str]) -> str:
    answer = await client.post(PAYPAL, content=body, headers=headers)
    return str(answer.json().get("code", answer.status_code))


@pytest.mark.enable_socket
async def test_of_paypals_messages_only_those_that_it_vouches_for_are_taken(
    client: httpx.AsyncClient, books: Books, clock: HandClock, paypal_url: str
) -> None:
    now, body = clock().isoformat(), paypal_event()
    books.given = {"PAYPAL_API_BASE": paypal_url}
    right = seal(body, now)
    assert await knock_as_paypal(client, body, right) == "SignatureWrong"  # nothing is set up
    identity, secret = paypal_twin.KNOWN
    await save(
        books,
        paypalClientId=identity,
        paypalClientSecret=secret,
        paypalWebhookId=paypal_twin.WEBHOOK_ID,
    )
    forged = [(body + b" ", right), (body, right | {"paypal-transmission-id": "x"}), (body, {}),
              (body, seal(body, now, "ANOTHERWEBHOOK"))]  # fmt: skip
    for changed, headers in forged:
        assert await knock_as_paypal(client, changed, headers) == "SignatureWrong"
    assert await count_kept(books) == 0
    assert await knock_as_paypal(client, body, right) == "200"
    assert await knock_as_paypal(client, body, right) == "200"
    assert await count_kept(books) == 1
    books.given = {"PAYPAL_API_BASE": "http://127.0.0.1:9"}
    other = paypal_event()
    assert await knock_as_paypal(client, other, seal(other, now)) == "ProviderAway"
    assert await count_kept(books) == 1
