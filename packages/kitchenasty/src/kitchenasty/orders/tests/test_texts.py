"""Guests who left a number read on their phone that their order is ready: once, and while it is."""

from __future__ import annotations

from typing import Any

import pytest

from basis.kit.background.dispatcher import Dispatcher
from kitchenasty import locations, orders
from kitchenasty.kit.books import Books
from kitchenasty.kit.http.i18n import current_locale
from kitchenasty.locations.tests.builders import add_house
from kitchenasty.menu.tests.builders import add_dish
from kitchenasty.orders import OrderStatus, OrderType
from kitchenasty.orders.tests.builders import record
from kitchenasty.orders.texts import READY, WRITERS
from kitchenasty.texting import MemoryCarrier, TextState
from kitchenasty.texting.tests.builders import switch_on, texts, worker

ANNA_E164 = "+49305550101"
ADDRESS = {"line1": "Long Lane 1", "line2": None, "city": "Berlin", "postalCode": "10117"}
S = OrderStatus


@pytest.fixture
async def house(books: Books) -> locations.House:
    await switch_on(books, orderReady=True)
    async with books.writing() as uow:
        return await add_house(uow, country="DE")


async def place(books: Books, house: locations.House, **fields: Any) -> orders.Order:
    async with books.writing() as uow:
        dish_id = await add_dish(uow, house_id=house.id)
        return (await record(uow, house, dish_id, **fields)).order


async def move(books: Books, order: orders.Order, *way: OrderStatus) -> None:
    for status in way:
        async with books.writing() as uow:
            await orders.move_order(uow, order.id, status)


async def told(books: Books) -> list[tuple[str, str]]:
    """What goes to which number now."""
    await Dispatcher(books, [READY]).run_once()
    carrier = MemoryCarrier()
    await worker(books, carrier, WRITERS).run_due()
    return [(one.to, one.body) for one in carrier.texts]


async def test_who_left_a_number_is_told_that_the_order_is_ready(
    books: Books, house: locations.House
) -> None:
    order = await place(books, house)
    await move(books, order, S.CONFIRMED, S.PREPARING)
    assert await told(books) == []
    await move(books, order, S.READY)
    assert await told(books) == [(ANNA_E164, f"{house.name}: your order {order.number} is ready.")]


async def test_what_is_called_back_and_ready_again_is_told_once(
    books: Books, house: locations.House
) -> None:
    order = await place(books, house)
    await move(books, order, S.CONFIRMED, S.PREPARING, S.READY)
    assert len(await told(books)) == 1
    await move(books, order, S.PREPARING, S.READY)
    assert await told(books) == []


async def test_a_delivery_is_told_when_it_leaves_and_in_the_guests_language(
    books: Books, house: locations.House
) -> None:
    language = current_locale.set("de")
    try:
        order = await place(books, house, order_type=OrderType.DELIVERY, address=ADDRESS)
    finally:
        current_locale.reset(language)
    await move(books, order, S.CONFIRMED, S.PREPARING, S.READY)
    assert await told(books) == []
    await move(books, order, S.OUT_FOR_DELIVERY)
    [(_, words)] = await told(books)
    assert words == f"{house.name}: Ihre Bestellung {order.number} ist auf dem Weg zu Ihnen."


async def test_what_was_picked_up_meanwhile_needs_no_text(
    books: Books, house: locations.House
) -> None:
    order = await place(books, house)
    await move(books, order, S.CONFIRMED, S.PREPARING, S.READY, S.PICKED_UP)
    assert await told(books) == []
    assert [one.state for one in await texts(books)] == [TextState.NEEDLESS]


@pytest.mark.parametrize("phone", [None, "", "ask at the bar", "1"])
async def test_a_number_that_is_none_holds_up_nothing(
    books: Books, house: locations.House, phone: str | None
) -> None:
    contact = orders.Contact(name="Ada", email="a@b.example", phone=phone)
    order = await place(books, house, contact=contact)
    await move(books, order, S.CONFIRMED, S.PREPARING, S.READY)
    assert await told(books) == []
    assert await texts(books) == []


async def test_a_house_that_does_not_want_it_texts_nobody(
    books: Books, house: locations.House
) -> None:
    await switch_on(books, orderReady=False)
    order = await place(books, house)
    await move(books, order, S.CONFIRMED, S.PREPARING, S.READY)
    assert await told(books) == []
