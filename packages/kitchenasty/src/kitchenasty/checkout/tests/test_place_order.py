"""Placing orders on real databases: what is agreed, what is refused, what is scarce."""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest

from basis.errors import DomainError
from basis.kit.data.database import DatabaseAway
from basis.kit.data.outbox import count_waiting
from basis.kit.testing import HandClock
from kitchenasty import checkout, locations, menu, orders, payments
from kitchenasty.checkout.tests.builders import draft_of
from kitchenasty.kit.books import Books, Look
from kitchenasty.locations.tests.builders import add_house
from kitchenasty.menu.tests.builders import SIZE, TOPPINGS, add_dish

TRIES_MAX = 20
Line = checkout.CartLine


async def make_dish(books: Books, **fields: Any) -> str:
    async with books.writing() as uow:
        return await add_dish(uow, **fields)


async def make_house(books: Books, **fields: Any) -> locations.House:
    async with books.writing() as uow:
        return await add_house(uow, **fields)


async def place(books: Books, draft: checkout.OrderDraft) -> checkout.AcceptedOrder:
    """Like every client: who finds no connection in time asks again."""
    for _ in range(TRIES_MAX):
        with suppress(DatabaseAway):
            async with books.writing() as uow:
                return await checkout.place_order(uow, draft)
    raise AssertionError("no connection became free")


async def option_id(look: Look, house_id: str, dish_id: str, name: str) -> str:
    dish = (await menu.load_menu(look, house_id)).dishes[dish_id]
    return next(c.id for group in dish.options for c in group.choices if c.name == name)


async def test_an_order_keeps_names_prices_and_options(
    books: Books, house: locations.House
) -> None:
    dish_id = await make_dish(books, name="Lentil soup", options=(SIZE, TOPPINGS))
    async with books.reading() as look:
        large = await option_id(look, house.id, dish_id, "Large")
        feta = await option_id(look, house.id, dish_id, "Feta")
    placed = await place(
        books, draft_of(house.id, Line(dish_id, 2, ((large, 1), (feta, 1)), note="no onions"))
    )
    async with books.reading() as look:
        order = await orders.load_order(look, placed.id)
        [payment] = await payments.list_payments(look, placed.id)
    [line] = order.lines
    assert (line.name, line.unit_minor, line.total_minor) == ("Lentil soup", 1_650, 3_300)
    assert [(o.group, o.name, o.modifier_minor) for o in line.options] == [
        ("Size", "Large", 250),
        ("Toppings", "Feta", 150),
    ]
    assert line.allergens == ("milk",)
    assert (order.total_minor, payment.amount_minor) == (3_300, 3_300)
    assert order.number == "001"
    assert [entry.after for entry in order.history] == ["PENDING"]


async def test_a_link_opens_its_own_order_only(books: Books, house: locations.House) -> None:
    dish_id = await make_dish(books)
    first = await place(books, draft_of(house.id, Line(dish_id, 1)))
    second = await place(books, draft_of(house.id, Line(dish_id, 1)))
    async with books.reading() as look:
        found = await orders.find_order_by_capability(look, first.capability)
        assert found is not None
        assert found.id == first.id
        assert not await orders.is_opened_by(look, second.id, first.capability)
        assert await orders.find_order_by_capability(look, "x" * 27) is None


async def test_numbers_count_up_by_house_and_day(
    books: Books, clock: HandClock, house: locations.House, other_house: locations.House
) -> None:
    dish_id = await make_dish(books)
    numbers = [(await place(books, draft_of(house.id, Line(dish_id, 1)))).number for _ in range(3)]
    elsewhere = await place(books, draft_of(other_house.id, Line(dish_id, 1)))
    clock.advance(days=1)
    tomorrow = await place(books, draft_of(house.id, Line(dish_id, 1)))
    assert numbers == ["001", "002", "003"]
    assert (elsewhere.number, tomorrow.number) == ("001", "001")


async def test_delivery_adds_the_fee_and_names_the_tax_inside(books: Books) -> None:
    house = await make_house(books, delivery_fee_minor=350, tax_basis_points=700)
    dish_id = await make_dish(books)
    placed = await place(
        books, draft_of(house.id, Line(dish_id, 2), order_type=orders.OrderType.DELIVERY)
    )
    async with books.reading() as look:
        order = await orders.load_order(look, placed.id)
    assert (order.subtotal_minor, order.delivery_fee_minor, order.total_minor) == (
        2_500,
        350,
        2_850,
    )
    assert (order.tax_minor, order.tax_is_included) == (186, True)
    assert order.address is not None
    assert order.address["line1"] == "Torstrasse 1"


