"""Orders that are paid online, from the checkout to the money in the books, against the twins."""

from __future__ import annotations

import asyncio

import pytest

from basis.kit.testing import HandClock
from basis.money import Money
from kitchenasty import locations, menu, orders, paying, payments, settings
from kitchenasty.kit.books import Books
from kitchenasty.orders import OrderStatus
from kitchenasty.paying import Settled
from kitchenasty.payments import Found, IntentState, NothingDue, PaymentMethod
from kitchenasty.payments.tests.builders import DECLINED
from kitchenasty.tests.till import PAYPAL, STRIPE, Till

pytestmark = pytest.mark.enable_socket


async def left_of(till: Till, dish_id: str) -> int | None:
    async with till.books.reading() as look:
        return (await menu.load_availability(look, {dish_id}))[dish_id].stock


async def test_an_unpaid_order_is_in_the_books_and_nobody_in_the_house_is_told(till: Till) -> None:
    placed = await till.order()
    await till.work()
    order = await till.load(placed.id)
    assert order.awaits_payment
    assert await left_of(till, order.lines[0].dish_id) == 2
    assert await till.kitchen() == []
    async with till.books.reading() as look:
        of_house = orders.OrderFilter(house_ids=frozenset({till.house.id}))
        assert await orders.count_orders(look, of_house) == 0
    assert till.books.committed["order.placed"] == 0


@pytest.mark.parametrize("method", [STRIPE, PAYPAL])
async def test_a_paid_order_goes_to_the_kitchen(till: Till, method: PaymentMethod) -> None:
    placed = await till.order(method)
    attempt, begun = await till.begin(placed.id, method)
    assert await till.pay(begun) == 303
    await paying.look_after_order(till.books, placed.id)
    order = await till.load(placed.id)
    [payment] = await till.payments_of(placed.id)
    assert not order.awaits_payment
    assert (payment.id, payment.state, payment.amount_minor) == (
        attempt.id,
        IntentState.CAPTURED,
        order.total_minor,
    )
    assert await till.kitchen() == [placed.id]
    assert till.books.committed["order.placed"] == 1


async def test_an_app_of_the_guest_pays_with_a_secret(till: Till) -> None:
    placed = await till.order()
    attempt, begun = await till.begin(placed.id, hosted=False)
    assert begun.client_secret is not None
    assert attempt.is_hosted is False
    await till.pay_in_app(begun)
    await paying.look_after_order(till.books, placed.id)
    # The row that was written with the order, for a page, is not the one that was paid.
    assert sorted(await till.states(placed.id)) == ["CAPTURED", "EXPIRED"]


async def test_declined_then_paid_on_the_same_page(till: Till) -> None:
    placed = await till.order()
    _, begun = await till.begin(placed.id)
    assert await till.pay(begun, DECLINED) == 200
    await paying.look_after_order(till.books, placed.id)
    assert await till.states(placed.id) == ["REQUIRES_ACTION"]
    _, again = await till.begin(placed.id)
    assert again == begun
    await till.pay(again)
    await paying.look_after_order(till.books, placed.id)
    assert await till.money(placed.id) == (placed.order.total_minor, 0)


async def test_not_paid_in_time_everything_is_given_back(till: Till, clock: HandClock) -> None:
    placed = await till.order()
    _, begun = await till.begin(placed.id)
    clock.advance(minutes=14)
    await till.work()
    assert (await till.load(placed.id)).awaits_payment
    clock.advance(minutes=1)
    await till.work()
    order = await till.load(placed.id)
    assert (order.status, order.cancel_reason) == (OrderStatus.CANCELLED, "Not paid in time")
    assert await left_of(till, order.lines[0].dish_id) == 3
    assert await till.states(placed.id) == ["EXPIRED"]
    assert await till.pay(begun) == 200  # the page says that it is no longer valid
    assert await till.money(placed.id) == (0, 0)
    with pytest.raises(NothingDue, match="not paid in time"):
        await till.begin(placed.id)


async def test_paid_while_every_message_was_lost_is_found_by_asking(
    till: Till, clock: HandClock
) -> None:
    placed = [await till.order(method) for method in (STRIPE, PAYPAL) * 3]
    for one in placed:
        _, begun = await till.begin(one.id, one.due.method)
        await till.pay(begun)
    minutes = 0
    while len(await till.kitchen()) < len(placed) and minutes < 10:
        clock.advance(minutes=1)
        minutes += 1
        await till.work()
    print(f"W4: {len(placed)} payments without a message, all found after {minutes} minutes")
    assert len(await till.kitchen()) == len(placed)


