"""A house with a tart, and a guest who fills in forms as a browser without script does."""

from __future__ import annotations

import re

from httpx import AsyncClient as Client
from httpx import Response

from kitchenasty.kit.books import Books
from kitchenasty.locations.tests.builders import add_house
from kitchenasty.menu.tests.builders import add_dish

HERE = "/at/mill-lane"
GUEST = {
    "order_type": "PICKUP",
    "when": "",
    "name": "Ada Guest",
    "phone": "030 1234567",
    "method": "CASH",
}
DELIVERY = {
    "order_type": "DELIVERY",
    "line1": "1 Canal Street",
    "city": "Berlin",
    "postal_code": "10115",
}


async def open_with_tart(books: Books, **house: object) -> str:
    async with books.writing() as uow:
        await add_house(uow, slug="mill-lane", **house)
        return await add_dish(uow, name="Leek Tart", stock=3)


async def fill_cart(guest: Client, dish_id: str, quantity: int = 2) -> None:
    await guest.post(f"{HERE}/cart", data={"dish": dish_id, "quantity": str(quantity)})


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found is not None, name
    return found[1]


async def open_checkout(guest: Client, **fields: str) -> dict[str, str]:
    """What a browser would send: the guest's words and the hidden fields of the page."""
    words = {**GUEST, **fields}
    page = (await guest.post(f"{HERE}/checkout/look", data=words)).text
    return {**words, "total": hidden(page, "total"), "key": hidden(page, "key")}


async def order(guest: Client, **fields: str) -> Response:
    return await guest.post(f"{HERE}/checkout", data=await open_checkout(guest, **fields))