REFUSALS: list[tuple[str, dict[str, Any], dict[str, Any], dict[str, Any], str]] = [
    ("closed house", {"hours": ()}, {}, {}, "HouseClosed"),
    ("paused house", {"busy_mode": locations.BusyMode.PAUSED}, {}, {}, "HousePaused"),
    ("pickup switched off", {"pickup_enabled": False}, {}, {}, "OrderTypeOff"),
    ("minimum not reached", {"min_pickup_minor": 9_900}, {}, {}, "BelowMinimum"),
    ("tampered total", {}, {}, {"shown_total_minor": 1}, "PriceChanged"),
    ("86'd dish", {}, {"is_86": True}, {}, "SoldOut"),
    ("sold out dish", {}, {"stock": 0}, {}, "SoldOut"),
    ("dish for delivery only", {}, {"order_type": "DELIVERY"}, {}, "OrderTypeOff"),
    ("missing required option", {}, {"options": (SIZE,)}, {}, "OptionMissing"),
    ("inactive dish", {}, {"is_active": False}, {}, "DishGone"),
    (
        "no way to reach the guest",
        {},
        {},
        {"contact": orders.Contact(name="Anna", email=None, phone=None)},
        "ContactNeeded",
    ),
    (
        "delivery without an address",
        {},
        {},
        {"order_type": orders.OrderType.DELIVERY, "address": None},
        "AddressNeeded",
    ),
]


@pytest.mark.parametrize(
    ("house_fields", "dish_fields", "draft_fields", "code"),
    [row[1:] for row in REFUSALS],
    ids=[row[0] for row in REFUSALS],
)
async def test_a_refused_order_has_a_code_and_leaves_nothing(
    books: Books,
    house_fields: dict[str, Any],
    dish_fields: dict[str, Any],
    draft_fields: dict[str, Any],
    code: str,
) -> None:
    house = await make_house(books, **house_fields)
    dish_id = await make_dish(books, **dish_fields)
    with pytest.raises(DomainError) as refusal:
        await place(books, draft_of(house.id, Line(dish_id, 1), **draft_fields))
    assert refusal.value.code == code
    assert len(str(refusal.value)) > 10
    await nothing_was_written(books)


async def loads_of(look: Look) -> list[int]:
    """Reserved minutes of every quarter of the next days, of all houses."""
    houses = await locations.list_houses(look, only_active=False)
    far = look.now + timedelta(days=9)
    found = [
        await orders.list_loads(look, house.id, look.now - timedelta(days=1), far)
        for house in houses
    ]
    return [minutes for loads in found for minutes in loads.values()]


async def nothing_was_written(books: Books) -> None:
    async with books.reading() as look:
        assert await orders.count_orders(look, orders.OrderFilter()) == 0
        assert (await count_waiting(look))[0] == 0
        assert await loads_of(look) == []


async def test_an_option_of_another_dish_and_a_dish_of_another_house_are_refused(
    books: Books, house: locations.House, other_house: locations.House
) -> None:
    with_options = await make_dish(books, options=(TOPPINGS,))
    plain = await make_dish(books)
    elsewhere = await make_dish(books, house_id=other_house.id)
    async with books.reading() as look:
        feta = await option_id(look, house.id, with_options, "Feta")
    with pytest.raises(menu.OptionOfAnotherDish):
        await place(books, draft_of(house.id, Line(plain, 1, ((feta, 1),))))
    with pytest.raises(checkout.DishGone):
        await place(books, draft_of(house.id, Line(elsewhere, 1)))
    await nothing_was_written(books)


async def test_a_dish_out_of_its_mealtime_is_refused(
    books: Books, clock: HandClock, house: locations.House
) -> None:
    async with books.writing() as uow:
        lunch = await menu.add_mealtime(
            uow, menu.MealtimeDraft(name="Lunch", starts=660, ends=900, days=tuple(range(7)))
        )
        dish_id = await add_dish(uow, mealtime_ids=(lunch,))
    with pytest.raises(checkout.NotServedNow, match="Lunch"):
        await place(books, draft_of(house.id, Line(dish_id, 1)))
    await nothing_was_written(books)
    clock.advance(hours=-6)
    await place(books, draft_of(house.id, Line(dish_id, 1)))