async def test_money_that_comes_too_late_goes_back_and_revives_nothing(till: Till) -> None:
    placed = await till.order()
    attempt, begun = await till.begin(placed.id)
    await till.pay(begun)
    async with till.books.writing() as uow:
        await orders.move_order(uow, placed.id, OrderStatus.CANCELLED)
    for _ in range(3):
        assert await tell_paid(till, attempt) in (Settled.SURPLUS, Settled.NOTHING)
        await till.work()
    assert (await till.load(placed.id)).status is OrderStatus.CANCELLED
    assert await till.kitchen() == []
    assert await till.states(placed.id) == ["REFUNDED"]
    total = placed.order.total_minor
    assert await till.money(placed.id) == (total, total)


async def tell_paid(till: Till, attempt: payments.Attempt) -> Settled | None:
    async with till.books.reading() as look:
        now = await payments.find_attempt(look, attempt.id)
        provider = (await payments.load_keys(look)).provider(attempt.method)
    assert now is not None
    assert now.provider_ref is not None
    assert provider is not None
    found = await provider.find_out(now.provider_ref, key=now.id)
    async with till.books.writing() as uow:
        return await paying.settle(uow, attempt.id, found)


async def test_two_tabs_with_one_provider_are_one_attempt(till: Till) -> None:
    placed = await till.order()
    tabs = await asyncio.gather(*(till.begin(placed.id) for _ in range(2)))
    assert len({begun.url for _, begun in tabs}) == 1
    assert sorted([await till.pay(begun) for _, begun in tabs]) == [200, 303]
    await paying.look_after_order(till.books, placed.id)
    assert await till.money(placed.id) == (placed.order.total_minor, 0)


async def test_two_tabs_that_pay_at_once_pay_once(till: Till) -> None:
    """Both guests have been to the provider before either is known to us: one counts."""
    rounds, counts = 10, {"PAID": 0, "SURPLUS": 0}
    for _ in range(rounds):
        placed = await till.order()
        paid = [Money(placed.order.total_minor, placed.order.currency)] * 2
        attempts = []
        async with till.books.writing() as uow:
            for method, amount in zip((STRIPE, PAYPAL), paid, strict=True):
                attempts.append(
                    await payments.open_attempt(uow, placed.id, method, amount, is_hosted=True)
                )

        async def tell(attempt: payments.Attempt) -> Settled:
            found = Found(IntentState.CAPTURED, charge_ref=attempt.id, amount=attempt.amount)
            async with till.books.writing() as uow:
                return await paying.settle(uow, attempt.id, found)

        for told in await asyncio.gather(*(tell(attempt) for attempt in attempts)):
            counts[told.value] += 1
        assert not (await till.load(placed.id)).awaits_payment
    print(f"C4: {rounds} orders paid twice at once: {counts}")
    assert counts == {"PAID": rounds, "SURPLUS": rounds}


async def test_who_changes_their_mind_has_one_page_to_pay_on(till: Till) -> None:
    placed = await till.order()
    _, stripe = await till.begin(placed.id, STRIPE)
    _, paypal = await till.begin(placed.id, PAYPAL)
    assert await till.pay(stripe) == 200
    await till.pay(paypal)
    await paying.look_after_order(till.books, placed.id)
    assert sorted(await till.states(placed.id)) == ["CAPTURED", "EXPIRED"]
    assert await till.money(placed.id) == (0, 0)


async def test_paid_a_moment_ago_in_another_way_nothing_more_is_asked_for(till: Till) -> None:
    placed = await till.order()
    _, stripe = await till.begin(placed.id, STRIPE)
    await till.pay(stripe)
    with pytest.raises(NothingDue):
        await till.begin(placed.id, PAYPAL)
    assert await till.kitchen() == [placed.id]


