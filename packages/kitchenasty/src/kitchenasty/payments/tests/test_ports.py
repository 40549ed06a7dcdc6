"""Both providers through the one port, each against its twin over real HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from basis.ids import new_id
from basis.money import Money
from kitchenasty.payments import CardFee, Found, IntentState, Provider, ProviderRefused, Wish
from kitchenasty.payments.paypal_port import PayPalPort
from kitchenasty.payments.stripe_amounts import money_of, units_of
from kitchenasty.payments.stripe_port import StripePort
from kitchenasty.payments.tests.paypal_twin import KNOWN, WEBHOOK_ID, sign
from kitchenasty.payments.tests.twins import running_twin

pytestmark = pytest.mark.enable_socket
GOOD, BAD = "4242424242424242", "4000000000000002"
BACK = "http://127.0.0.1:9/t/back"


@dataclass
class Till:
    """A provider, and its guests' side and books at the twin."""

    port: Provider
    url: str
    is_stripe: bool

    async def pay(self, url: str, card: str = GOOD) -> int:
        """What the guest does on the provider's page; 303 leads back to us."""
        async with httpx.AsyncClient() as guest:
            return (await guest.post(url, data={"card": card})).status_code

    async def taken(self) -> int:
        async with httpx.AsyncClient() as client:
            books: dict[str, Any] = (await client.get(f"{self.url}/_books")).json()
        return len(books["charges" if self.is_stripe else "captures"])


@pytest.fixture(scope="module")
def stripe_url() -> Iterator[str]:
    with running_twin("stripe_twin") as url:
        yield url


@pytest.fixture(scope="module")
def paypal_url() -> Iterator[str]:
    with running_twin("paypal_twin") as url:
        yield url


@pytest.fixture(params=["stripe", "paypal"])
def till(request: pytest.FixtureRequest, stripe_url: str, paypal_url: str) -> Till:
    if request.param == "stripe":
        return Till(StripePort("sk_test_right0000000", stripe_url), stripe_url, True)
    port = PayPalPort(*KNOWN, sandbox=True, api_base=paypal_url)
    return Till(port, paypal_url, False)


def wish(minor: int = 2390, currency: str = "EUR") -> Wish:
    return Wish(
        key=new_id(),
        order_id=new_id(),
        words="Order 007 at the Mill",
        amount=Money(minor, currency),
        email=None,
        paid_url=BACK,
        back_url=BACK,
        expires_at=datetime.now(UTC) + timedelta(hours=1),
    )


@pytest.mark.parametrize(("minor", "currency"), [(2390, "EUR"), (1500, "JPY"), (1, "USD")])
async def test_what_is_taken_is_the_orders_amount(till: Till, minor: int, currency: str) -> None:
    asked = wish(minor, currency)
    begun = await till.port.begin(asked, hosted=True)
    assert begun.url is not None
    assert (await till.port.find_out(begun.ref, key=asked.key)).state is IntentState.REQUIRES_ACTION
    assert await till.pay(begun.url) == 303
    found = await till.port.find_out(begun.ref, key=asked.key)
    assert (found.state, found.amount) == (IntentState.CAPTURED, asked.amount)


async def test_asking_twice_with_one_key_begins_once(till: Till) -> None:
    """As after an answer that was lost on its way."""
    asked = wish()
    assert await till.port.begin(asked, hosted=True) == await till.port.begin(asked, hosted=True)


async def test_looking_often_takes_the_money_once(till: Till) -> None:
    before, asked = await till.taken(), wish()
    begun = await till.port.begin(asked, hosted=True)
    await till.pay(begun.url or "")
    found = {await till.port.find_out(begun.ref, key=asked.key) for _ in range(3)}
    assert len(found) == 1
    assert await till.taken() == before + 1


async def test_after_closing_no_money_comes(till: Till) -> None:
    before, asked = await till.taken(), wish()
    begun = await till.port.begin(asked, hosted=True)
    closed = await till.port.close(begun.ref, key=asked.key)
    assert closed == Found(IntentState.EXPIRED)
    await till.pay(begun.url or "")
    assert await till.taken() == before


async def test_closing_too_late_finds_the_money(till: Till) -> None:
    asked = wish()
    begun = await till.port.begin(asked, hosted=True)
    await till.pay(begun.url or "")
    await till.port.find_out(begun.ref, key=asked.key)
    found = await till.port.close(begun.ref, key=asked.key)
    assert (found.state, found.amount) == (IntentState.CAPTURED, asked.amount)


async def test_refunds_go_out_once_for_a_key_and_never_above_what_was_paid(till: Till) -> None:
    asked = wish(1000)
    begun = await till.port.begin(asked, hosted=True)
    await till.pay(begun.url or "")
    charge = (await till.port.find_out(begun.ref, key=asked.key)).charge_ref or ""
    key, part = new_id(), Money(600, "EUR")
    first = await till.port.refund(charge, part, key=key)
    assert await till.port.refund(charge, part, key=key) == first
    with pytest.raises(ProviderRefused):
        await till.port.refund(charge, part, key=new_id())
    await till.port.refund(charge, Money(400, "EUR"), key=new_id())


async def test_a_declined_card_pays_with_another_one(stripe_url: str) -> None:
    till = Till(StripePort("sk_test_right0000000", stripe_url), stripe_url, True)
    asked = wish()
    begun = await till.port.begin(asked, hosted=True)
    assert await till.pay(begun.url or "", BAD) == 200
    assert (await till.port.find_out(begun.ref, key=asked.key)).state is IntentState.REQUIRES_ACTION
    assert await till.pay(begun.url or "") == 303
    assert (await till.port.find_out(begun.ref, key=asked.key)).state is IntentState.CAPTURED


