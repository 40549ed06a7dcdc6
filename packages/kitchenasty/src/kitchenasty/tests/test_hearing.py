"""What providers tell: W1 (twice, in any order), W3 (too early), R6 (only what was asked for)."""

from __future__ import annotations

import asyncio
import itertools
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select

from basis.kit.background.worker import Worker
from basis.kit.data.statements import Statement
from basis.kit.testing import HandClock
from basis.money import Money
from kitchenasty import checkout, main, orders, paying, payments, settings
from kitchenasty.checkout.tests.builders import draft_of
from kitchenasty.kit.books import Books, UnitOfWork
from kitchenasty.kit.principals import SYSTEM
from kitchenasty.kit.tables import every_table
from kitchenasty.locations import House
from kitchenasty.menu.tests.builders import add_dish
from kitchenasty.payments import IntentState, MessageOutcome, PaymentMethod
from kitchenasty.payments.tests.builders import SECRET, sign, stripe_event, stripe_session

S = IntentState
LOST = 20
KEYS: dict[str, settings.Value] = {
    "stripeEnabled": True,
    "stripeSecretKey": "sk_test_right0000000",
    "stripeWebhookSecret": SECRET,
    "paypalEnabled": True,
    "paypalClientId": "client-id-of-nobody",
    "paypalClientSecret": "client-secret-of-nobody",
}
MESSAGES = every_table()["provider_messages"]
OUTBOX = every_table()["outbox"]
PLACED = Statement(select(func.count()).select_from(OUTBOX).where(OUTBOX.c.topic == "order.placed"))
OUTCOMES = Statement(select(MESSAGES.c.outcome).order_by(MESSAGES.c.received_at, MESSAGES.c.id))


@dataclass
class Desk:
    """A house that takes cards online, and what Stripe would tell it."""

    books: Books
    clock: HandClock
    house_id: str
    dish_id: str

    async def order(self, method: PaymentMethod = PaymentMethod.STRIPE) -> payments.Attempt:
        """An order that waits for its money, and the provider's page on which it is paid."""
        async with self.books.writing() as uow:
            attempt = await self.begin(uow, method)
            await payments.name_attempt(uow, attempt, ref_of(attempt))
        return attempt

    async def begin(self, uow: UnitOfWork, method: PaymentMethod) -> payments.Attempt:
        """As it is before the provider has answered."""
        line = checkout.CartLine(dish_id=self.dish_id, quantity=1)
        draft = draft_of(self.house_id, line, payment_method=method)
        placed = (await checkout.place_order(uow, draft)).order
        due = Money(placed.total_minor, placed.currency)
        return await payments.open_attempt(uow, placed.id, method, due, is_hosted=True)

    async def hear(self, *bodies: bytes) -> None:
        for body in bodies:
            await paying.hear_stripe(self.books, body, [sign(body, self.clock())])

    async def now(self, attempt: payments.Attempt) -> payments.Attempt:
        async with self.books.reading() as look:
            found = await payments.find_attempt(look, attempt.id)
        assert found is not None
        return found

    async def order_of(self, attempt: payments.Attempt) -> orders.Order:
        async with self.books.reading() as look:
            return await orders.load_order(look, attempt.order_id)

    async def placed(self) -> int:
        """How often the house was told of an order."""
        async with self.books.reading() as look:
            return int(await look.value(PLACED))

    async def outcomes(self) -> list[str]:
        async with self.books.reading() as look:
            return [row[0] for row in await look.rows(OUTCOMES)]


@pytest.fixture
async def desk(books: Books, house: House, clock: HandClock) -> Desk:
    async with books.writing() as uow:
        await settings.change(uow, payments.PAYMENT, KEYS)
        dish_id = await add_dish(uow)
    return Desk(books, clock, house.id, dish_id)


def ref_of(attempt: payments.Attempt) -> str:
    return f"cs_test_{attempt.id}"