@pytest.mark.parametrize(("amount", "currency"), [(1, "EUR"), (-1, "EUR"), (0, "USD"), (0, "JPY")])
async def test_another_sum_than_asked_for_is_for_a_person_to_look_at(
    till: Till, amount: int, currency: str
) -> None:
    placed = await till.order()
    attempt, _ = await till.begin(placed.id)
    told = Money(placed.order.total_minor + amount, currency)
    async with till.books.writing() as uow:
        found = Found(IntentState.CAPTURED, charge_ref="pi_1", amount=told)
        assert await paying.settle(uow, attempt.id, found) is Settled.REVIEW
    [payment] = await till.payments_of(placed.id)
    assert payment.review is not None
    assert (await till.load(placed.id)).awaits_payment
    assert await till.kitchen() == []


async def test_an_order_that_was_told_may_still_be_paid_online(till: Till) -> None:
    placed = await till.order(PaymentMethod.CASH)
    _, begun = await till.begin(placed.id, STRIPE)
    await till.pay(begun)
    await paying.look_after_order(till.books, placed.id)
    assert sorted(await till.states(placed.id)) == ["CAPTURED", "EXPIRED"]
    assert await till.kitchen() == [placed.id]
    with pytest.raises(NothingDue):
        await till.collect(placed.id, PaymentMethod.CASH)


async def test_paid_at_the_counter_meanwhile_the_money_of_the_provider_goes_back(
    till: Till,
) -> None:
    placed = await till.order(PaymentMethod.CASH)
    attempt, begun = await till.begin(placed.id, STRIPE)
    await till.collect(placed.id, PaymentMethod.CARD)
    await till.pay(begun)
    assert await tell_paid(till, attempt) is Settled.SURPLUS
    await till.work()
    assert await till.money(placed.id) == (placed.order.total_minor, placed.order.total_minor)


async def test_cash_at_the_counter_with_change(till: Till) -> None:
    placed = await till.order(PaymentMethod.CASH)
    total = placed.order.total_minor
    with pytest.raises(payments.TooLittle):
        await till.collect(placed.id, PaymentMethod.CASH, tendered_minor=total - 1)
    paid = await till.collect(placed.id, PaymentMethod.CASH, tendered_minor=total + 350)
    assert (paid.state, paid.change_minor) == (IntentState.CAPTURED, 350)
    with pytest.raises(NothingDue):
        await till.collect(placed.id, PaymentMethod.CASH)


@pytest.mark.parametrize(
    ("price", "tendered", "rounding", "change"),
    [
        (1_252, 2_000, -2, 750),
        (1_253, 2_000, 2, 745),
        (1_253, 1_253, 0, 0),
        (1_252, None, -2, None),
    ],
)
async def test_cash_is_rounded_to_the_smallest_coin_and_a_card_is_not(
    till: Till, price: int, tendered: int | None, rounding: int, change: int | None
) -> None:
    async with till.books.writing() as uow:
        await locations.set_charges(uow, till.house.id, locations.Charges(cash_step_minor=5))
    placed = await till.order(PaymentMethod.CASH, price_minor=price)
    paid = await till.collect(placed.id, PaymentMethod.CASH, tendered_minor=tendered)
    assert (paid.amount_minor, paid.rounding_minor, paid.change_minor) == (price, rounding, change)
    other = await till.order(PaymentMethod.CASH, price_minor=price)
    assert (await till.collect(other.id, PaymentMethod.CARD)).rounding_minor == 0


async def test_a_house_without_cash_takes_none(till: Till, books: Books) -> None:
    async with books.writing() as uow:
        await settings.change(uow, payments.PAYMENT, {"cashEnabled": False})
    with pytest.raises(payments.PaymentMethodOff):
        await till.order(PaymentMethod.CASH)
    assert (await till.order(STRIPE)).order.awaits_payment


async def test_what_is_switched_off_is_not_taken(till: Till, books: Books) -> None:
    async with books.writing() as uow:
        await settings.change(uow, payments.PAYMENT, {"stripeEnabled": False})
    with pytest.raises(payments.PaymentMethodOff):
        await till.order(STRIPE)


async def test_staff_can_only_cancel_what_is_not_paid(till: Till) -> None:
    placed = await till.order()
    async with till.books.writing() as uow:
        with pytest.raises(orders.OrderMoveRefused, match="not paid yet"):
            await orders.move_order(uow, placed.id, OrderStatus.CONFIRMED)
    assert (await till.load(placed.id)).next_statuses == (OrderStatus.CANCELLED,)
