"""Acceptance: what is scarce is sold once, and all of it is free again when a payment expires."""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, select

from basis.kit.data.statements import Statement
from kitchenasty import checkout, gift_cards, loyalty, menu, orders
from kitchenasty.checkout.tests.builders import draft_of
from kitchenasty.gift_cards.tests.builders import issue
from kitchenasty.kit.tables import every_table
from kitchenasty.loyalty.tests.builders import add_guest, set_up
from kitchenasty.menu.tests.builders import add_dish
from kitchenasty.payments import PaymentMethod
from kitchenasty.promotions.tests.builders import add_coupon
from kitchenasty.tests.till import Till

COUPONS = every_table()["coupons"]
USES = Statement(select(COUPONS.c.uses).where(COUPONS.c.id == bindparam("of", required=True)))


async def test_stock_coupon_points_and_gift_card_are_given_back_when_a_payment_expires(
    till: Till, clock: Any
) -> None:
    async with till.books.writing() as uow:
        await set_up(uow)
        dish_id = await add_dish(uow, stock=2)
        guest = await add_guest(uow, 1_000)
        coupon = await add_coupon(uow, uses_max=1)
    issued = await issue(till.books, 500)

    async def standing() -> tuple[int | None, int, int, int]:
        async with till.books.reading() as look:
            left = (await menu.load_availability(look, {dish_id}))[dish_id].stock
            points = await loyalty.load_balance(look, guest.id or "")
            card = await gift_cards.load_card(look, issued.card.id)
            return left, int(await look.value(USES, of=coupon.id)), points, card.balance_minor

    before = await standing()
    async with till.books.writing(guest) as uow:
        draft = draft_of(
            till.house.id,
            checkout.CartLine(dish_id, 2),
            customer_id=guest.id,
            coupon_code=coupon.code,
            points=1_000,
            gift_card=issued.code,
            payment_method=PaymentMethod.STRIPE,
        )
        placed = await checkout.place_order(uow, draft)
    # 25.00, less the coupon's 2.50, less 10.00 in points, less 5.00 from the card.
    assert (placed.order.total_minor, placed.due.amount_minor) == (1_250, 750)
    assert await standing() == (0, 1, 0, 0)
    await till.begin(placed.id)
    clock.advance(minutes=120)
    await till.work()
    assert (await till.load(placed.id)).status is orders.OrderStatus.CANCELLED
    print(f"C4: a payment expired: stock, uses, points and card {await standing()} as before")
    assert await standing() == before == (2, 0, 1_000, 500)