def thing_of(attempt: payments.Attempt, **more: Any) -> dict[str, Any]:
    session = stripe_session(ref_of(attempt), attempt.order_id, attempt.amount.minor)
    metadata = {"order_id": attempt.order_id, "attempt": attempt.id}
    return session | {"metadata": metadata} | more


def paid(attempt: payments.Attempt, **more: Any) -> bytes:
    return stripe_event("checkout.session.completed", thing_of(attempt, **more))


def life_of(attempt: payments.Attempt) -> list[bytes]:
    """A declined card, another that is taken, and the page that closes; all told at once."""
    intent = thing_of(attempt, id=f"pi_{ref_of(attempt)}", amount_received=0)
    declined = intent | {"last_payment_error": {"message": "Your card was declined."}}
    taken = intent | {"amount_received": attempt.amount.minor}
    return [
        stripe_event("payment_intent.payment_failed", declined),
        stripe_event("payment_intent.succeeded", taken),
        stripe_event("charge.succeeded", intent),
        paid(attempt),
        stripe_event("checkout.session.expired", thing_of(attempt, payment_status="unpaid")),
    ]


async def test_a_payment_that_stripe_tells_of_releases_the_order(desk: Desk) -> None:
    attempt = await desk.order()
    assert await desk.placed() == 0
    await desk.hear(paid(attempt))
    assert (await desk.now(attempt)).state is S.CAPTURED
    assert await desk.placed() == 1
    assert await desk.outcomes() == ["APPLIED"]


async def test_in_any_order_and_three_times_each_they_come_to_the_same(desk: Desk) -> None:
    """W1: five messages of one payment in all 120 orders."""
    heard = 0
    for order in itertools.permutations(range(5)):
        async with desk.books.writing() as uow:
            attempt = await desk.begin(uow, PaymentMethod.STRIPE)
            messages = life_of(attempt)
            for index in order + order[::-1] + order:
                told = payments.read_stripe_message(messages[index], is_live=False)
                await payments.take_message(uow, PaymentMethod.STRIPE, told, paying.apply_message)
                heard += 1
            now = await payments.find_attempt(uow, attempt.id)
        assert now is not None
        assert (now.state, now.is_surplus) == (S.CAPTURED, False), order
        assert now.charge_ref == f"pi_{ref_of(attempt)}"
    told_of = await desk.placed()
    print(f"W1: {heard} messages about 120 payments, the house was told of {told_of} orders")
    assert told_of == 120
    assert len(await desk.outcomes()) == 600


async def test_a_late_payment_never_revives_a_cancelled_order(desk: Desk) -> None:
    """W1: whichever message comes late, all of its money goes back and the order stays."""
    for messages in itertools.permutations(range(3)):
        attempt = await desk.order()
        async with desk.books.writing() as uow:
            await orders.move_order(uow, attempt.order_id, orders.OrderStatus.CANCELLED)
        told = life_of(attempt)
        await desk.hear(*(told[index + 1] for index in messages))
        order, now = await desk.order_of(attempt), await desk.now(attempt)
        assert order.status is orders.OrderStatus.CANCELLED
        assert now.is_surplus
        assert now.state is S.CAPTURED
    assert await desk.placed() == 0


async def test_of_twenty_copies_at_once_one_counts(desk: Desk) -> None:
    attempt = await desk.order()
    body = paid(attempt)
    await asyncio.gather(*(desk.hear(body) for _ in range(20)))
    assert await desk.placed() == 1
    assert await desk.outcomes() == ["APPLIED"]


@pytest.mark.parametrize(
    "change",
    [{"amount_total": 1}, {"amount_total": 10**9}, {"currency": "usd"}, {"currency": "jpy"}],
)
async def test_another_amount_or_currency_is_never_accepted(
    desk: Desk, change: dict[str, Any]
) -> None:
    """R6: 25 each; the money is real, so that a person looks at it."""
    for _ in range(25):
        attempt = await desk.order()
        await desk.hear(paid(attempt, **change))
        assert (await desk.order_of(attempt)).awaits_payment_until is not None
    print(f"R6: 25 payments with {change} instead, {await desk.placed()} accepted")
    assert await desk.placed() == 0


