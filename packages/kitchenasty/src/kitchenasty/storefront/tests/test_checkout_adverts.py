"""What the checkout asks and says about advertising, and that it never answers for a guest."""

from __future__ import annotations

import pytest
from httpx import AsyncClient as Client

from basis.kit.data.paging import Page
from kitchenasty import adverts, orders
from kitchenasty.adverts import ALLOWED, NEVER_AGREED, OBJECTED, Basis
from kitchenasty.adverts.tests.builders import advertise_to, verdict
from kitchenasty.kit.books import Books
from kitchenasty.storefront.tests.builders import (
    HERE,
    fill_cart,
    open_checkout,
    open_with_tart,
)

ADA = "ada@guest.example"


async def fill(guest: Client, books: Books) -> str:
    dish_id = await open_with_tart(books)
    await fill_cart(guest, dish_id, 1)
    return (await guest.get(f"{HERE}/checkout")).text


async def order(guest: Client, **more: str) -> None:
    form = await open_checkout(guest, email=ADA, **more)
    answer = await guest.post(f"{HERE}/checkout", data=form)
    assert answer.status_code == 303


async def hand_over(books: Books) -> None:
    """As the subscription does when every order of the house was handed over."""
    async with books.writing() as uow:
        found = await orders.list_orders(uow, orders.OrderFilter(), Page(limit=10))
        await adverts.sell(uow, [one.id for one in found])


async def test_a_house_that_advertises_to_nobody_asks_nothing(guest: Client, books: Books) -> None:
    page = await fill(guest, books)
    assert 'name="adverts"' not in page
    assert "We use your details for this order only." in page


async def test_the_box_is_empty_until_the_guest_ticks_it(guest: Client, books: Books) -> None:
    await advertise_to(books, Basis.AGREED)
    page = await fill(guest, books)
    box = page.partition('name="adverts"')[2].partition(">")[0]
    assert "checked" not in box
    again = (
        await guest.post(f"{HERE}/checkout/look", data={"hint": "asked", "adverts": "yes"})
    ).text
    assert 'name="adverts"' in again


@pytest.mark.parametrize(("ticked", "expected"), [({}, ALLOWED), ({"adverts": "yes"}, OBJECTED)])
async def test_who_buys_is_told_and_can_object_there(
    guest: Client, books: Books, ticked: dict[str, str], expected: str
) -> None:
    await advertise_to(books, Basis.CUSTOMERS)
    page = await fill(guest, books)
    assert "You can object at any time" in page
    assert "We use your details for this order only." not in page
    await order(guest, hint="told", **ticked)
    await hand_over(books)
    assert await verdict(books, ADA) == expected


async def test_who_was_shown_no_hint_was_not_told_whatever_the_house_sets_meanwhile(
    guest: Client, books: Books
) -> None:
    await fill(guest, books)
    await advertise_to(books, Basis.CUSTOMERS)
    await order(guest, adverts="yes")
    await hand_over(books)
    assert await verdict(books, ADA) == NEVER_AGREED
