"""Orders with a coupon: what it takes off, whom it refuses, and its last use, which is one."""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import suppress
from typing import Any

import pytest
from sqlalchemy import bindparam, select, update

from basis.errors import DomainError
from basis.kit.data.database import DatabaseAway
from basis.kit.data.statements import Statement
from kitchenasty import checkout, locations, orders, promotions
from kitchenasty.checkout.tests.builders import draft_of
from kitchenasty.kit.books import Books
from kitchenasty.kit.tables import every_table
from kitchenasty.locations.tests.builders import add_house
from kitchenasty.menu.tests.builders import add_dish
from kitchenasty.promotions import CouponType
from kitchenasty.promotions.tests.builders import add_coupon

GUESTS, USES, TRIES_MAX = 50, 10, 40
Line = checkout.CartLine
DELIVERY = orders.OrderType.DELIVERY
COUPONS = every_table()["coupons"]
WITHOUT_THE_CONDITION = Statement(
    update(COUPONS)
    .where(COUPONS.c.id == bindparam("of", required=True))
    .values(uses=COUPONS.c.uses + 1)
)
USED = Statement(select(COUPONS.c.uses).where(COUPONS.c.id == bindparam("of", required=True)))


@pytest.fixture
async def dish_id(books: Books) -> str:
    async with books.writing() as uow:
        return await add_dish(uow)


async def make_coupon(books: Books, **fields: Any) -> promotions.Coupon:
    async with books.writing() as uow:
        return await add_coupon(uow, **fields)


def guest(number: int) -> orders.Contact:
    return orders.Contact(name="Anna", email=f"guest{number}@guest.example", phone=None)


async def place(books: Books, draft: checkout.OrderDraft) -> orders.Order | str:
    """The order, or the code of the refusal. Who finds no connection in time asks again."""
    for _ in range(TRIES_MAX):
        with suppress(DatabaseAway):
            try:
                async with books.writing() as uow:
                    return (await checkout.place_order(uow, draft)).order
            except DomainError as refusal:
                if not isinstance(refusal, DatabaseAway):
                    return refusal.code
    raise AssertionError("no connection became free")


def with_coupon(
    house: locations.House, dish_id: str, number: int = 1, **fields: Any
) -> checkout.OrderDraft:
    fields = {"coupon_code": "summer", "contact": guest(number), **fields}
    return draft_of(house.id, Line(dish_id, fields.pop("quantity", 2)), **fields)


async def uses_of(books: Books, coupon: promotions.Coupon) -> int:
    async with books.reading() as look:
        return int(await look.value(USED, of=coupon.id))


@pytest.mark.parametrize(
    ("fields", "order_type", "off"),
    [
        ({}, orders.OrderType.PICKUP, 250),
        ({"cap_minor": 199}, orders.OrderType.PICKUP, 199),
        ({"type": CouponType.FIXED, "amount_minor": 500}, DELIVERY, 500),
        ({"type": CouponType.FIXED, "amount_minor": 9_900}, DELIVERY, 2_500),
        ({"type": CouponType.FREE_DELIVERY}, DELIVERY, 350),
    ],
)
async def test_a_coupon_takes_off_what_it_says_and_the_order_keeps_why(
    books: Books, dish_id: str, fields: dict[str, Any], order_type: orders.OrderType, off: int
) -> None:
    async with books.writing() as uow:
        house = await add_house(uow, delivery_fee_minor=350)
    await make_coupon(books, **fields)
    placed = await place(books, with_coupon(house, dish_id, order_type=order_type))
    assert isinstance(placed, orders.Order)
    fee = 350 if order_type is DELIVERY else 0
    assert (placed.discount_minor, placed.total_minor) == (off, 2_500 + fee - off)
    async with books.reading() as look:
        sums = await orders.load_sums(look, await orders.load_order(look, placed.id))
    row = sums.rows[-1]
    assert (row.words, row.name, row.minor) == ("Discount", "SUMMER", -off)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"code": "WINTER"}, "CouponUnknown"),
        ({"is_active": False}, "CouponOff"),
        ({"starts": "2999-01-01T00:00:00"}, "CouponNotYet"),
        ({"ends": "2001-01-01T00:00:00"}, "CouponExpired"),
        ({"min_order_minor": 2_501}, "CouponBelowMinimum"),
        ({"type": CouponType.FREE_DELIVERY}, "CouponIdle"),
        ({"cap_minor": 0}, "CouponIdle"),
        ({"currency": "USD"}, "CouponUnknown"),
    ],
)
async def test_a_refused_coupon_has_a_code_and_is_not_used_up(
    books: Books, house: locations.House, dish_id: str, fields: dict[str, Any], code: str
) -> None:
    coupon = await make_coupon(books, **fields)
    assert await place(books, with_coupon(house, dish_id)) == code
    assert await uses_of(books, coupon) == 0
    async with books.reading() as look:
        cart = with_coupon(house, dish_id).cart
        priced = await checkout.price_cart(look, cart)
    assert priced.coupon_refusal is not None
    assert priced.coupon_refusal.code == code
    assert priced.breakdown.total_minor == 2_500