async def test_a_payment_for_another_order_is_refused_and_seen(desk: Desk) -> None:
    attempt, other = await desk.order(), await desk.order()
    metadata = {"order_id": other.order_id, "attempt": attempt.id}
    await desk.hear(paid(attempt, metadata=metadata))
    assert await desk.outcomes() == ["REFUSED"]
    assert await desk.placed() == 0
    async with desk.books.reading() as look:
        assert (await payments.look_at_hearing(look)).refused == 1


async def test_what_is_not_ours_changes_nothing(desk: Desk) -> None:
    attempt = await desk.order()
    thing = thing_of(attempt)
    foreign = stripe_session("cs_test_of_a_web_shop", "their-order", 990) | {"metadata": {}}
    await desk.hear(
        stripe_event("checkout.session.completed", thing, account="acct_other"),
        stripe_event("checkout.session.completed", thing, livemode=True),
        stripe_event("checkout.session.completed", foreign),
        stripe_event("customer.created", {"id": "cus_1"}),
    )
    assert await desk.outcomes() == ["IGNORED"] * 4
    assert (await desk.now(attempt)).state is attempt.state


@pytest.mark.parametrize("early", [100, pytest.param(500, marks=pytest.mark.long)])
async def test_what_comes_before_its_payment_is_in_the_books_is_kept_and_applied(
    desk: Desk, early: int
) -> None:
    """W3: the provider was quicker than the note of what it calls the payment."""
    async with desk.books.writing() as uow:
        attempts = [await desk.begin(uow, PaymentMethod.PAYPAL) for _ in range(early)]
        for number, attempt in enumerate(attempts):
            told = payments.Told(
                message_id=f"WH-{number}",
                kind="PAYMENT.CAPTURE.COMPLETED",
                ref=ref_of(attempt),
                order_id=attempt.order_id,
                found=payments.Found(S.CAPTURED, f"CAP{number}", attempt.amount),
            )
            await payments.take_message(uow, PaymentMethod.PAYPAL, told, paying.apply_message)
    assert await desk.outcomes() == [MessageOutcome.WAITING] * early
    async with desk.books.writing() as uow:
        await paying.apply_waiting(uow, {})
        for attempt in attempts:
            await payments.name_attempt(uow, attempt, ref_of(attempt))
    assert await desk.placed() == 0
    for _ in range(0, early, payments.messages.AT_ONCE_MAX):
        async with desk.books.writing() as uow:
            await paying.apply_waiting(uow, {})
    outcomes = await desk.outcomes()
    print(f"W3: {early} messages came before their payments, {outcomes.count('APPLIED')} applied")
    assert outcomes == [MessageOutcome.APPLIED] * early
    assert await desk.placed() == early


@pytest.mark.enable_socket
async def test_with_every_message_lost_each_payment_is_found_within_ten_minutes(
    desk: Desk, stripe_url: str
) -> None:
    """W4: guests pay and close the browser, and Stripe's messages reach nobody."""
    desk.books.given = {"STRIPE_API_BASE": stripe_url}
    paid_at = {}
    async with httpx.AsyncClient() as browser:
        for _ in range(LOST):
            async with desk.books.writing() as uow:
                order_id = (await desk.begin(uow, PaymentMethod.STRIPE)).order_id
            _, begun = await paying.begin(
                desk.books, SYSTEM, order_id, PaymentMethod.STRIPE, hosted=True, site="http://x"
            )
            assert begun.url is not None
            await browser.post(begun.url, data={"card": "4242424242424242"})
    assert await desk.placed() == 0
    for minute in range(1, 11):
        desk.clock.advance(minutes=1)
        while await Worker(desk.books, main.JOBS).run_due():
            pass
        paid_at[minute] = await desk.placed()
    print(f"W4: {LOST} payments without a message, {paid_at[10]} found within ten minutes")
    assert paid_at[10] == LOST
