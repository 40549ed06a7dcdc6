"""What was paid online goes back to where it came from, once, whoever falls over meanwhile."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import update

from basis.kit.testing import HandClock
from kitchenasty import orders, paying, payments, refunds, settings
from kitchenasty.kit.principals import Kind, Principal, Role
from kitchenasty.kit.tables import every_table
from kitchenasty.payments import PAYMENT, PaymentMethod, ReturnState
from kitchenasty.tests.till import PAYPAL, STRIPE, Till

OWNER = Principal(kind=Kind.STAFF, id="owner", role=Role.SUPER_ADMIN, name="Rosa Vidal")
NOBODY_LISTENS = "http://127.0.0.1:9"
FORGOTTEN: dict[str, dict[str, Any]] = {
    "payment_returns": {"state": "PENDING", "provider_ref": None, "done_at": None},
    "jobs": {"done_at": None, "tries": 0},
}
pytestmark = pytest.mark.enable_socket


async def paid(till: Till, method: PaymentMethod = STRIPE) -> orders.Order:
    placed = await till.order(method)
    _, begun = await till.begin(placed.id, method)
    await till.pay(begun)
    await paying.look_after_order(till.books, placed.id)
    await till.work()
    return await till.load(placed.id)


async def give(till: Till, order: orders.Order, **wish: Any) -> refunds.Refund:
    async with till.books.writing(OWNER) as uow:
        return await refunds.refund(
            uow, order, refunds.Wish(**{"units": {}, **wish}), reason="It was cold."
        )


async def returns_of(till: Till, order: orders.Order) -> list[payments.PaymentReturn]:
    async with till.books.reading() as look:
        return await payments.list_returns(look, order.id)


async def states_of(till: Till, order: orders.Order) -> list[ReturnState]:
    return [one.state for one in await returns_of(till, order)]


async def change(till: Till, **values: Any) -> None:
    async with till.books.writing() as uow:
        await settings.change(uow, PAYMENT, values)


@pytest.mark.parametrize("method", [STRIPE, PAYPAL])
async def test_pieces_go_back_by_the_provider_until_nothing_is_left(
    till: Till, method: PaymentMethod
) -> None:
    order = await paid(till, method)
    await give(till, order, amount_minor=300)
    assert await states_of(till, order) == [ReturnState.PENDING], "nobody calls out meanwhile"
    await till.work()
    assert await states_of(till, order) == [ReturnState.DONE]
    assert await till.states(order.id) == ["PARTLY_REFUNDED"]
    await give(till, order, everything=True)
    await till.work()
    assert await states_of(till, order) == [ReturnState.DONE] * 2
    assert await till.states(order.id) == ["REFUNDED"]
    if method is STRIPE:
        assert await till.money(order.id) == (order.total_minor, order.total_minor)


async def test_a_cancelled_order_that_was_paid_online_gives_everything_back_once(
    till: Till,
) -> None:
    order = await paid(till)
    async with till.books.writing(OWNER) as uow:
        await orders.move_order(uow, order.id, orders.OrderStatus.CANCELLED, reason="No gas.")
    await till.work()
    await till.work()
    assert await till.money(order.id) == (order.total_minor, order.total_minor)
    async with till.books.reading() as look:
        [made] = await refunds.list_refunds(look, order.id)
    assert (made.amount_minor, made.cause) == (order.total_minor, refunds.Cause.CANCELLED)


async def test_who_dies_after_the_provider_said_yes_gives_back_once(till: Till) -> None:
    """The answer was lost: the job runs again, under the same key."""
    order = await paid(till)
    await give(till, order, amount_minor=300)
    await till.work()
    async with till.books.writing() as uow:
        for name, values in FORGOTTEN.items():
            table = every_table()[name]
            await uow.session.execute(update(table).values(**values))
    await till.work()
    assert await states_of(till, order) == [ReturnState.DONE]
    assert await till.money(order.id) == (order.total_minor, 300)


async def test_a_provider_that_does_not_answer_is_asked_again(till: Till, clock: HandClock) -> None:
    order = await paid(till)
    await give(till, order, amount_minor=300)
    till.books.given = {"STRIPE_API_BASE": NOBODY_LISTENS}
    await till.work()
    assert await states_of(till, order) == [ReturnState.PENDING]
    till.books.given = {"STRIPE_API_BASE": till.stripe_url}
    clock.advance(minutes=1)
    await till.work()
    assert await states_of(till, order) == [ReturnState.DONE]
    assert await till.money(order.id) == (order.total_minor, 300)


async def test_after_a_refusal_the_house_asks_again_or_gives_it_back_by_hand(till: Till) -> None:
    order = await paid(till)
    await give(till, order, amount_minor=300)
    await give(till, order, amount_minor=200)
    await change(till, stripeSecretKey="sk_test_wrong0000000")
    await till.work()
    assert await states_of(till, order) == [ReturnState.REFUSED] * 2
    first, second = await returns_of(till, order)
    assert first.failure == "Stripe does not know this secret key."
    await change(till, stripeSecretKey="sk_test_right0000000")
    async with till.books.writing(OWNER) as uow:
        await payments.ask_again(uow, order.id, first.id)
        await payments.give_back_by_hand(uow, order.id, second.id)
    await till.work()
    assert await states_of(till, order) == [ReturnState.DONE] * 2
    assert await till.money(order.id) == (order.total_minor, 300)
    async with till.books.writing(OWNER) as uow:
        with pytest.raises(payments.ReturnNotOpen):
            await payments.ask_again(uow, order.id, first.id)