async def test_a_key_is_not_used_for_another_sum(stripe_url: str) -> None:
    port, asked = StripePort("sk_test_right0000000", stripe_url), wish()
    await port.begin(asked, hosted=True)
    with pytest.raises(ProviderRefused):
        await port.begin(replace(asked, amount=Money(1, "EUR")), hosted=True)


async def test_an_app_pays_with_the_secret_of_its_intent(stripe_url: str) -> None:
    port, asked = StripePort("sk_test_right0000000", stripe_url), wish()
    begun = await port.begin(asked, hosted=False)
    assert begun.client_secret is not None
    async with httpx.AsyncClient() as app:
        await app.post(f"{stripe_url}/_guest/{begun.ref}", data={"card": GOOD})
    found = await port.find_out(begun.ref, key=asked.key)
    assert (found.state, found.amount) == (IntentState.CAPTURED, asked.amount)


@pytest.mark.parametrize(
    ("amount", "units"),
    [(Money(1290, "EUR"), 1290), (Money(1500, "JPY"), 1500), (Money(1500, "ISK"), 150_000)],
)
def test_amounts_are_said_in_stripes_units(amount: Money, units: int) -> None:
    assert units_of(amount) == units
    assert money_of(units, amount.currency.lower()) == amount


async def test_paypal_vouches_for_its_own_messages_to_the_byte(paypal_url: str) -> None:
    port = PayPalPort(*KNOWN, sandbox=True, api_base=paypal_url)
    body = b'{ "id": "WH-1",\t"event_type":"X", "resource": {"webhook_event":1} }'
    seal = {
        "auth_algo": "SHA256withRSA",
        "cert_url": "https://api.paypal.com/cert",
        "transmission_id": "t-1",
        "transmission_time": "2030-05-17T16:00:00Z",
        "transmission_sig": sign(body, "t-1", "2030-05-17T16:00:00Z"),
    }
    assert await port.vouch_for(body, seal, WEBHOOK_ID)
    assert not await port.vouch_for(body.replace(b"\t", b" "), seal, WEBHOOK_ID)
    assert not await port.vouch_for(body, seal | {"transmission_id": "t-2"}, WEBHOOK_ID)
    assert not await port.vouch_for(body, seal, "ANOTHERWEBHOOK")


@pytest.fixture
def stripe(stripe_url: str) -> Till:
    return Till(StripePort("sk_test_right0000000", stripe_url), stripe_url, True)


async def keep_card(till: Till, card: str = GOOD) -> str:
    """The provider's name for a card that a guest has left."""
    asked = wish()
    begun = await till.port.begin_card(asked)
    before = await till.port.find_out(begun.ref, key=asked.key)
    assert before.state is IntentState.REQUIRES_ACTION
    assert await till.pay(begun.url or "", card) == 303
    found = await till.port.find_out(begun.ref, key=asked.key)
    assert found.state is IntentState.AUTHORIZED
    assert found.amount is None, "nothing was taken"
    assert found.charge_ref is not None
    return found.charge_ref


def fee_of(card_ref: str, minor: int = 8_000) -> CardFee:
    return CardFee(key=new_id(), order_id=new_id(), card_ref=card_ref, amount=Money(minor, "EUR"))


async def test_a_card_that_is_kept_is_charged_once_under_its_key(stripe: Till) -> None:
    before = await stripe.taken()
    asked = fee_of(await keep_card(stripe))
    found = [await stripe.port.charge_card(asked) for _ in range(3)]
    assert {one.state for one in found} == {IntentState.CAPTURED}
    assert {one.amount for one in found} == {asked.amount}
    assert await stripe.taken() == before + 1


@pytest.mark.parametrize("card", ["4000000000000341", "4000002760003184"])
async def test_a_card_whose_bank_says_no_is_told_in_words(stripe: Till, card: str) -> None:
    before = await stripe.taken()
    found = await stripe.port.charge_card(fee_of(await keep_card(stripe, card)))
    assert found.state is IntentState.FAILED
    assert found.failure
    assert await stripe.taken() == before


async def test_a_card_that_is_forgotten_cannot_be_charged(stripe: Till) -> None:
    card_ref = await keep_card(stripe)
    for _ in range(2):
        await stripe.port.forget_card(card_ref)
    with pytest.raises(ProviderRefused):
        await stripe.port.charge_card(fee_of(card_ref))


async def test_after_closing_no_card_is_kept(stripe: Till) -> None:
    asked = wish()
    begun = await stripe.port.begin_card(asked)
    assert (await stripe.port.close(begun.ref, key=asked.key)).state is IntentState.EXPIRED
    assert await stripe.pay(begun.url or "") == 200


async def test_paypal_keeps_no_cards(paypal_url: str) -> None:
    port = PayPalPort(*KNOWN, sandbox=True, api_base=paypal_url)
    assert not port.keeps_cards
    with pytest.raises(ProviderRefused, match="no cards"):
        await port.begin_card(wish())
    with pytest.raises(ProviderRefused, match="no cards"):
        await port.charge_card(fee_of("none"))
    with pytest.raises(ProviderRefused, match="no cards"):
        await port.forget_card("none")