async def test_200_guests_share_37_portions(books: Books, house: locations.House) -> None:
    dish_id = await make_dish(books, stock=37)

    async def try_to_order() -> str:
        try:
            await place(books, draft_of(house.id, Line(dish_id, 1)))
        except menu.SoldOut:
            return "sold out"
        return "accepted"

    answers = Counter(await asyncio.gather(*(try_to_order() for _ in range(200))))
    async with books.reading() as look:
        left = (await menu.load_availability(look, [dish_id]))[dish_id].stock
        count = await orders.count_orders(look, orders.OrderFilter())
    print(f"C3: 200 guests, 37 portions: {dict(answers)}, {left} left, {count} orders")
    assert answers == {"accepted": 37, "sold out": 163}
    assert (left, count) == (0, 37)


async def test_two_lines_of_one_dish_cannot_take_more_than_there_is(
    books: Books, house: locations.House
) -> None:
    dish_id = await make_dish(books, stock=3)
    with pytest.raises(menu.SoldOut):
        await place(books, draft_of(house.id, Line(dish_id, 2), Line(dish_id, 2, note="extra")))
    await nothing_was_written(books)


async def test_a_quarter_of_60_minutes_takes_eight_orders_of_seven(
    books: Books, clock: HandClock
) -> None:
    house = await make_house(books, kitchen_minutes_per_quarter=60)
    dish_id = await make_dish(books, work_minutes=7)
    wished = clock() + timedelta(hours=2)

    async def try_to_order() -> str:
        try:
            await place(books, draft_of(house.id, Line(dish_id, 1), scheduled_at=wished))
        except checkout.SlotFull:
            return "full"
        return "accepted"

    answers = Counter(await asyncio.gather(*(try_to_order() for _ in range(100))))
    async with books.reading() as look:
        loads = await loads_of(look)
    print(f"C3: 100 orders of 7 minutes for 60: {dict(answers)}, reserved {loads}")
    assert answers == {"accepted": 8, "full": 92}
    assert loads == [56]


async def test_asap_orders_are_promised_later_as_the_kitchen_fills(books: Books) -> None:
    house = await make_house(books, kitchen_minutes_per_quarter=20)
    dish_id = await make_dish(books, work_minutes=10)
    promises = []
    for _ in range(6):
        placed = await place(books, draft_of(house.id, Line(dish_id, 1)))
        async with books.reading() as look:
            promises.append((await orders.load_order(look, placed.id)).promised_at)
    quarters = Counter(orders.quarter_of(promise) for promise in promises)
    assert promises == sorted(promises)
    assert list(quarters.values()) == [2, 2, 2]


async def test_a_cancelled_order_gives_back_exactly_what_it_took(books: Books) -> None:
    house = await make_house(books, kitchen_minutes_per_quarter=60)
    dish_id = await make_dish(books, stock=5, work_minutes=7)
    placed = await place(books, draft_of(house.id, Line(dish_id, 3)))
    async with books.writing() as uow:
        await orders.move_order(uow, placed.id, orders.OrderStatus.CANCELLED, reason="no basil")
    async with books.reading() as look:
        order = await orders.load_order(look, placed.id)
        assert (await menu.load_availability(look, [dish_id]))[dish_id].stock == 5
        assert await loads_of(look) == [0]
    assert order.cancel_reason == "no basil"
    assert [entry.after for entry in order.history] == ["PENDING", "CANCELLED"]


async def test_of_two_cooks_one_moves_the_order(books: Books, house: locations.House) -> None:
    dish_id = await make_dish(books)
    won = Counter[str]()
    for _ in range(20):
        placed = await place(books, draft_of(house.id, Line(dish_id, 1)))

        async def confirm(order_id: str) -> str:
            try:
                async with books.writing() as uow:
                    await orders.move_order(
                        uow, order_id, orders.OrderStatus.CONFIRMED, expected_version=1
                    )
            except (orders.OrderChanged, orders.OrderMoveRefused):
                return "refused"
            return "moved"

        won.update(await asyncio.gather(confirm(placed.id), confirm(placed.id)))
    print(f"C5: 20 orders, two cooks each: {dict(won)}")
    assert won == {"moved": 20, "refused": 20}