async def test_50_guests_share_10_uses(books: Books, house: locations.House, dish_id: str) -> None:
    coupon = await make_coupon(books, uses_max=USES)
    answers = await asyncio.gather(
        *(place(books, with_coupon(house, dish_id, number)) for number in range(GUESTS))
    )
    told = Counter(one if isinstance(one, str) else "ordered" for one in answers)
    print(f"C1: {GUESTS} guests, {USES} uses: {told['ordered']} orders have it")
    assert told == {"ordered": USES, "CouponUsedUp": GUESTS - USES}
    assert await uses_of(books, coupon) == USES


async def test_without_the_condition_a_coupon_is_used_more_often_than_it_may(books: Books) -> None:
    coupon = await make_coupon(books, uses_max=USES)

    async def use() -> None:
        async with books.writing() as uow:
            await uow.run(WITHOUT_THE_CONDITION, of=coupon.id)

    seen = await asyncio.gather(*(uses_of(books, coupon) for _ in range(GUESTS)))
    await asyncio.gather(*(use() for uses in seen if uses < USES))
    used = await uses_of(books, coupon)
    print(f"C1: control without the condition: {used} of {USES} uses")
    assert used > USES


async def test_20_orders_of_one_person_at_once_have_it_once(
    books: Books, house: locations.House, dish_id: str
) -> None:
    coupon = await make_coupon(books, per_customer_max=1)
    spellings = ("anna@guest.example", "Anna+1@guest.example", "ANNA@GUEST.EXAMPLE")
    drafts = [
        with_coupon(
            house,
            dish_id,
            contact=orders.Contact(name="A", email=spellings[number % 3], phone=None),
        )
        for number in range(20)
    ]
    answers = await asyncio.gather(*(place(books, draft) for draft in drafts))
    told = Counter(one if isinstance(one, str) else "ordered" for one in answers)
    print(f"C1: 20 orders of one person at once: {told['ordered']} has it")
    assert told == {"ordered": 1, "CouponUsedUp": 19}
    assert await uses_of(books, coupon) == 1


async def test_whoever_changes_address_or_phone_alone_is_still_known(
    books: Books, house: locations.House, dish_id: str
) -> None:
    await make_coupon(books, per_customer_max=1)
    first = orders.Contact(name="A", email="a@guest.example", phone="+49 170 1234567")
    other_mail = orders.Contact(name="B", email="b@guest.example", phone="0170 1234567")
    other_phone = orders.Contact(name="C", email="A+x@guest.example", phone="030 999")
    stranger = orders.Contact(name="D", email="d@guest.example", phone="030 7654321")
    answers = [
        await place(books, with_coupon(house, dish_id, contact=contact))
        for contact in (first, other_mail, other_phone, stranger)
    ]
    assert answers[1:3] == ["CouponUsedUp", "CouponUsedUp"]
    assert isinstance(answers[0], orders.Order)
    assert isinstance(answers[3], orders.Order)


async def test_a_cancelled_order_gives_its_coupon_back_once(
    books: Books, house: locations.House, dish_id: str
) -> None:
    coupon = await make_coupon(books, uses_max=2, per_customer_max=1)
    placed = await place(books, with_coupon(house, dish_id))
    assert isinstance(placed, orders.Order)
    await place(books, with_coupon(house, dish_id, 2))

    async def cancel() -> bool:
        with suppress(orders.OrderMoveRefused, orders.OrderChanged, DatabaseAway):
            async with books.writing() as uow:
                await orders.move_order(uow, placed.id, orders.OrderStatus.CANCELLED)
                return True
        return False

    cancelled = await asyncio.gather(*(cancel() for _ in range(10)))
    assert sum(cancelled) == 1
    assert await uses_of(books, coupon) == 1
    async with books.writing() as uow:
        await promotions.give_back(uow, placed.id)
    assert await uses_of(books, coupon) == 1
    assert isinstance(await place(books, with_coupon(house, dish_id)), orders.Order)
    assert await uses_of(books, coupon) == 2
